/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "watching.h"

#include <string.h>

static const struct attributes no_attributes = {
    .values = {"other", "other", "other", "other", "default", "no", "no", "no"},
};

static struct service services[] = {
    {.name = "netsc-prod", .port = 154, .note = "a rumour", .expects = ""},
    {.name = "netsc-dev", .port = 155, .note = "", .expects = ""},
    {.name = "netcp", .port = 395, .note = "", .expects = ""},
};

enum { SERVICES = sizeof services / sizeof services[0] };

static void collect(void *context, const struct finding *finding)
{
    struct watching *w = context;
    assert_true(w->count < WATCHING_FINDINGS_MAX);
    w->findings[w->count++] = *finding;
}

void watching_begin(struct watching *w, const char *const *settings)
{
    struct error error;
    size_t count = 0;
    while (settings && settings[count])
        count++;
    if (w->site.home.count == 0)
        w->site = site_default();
    for (size_t i = 0; i < SERVICES; i++)
        port_set_add(&w->rulebook.watched, services[i].port);
    const struct detectors_options options = {
        .site = &w->site,
        .rulebook = &w->rulebook,
        .baseline = w->baseline,
        .settings = settings,
        .setting_count = count,
        .key = {{1, 2}},
        .on_finding = collect,
        .context = w,
    };
    w->detectors = detectors_new(&options, &error);
    if (!w->detectors)
        fail_msg("%s", error.text);
}

void watching_end(struct watching *w)
{
    detectors_on_end(w->detectors, w->last_ns);
}

void watching_close(struct watching *w)
{
    detectors_free(w->detectors);
}

static struct endpoint endpoint(const char *word, const char *normal, uint16_t port)
{
    struct endpoint end = {.port = port};
    assert_true(address_parse(word ? word : normal, &end.address));
    return end;
}

static void fill_tcp(struct flow *flow, enum outcome outcome)
{
    static const struct {
        uint8_t there, back;
        enum connection_state state;
        const char *history;
    } shapes[] = {
        [ANSWERED] = {TCP_SYN | TCP_ACK | TCP_PSH, TCP_SYN | TCP_ACK | TCP_PSH, CONN_SF, "ShADdFf"},
        [SILENT] = {TCP_SYN, 0, CONN_S0, "S"},
        [REFUSED] = {TCP_SYN, TCP_RST | TCP_ACK, CONN_REJ, "Sr"},
        [HALF_OPEN] = {TCP_SYN, TCP_SYN | TCP_ACK, CONN_S1, "Sh"},
    };
    flow->sides[TO_RESPONDER].tcp_flags = shapes[outcome].there;
    flow->sides[TO_INITIATOR].tcp_flags = shapes[outcome].back;
    flow->state = shapes[outcome].state;
    memcpy(flow->history, shapes[outcome].history, strlen(shapes[outcome].history) + 1);
}

static void fill_sides(struct flow *flow, const struct talk *talk)
{
    struct flow_side *there = &flow->sides[TO_RESPONDER];
    struct flow_side *back = &flow->sides[TO_INITIATOR];
    there->packets = 1;
    back->packets = talk->outcome == SILENT ? 0 : 1;
    there->first_ns = back->first_ns = flow->first_ns;
    there->last_ns = back->last_ns = flow->last_ns;
    there->ttl_min = there->ttl_max = back->ttl_min = back->ttl_max = 64;
    if (talk->outcome == ANSWERED) {
        there->packets = back->packets = 6;
        there->payload_bytes = talk->sent ? talk->sent : 100;
        back->payload_bytes = talk->got ? talk->got : 100;
    } else if (talk->protocol == TRANSPORT_UDP) {
        there->payload_bytes = talk->sent ? talk->sent : 100;
    }
    there->payload_packets = there->payload_bytes > 0 ? 2 : 0;
    back->payload_packets = back->payload_bytes > 0 ? 2 : 0;
}

static const struct service *service_at(uint16_t port)
{
    for (size_t i = 0; i < SERVICES; i++) {
        if (services[i].port == port)
            return &services[i];
    }
    return NULL;
}

struct flow_record *watching_record(struct watching *w, const struct talk *talk)
{
    struct flow_record *record = &w->record;
    struct flow *flow = &record->flow;
    *record = (struct flow_record){.input = "test"};
    flow->initiator =
        endpoint(talk->client, "10.0.0.1", talk->client_port ? talk->client_port : 40000);
    flow->responder = endpoint(talk->server, "10.0.1.1", talk->port ? talk->port : 154);
    flow->key.protocol = talk->protocol ? talk->protocol : TRANSPORT_TCP;
    flow->orientation =
        flow->key.protocol == TRANSPORT_TCP ? ORIENTED_BY_SYN : ORIENTED_BY_WATCHED_PORT;
    flow->id = ++w->flow_ids;
    flow->first_ns = (int64_t)(talk->at_s * (double)NS_PER_S) + 1700000000 * NS_PER_S;
    flow->last_ns = flow->first_ns + (int64_t)(talk->lasts_s * (double)NS_PER_S);
    fill_sides(flow, talk);
    if (flow->key.protocol == TRANSPORT_TCP)
        fill_tcp(flow, talk->outcome);
    flow->is_watched = port_set_has(&w->rulebook.watched, flow->initiator.port) ||
                       port_set_has(&w->rulebook.watched, flow->responder.port);
    record->classification.assigned = service_at(flow->responder.port);
    record->classification.attributes = &no_attributes;
    record->classification.verdict =
        flow_payload_bytes(flow) > 0 ? VERDICT_UNVERIFIED : VERDICT_EMPTY;
    record->due_ns = flow->last_ns;
    return record;
}

void watching_show(struct watching *w)
{
    if (w->record.flow.last_ns > w->last_ns)
        w->last_ns = w->record.flow.last_ns;
    detectors_on_flow(w->detectors, &w->record);
}

void watching_talk(struct watching *w, const struct talk *talk)
{
    watching_record(w, talk);
    watching_show(w);
}

size_t watching_count(const struct watching *w, const char *detector)
{
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++)
        count += strcmp(w->findings[i].detector, detector) == 0;
    return count;
}

const struct finding *watching_find(const struct watching *w, const char *detector)
{
    for (size_t i = 0; i < w->count; i++) {
        if (strcmp(w->findings[i].detector, detector) == 0)
            return &w->findings[i];
    }
    return NULL;
}
