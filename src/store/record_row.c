/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record_row.h"

#include "base/siphash.h"
#include "model/payload_profile.h"

#include <inttypes.h>
#include <stdio.h>

void row_words_free(struct row_words *words)
{
    struct text *const all[] = {&words->why,   &words->risks, &words->marks,   &words->metadata,
                                &words->vlans, &words->hosts, &words->flow_ids};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        text_free(all[i]);
}

static void add_word(struct text *text, const char *word)
{
    if (text->length > 0)
        text_add_char(text, ' ');
    text_add(text, word);
}

static const char *marks_of(uint32_t marks, struct text *text)
{
    text_clear(text);
    for (uint32_t rest = marks; rest; rest &= rest - 1) {
        const char *name = flow_mark_name(rest & (0 - rest));
        if (name)
            add_word(text, name);
    }
    return text_words(text);
}

static const char *risks_of(uint64_t risks, struct text *text)
{
    text_clear(text);
    for (unsigned id = 0; id < 64 && risks >> id; id++) {
        const char *name = risks >> id & 1 ? risk_name(id) : NULL;
        if (name)
            add_word(text, name);
        else if (risks >> id & 1)
            text_addf(text, "%srisk-%u", text->length > 0 ? " " : "", id);
    }
    return text_words(text);
}

static const char *lines_of(const char *lines, size_t count, size_t size, struct text *text)
{
    text_clear(text);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_add_char(text, '\n');
        text_add(text, lines + i * size);
    }
    return text_words(text);
}

static const char *vlans_of(const struct flow_key *key, struct text *text)
{
    text_clear(text);
    for (size_t i = 0; i < key->vlan_count; i++) {
        if (i > 0)
            text_add_char(text, ' ');
        text_add_u64(text, key->vlans[i]);
    }
    return text_words(text);
}

static const char *tunnel_of(const struct tunnel *tunnel, char *out, size_t size)
{
    out[0] = '\0';
    if (tunnel->kind != TUNNEL_NONE)
        snprintf(out, size, "%s %" PRIu64, tunnel_name(tunnel->kind), (uint64_t)tunnel->id);
    return out;
}

static const char *hex_of(const struct flow_record *record, enum flow_direction direction,
                          char out[2 * FLOW_FIRST_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    const struct flow_sample *sample = record->flow.sample;
    size_t length = sample ? sample->length[direction] : 0;
    if (length > FLOW_FIRST_BYTES)
        length = FLOW_FIRST_BYTES;
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[sample->bytes[direction][i] >> 4];
        out[2 * i + 1] = digits[sample->bytes[direction][i] & 15];
    }
    out[2 * length] = '\0';
    return out;
}

static void add_metadata(struct text *text, const char *key, const char *value)
{
    if (value[0] == '\0')
        return;
    text_addf(text, "%s\"%s\":\"", text->length > 0 ? "," : "{", key);
    text_add_json(text, span_of(value));
    text_add_char(text, '"');
}

/* What can be said of payload that has no name, or none that can be relied on. */
static void add_profile(struct text *text, const struct flow *flow)
{
    char words[PROFILE_TEXT_SIZE];
    struct payload_profile profile = payload_profile_of(flow);
    if (profile.fingerprint == 0)
        return;
    snprintf(words, sizeof words, "%016" PRIx64, profile.fingerprint);
    add_metadata(text, "fingerprint", words);
    snprintf(words, sizeof words, "%.3f", payload_entropy(flow));
    add_metadata(text, "entropy", words);
    add_metadata(text, "form_there", direction_profile_text(&profile.sides[TO_RESPONDER], words));
    add_metadata(text, "form_back", direction_profile_text(&profile.sides[TO_INITIATOR], words));
}

/* What is seldom there, in one column. */
static const char *metadata_of(const struct flow_record *record, struct text *text)
{
    const struct detection *detection = &record->detection;
    const struct {
        const char *key, *value;
    } all[] = {
        {"user_agent", detection->user_agent},     {"url", detection->url},
        {"ssh_client", detection->ssh_client},     {"ssh_server", detection->ssh_server},
        {"tls_version", detection->tls_version},   {"ja3", detection->ja3_client},
        {"ja3s", detection->ja3_server},           {"ja4", detection->ja4_client},
        {"hassh_client", detection->hassh_client}, {"hassh_server", detection->hassh_server},
        {"ndpi_category", detection->category},    {"why", detection->why},
    };
    text_clear(text);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        add_metadata(text, all[i].key, all[i].value);
    if (record->classification.verdict == VERDICT_GUESS || !detection_is_named(detection))
        add_profile(text, &record->flow);
    if (text->length > 0)
        text_add_char(text, '}');
    return text_words(text);
}

static const char *detected_id_of(const struct detection *detection, char *out, size_t size)
{
    bool is_two = detection->master_id > 0 && detection->application_id > 0 &&
                  detection->application_id != detection->master_id;
    unsigned first = detection->master_id > 0 ? detection->master_id : detection->application_id;
    out[0] = '\0';
    if (is_two)
        snprintf(out, size, "%u.%u", first, (unsigned)detection->application_id);
    else if (first > 0)
        snprintf(out, size, "%u", first);
    return out;
}

static void set_sides(struct store_flow *row, const struct flow *flow)
{
    const struct flow_side *there = &flow->sides[TO_RESPONDER];
    const struct flow_side *back = &flow->sides[TO_INITIATOR];
    row->packets_there = there->packets;
    row->packets_back = back->packets;
    row->bytes_there = there->wire_bytes;
    row->bytes_back = back->wire_bytes;
    row->payload_there = there->payload_bytes;
    row->payload_back = back->payload_bytes;
    row->tcp_flags_there = there->tcp_flags;
    row->tcp_flags_back = back->tcp_flags;
}

static void set_classification(struct store_flow *row, const struct classification *found,
                               struct row_words *words)
{
    row->service = found->assigned ? found->assigned->name : "";
    row->application = found->application;
    row->application_id = application_id_text(found->application_id, words->application_id);
    row->category = found->attributes->values[ATTRIBUTE_CATEGORY];
    row->traffic_class = found->attributes->values[ATTRIBUTE_TRAFFIC_CLASS];
    row->business_relevance = found->attributes->values[ATTRIBUTE_BUSINESS_RELEVANCE];
    row->verdict = verdict_name(found->verdict);
    row->port_side = port_side_name(found->port_side);
    row->why = lines_of(found->why[0], found->why_count, sizeof found->why[0], &words->why);
}

static void set_detection(struct store_flow *row, const struct detection *detection,
                          struct row_words *words)
{
    row->detected = detection->name;
    row->detected_id = detected_id_of(detection, words->detected_id, sizeof words->detected_id);
    row->confidence = confidence_name(detection->confidence);
    row->evidence = evidence_name(detection->evidence);
    row->risks = risks_of(detection->risks, &words->risks);
    row->hostname = detection->hostname;
}

struct store_flow row_of_record(const struct flow_record *record, struct row_words *words)
{
    const struct flow *flow = &record->flow;
    struct store_flow row = {
        .flow_id = flow->id,
        .first_ns = flow->first_ns,
        .last_ns = flow->last_ns,
        .probe = "",
        .input = record->input ? record->input : "",
        .initiator = flow->initiator.address,
        .responder = flow->responder.address,
        .initiator_port = flow->initiator.port,
        .responder_port = flow->responder.port,
        .protocol = flow->key.protocol,
        .marks = marks_of(flow->marks, &words->marks),
        .conn_state = flow->key.protocol == TRANSPORT_TCP ? connection_state_name(flow->state) : "",
        .end_reason = flow_end_name(flow->end),
        .history = flow->history,
        .first_there = hex_of(record, TO_RESPONDER, words->first_there),
        .first_back = hex_of(record, TO_INITIATOR, words->first_back),
        .vlans = vlans_of(&flow->key, &words->vlans),
        .tunnel = tunnel_of(&flow->key.tunnel, words->tunnel, sizeof words->tunnel),
    };
    set_sides(&row, flow);
    set_classification(&row, &record->classification, words);
    set_detection(&row, &record->detection, words);
    row.metadata = metadata_of(record, &words->metadata);
    return row;
}

const char *store_finding_id(const struct store_finding *row, uint64_t key, const char *more,
                             char out[STORE_FINDING_ID_SIZE])
{
    /* Fixed, because ids are kept. */
    static const struct siphash_key fixed = {{0x706f727473636f70, 0x2d66696e64696e67}};
    struct text text = {0};
    text_addf(&text, "%s\n%" PRIu64 "\n%s\n%s\n%s", row->detector, key, row->display_filter,
              row->capture_filter, more);
    uint64_t hash = siphash(&fixed, text.data, text.length);
    text_free(&text);
    snprintf(out, STORE_FINDING_ID_SIZE, "%016" PRIx64, hash);
    return out;
}

static const char *hosts_of(const struct finding *finding, struct text *text)
{
    char words[ADDRESS_TEXT_SIZE];
    text_clear(text);
    for (size_t i = 0; i < finding->host_count; i++)
        add_word(text, address_text(&finding->hosts[i], words));
    return text_words(text);
}

static const char *flow_ids_of(const struct finding *finding, struct text *text)
{
    text_clear(text);
    if (finding->has_flow)
        text_add_u64(text, finding->flow_id);
    for (size_t i = 0; i < finding->example_flow_count; i++) {
        if (finding->has_flow && finding->example_flows[i] == finding->flow_id)
            continue;
        if (text->length > 0)
            text_add_char(text, ' ');
        text_add_u64(text, finding->example_flows[i]);
    }
    return text_words(text);
}

static const char *flow_of(const struct finding *finding, char *out, size_t size)
{
    char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE], number[8];
    const char *transport = transport_name(finding->protocol);
    snprintf(number, sizeof number, "%u", (unsigned)finding->protocol);
    out[0] = '\0';
    if (finding->has_flow)
        snprintf(out, size, "%s %s port %u to %s port %u", transport ? transport : number,
                 address_text(&finding->initiator.address, from), (unsigned)finding->initiator.port,
                 address_text(&finding->responder.address, to), (unsigned)finding->responder.port);
    return out;
}

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

struct store_finding row_of_finding(const struct finding *finding, struct row_words *words)
{
    struct store_finding row = {
        .run = "",
        .probe = "",
        .detector = finding->detector,
        .signature_id = finding->signature_id,
        .severity = finding->severity,
        .confidence = finding->confidence,
        .title = finding->title,
        .why = lines_of(finding->why[0], finding->why_count, sizeof finding->why[0], &words->why),
        .next = or_empty(finding->next),
        .attack_id = or_empty(finding->attack_id),
        .attack_name = or_empty(finding->attack_name),
        .count = finding->count,
        .first_ns = finding->first_ns,
        .last_ns = finding->last_ns,
        .hosts = hosts_of(finding, &words->hosts),
        .hosts_total = finding->hosts_total,
        .service = or_empty(finding->service),
        .flow = flow_of(finding, words->flow, sizeof words->flow),
        .flow_ids = flow_ids_of(finding, &words->flow_ids),
        .display_filter = finding->display_filter,
        .capture_filter = finding->capture_filter,
        .evidence_file = finding->evidence_file,
        .acknowledged_by = "",
        .comment = "",
    };
    row.id = store_finding_id(&row, finding->key, "", words->finding_id);
    return row;
}

struct store_run row_of_totals(const struct totals *totals)
{
    const struct capture_totals *capture = &totals->capture;
    struct store_run row = {
        .run = "",
        .probe = "",
        .is_live = capture->is_live,
        .first_ns = capture->first_ns,
        .last_ns = capture->last_ns,
        .packets = capture->packets_read,
        .bytes = capture->bytes_read,
        .decoded = capture->decoded,
        .filtered = capture->filtered,
        .malformed = capture->malformed,
        .not_ip = capture->not_ip,
        .unsupported = capture->unsupported_link,
        .dropped = capture->kernel_dropped + capture->unread,
        .flows = totals->flows_recorded,
        .inputs = capture->inputs,
        .damaged = capture->inputs_damaged,
    };
    if (capture->interface_dropped > 0)
        row.dropped += (uint64_t)capture->interface_dropped;
    for (size_t i = 0; i < LIMITS; i++)
        row.limits_hit += totals->limits_hit[i];
    return row;
}
