/* SPDX-License-Identifier: Apache-2.0
 *
 * The overview: sums, a timeline, groups, probes, and what the rules assign.
 */
#include "review/serve/inquiry.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "output/json.h"
#include "review/serve/row_json.h"

#include <stdio.h>
#include <stdlib.h>

enum { SERVICES_MAX = 500 };

static bool add_sums(void *context, const struct store_group *group)
{
    struct text *json = context;
    json_begin(json, "totals", '{');
    sums_json(json, group);
    json_end(json, '}');
    return false;
}

struct grouped {
    struct text *json;
    const struct store_grouping *grouping;
};

static bool add_group(void *context, const struct store_group *group)
{
    const struct grouped *grouped = context;
    json_begin(grouped->json, NULL, '{');
    for (size_t i = 0; i < grouped->grouping->key_count; i++)
        json_string(grouped->json, store_key_name(grouped->grouping->keys[i]),
                    span_of(group->keys[i]));
    sums_json(grouped->json, group);
    json_end(grouped->json, '}');
    return true;
}

struct finding_counts {
    uint64_t open[SEVERITIES], acknowledged;
};

static bool count_finding(void *context, const struct store_finding *finding)
{
    struct finding_counts *counts = context;
    if (finding->is_acknowledged)
        counts->acknowledged++;
    else
        counts->open[finding->severity]++;
    return true;
}

static bool add_finding_counts(struct inquiry *inquiry, struct error *error)
{
    struct finding_counts counts = {0};
    if (!store_findings(inquiry->store, &inquiry->filter, count_finding, &counts, error))
        return false;
    json_begin(inquiry->json, "findings", '{');
    for (enum severity severity = 0; severity < SEVERITIES; severity++)
        json_number(inquiry->json, severity_name(severity), counts.open[severity]);
    json_number(inquiry->json, "acknowledged", counts.acknowledged);
    json_end(inquiry->json, '}');
    return true;
}

bool answer_summary(struct inquiry *inquiry, struct error *error)
{
    const struct store_grouping one = {.key_count = 0};
    const struct store_grouping services = {.keys = {STORE_BY_SERVICE, STORE_BY_VERDICT},
                                            .key_count = 2,
                                            .page = {.limit = SERVICES_MAX}};
    struct grouped grouped = {inquiry->json, &services};
    int64_t last_review_ns = 0;
    json_begin(inquiry->json, NULL, '{');
    if (!store_groups(inquiry->store, &inquiry->filter, &one, add_sums, inquiry->json, error))
        return false;
    json_begin(inquiry->json, "services", '[');
    if (!store_groups(inquiry->store, &inquiry->filter, &services, add_group, &grouped, error))
        return false;
    json_end(inquiry->json, ']');
    if (!add_finding_counts(inquiry, error) ||
        !store_last_review(inquiry->store, &last_review_ns, error))
        return false;
    time_json(inquiry->json, "last_review", last_review_ns);
    json_end(inquiry->json, '}');
    return true;
}

static bool read_keys(struct inquiry *inquiry, struct store_grouping *grouping, struct error *error)
{
    const char *words = inquiry_parameter(inquiry, PARAMETER_BY);
    char shown[80];
    if (!words)
        words = "service";
    while (*words != '\0') {
        size_t length = strcspn(words, ",");
        char *word = memory_string_n(words, length);
        bool is_key = grouping->key_count < STORE_KEYS &&
                      store_key_parse(word, &grouping->keys[grouping->key_count]) &&
                      grouping->keys[grouping->key_count] != STORE_BY_TIME;
        grouping->key_count += is_key;
        text_printable(word, shown, sizeof shown);
        free(word);
        if (!is_key)
            return inquiry_refuse(inquiry, 400, error,
                                  "by: '%s' is not service, verdict, application, probe, initiator "
                                  "or responder, each once",
                                  shown);
        words += length;
        words += *words == ',';
    }
    return true;
}

bool answer_groups(struct inquiry *inquiry, struct error *error)
{
    struct store_grouping grouping = {.page = {.by = inquiry->sort,
                                               .is_ascending = inquiry->is_ascending,
                                               .limit = inquiry->limit}};
    struct grouped grouped = {inquiry->json, &grouping};
    if (!read_keys(inquiry, &grouping, error))
        return false;
    json_begin(inquiry->json, NULL, '{');
    json_begin(inquiry->json, "groups", '[');
    if (!store_groups(inquiry->store, &inquiry->filter, &grouping, add_group, &grouped, error))
        return false;
    json_end(inquiry->json, ']');
    json_end(inquiry->json, '}');
    return true;
}

static bool add_run(void *context, const struct store_run *run)
{
    struct text *json = context;
    json_begin(json, NULL, '{');
    row_json(json, TABLE_RUN, run, NULL);
    json_end(json, '}');
    return true;
}

bool answer_probes(struct inquiry *inquiry, struct error *error)
{
    json_begin(inquiry->json, NULL, '{');
    json_begin(inquiry->json, "runs", '[');
    if (!store_runs(inquiry->store, &inquiry->filter, add_run, inquiry->json, error))
        return false;
    json_end(inquiry->json, ']');
    json_end(inquiry->json, '}');
    return true;
}

static void add_transports(struct text *json, uint8_t transports)
{
    static const struct {
        uint8_t bit;
        const char *name;
    } names[] = {
        {SERVICE_TCP, "TCP"}, {SERVICE_UDP, "UDP"}, {SERVICE_SCTP, "SCTP"}, {SERVICE_DCCP, "DCCP"}};
    json_begin(json, "transports", '[');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (transports & names[i].bit)
            json_word(json, NULL, names[i].name);
    }
    json_end(json, ']');
}

static void add_service(struct text *json, const struct service *service)
{
    const struct {
        const char *key, *words;
    } facts[] = {
        {"name", service->name},
        {"display_name", service->display_name},
        {"description", service->description},
        {"expects", service->expects},
        {"assignee", service->assignee},
        {"registered", service->registered},
        {"history", service->history},
        {"scans", service->scans},
        {"advice", service->advice},
        {"note", service->note},
        {"aliases", service->aliases},
        {"defined_at", service->defined_at},
    };
    char id[APPLICATION_ID_TEXT_SIZE];
    json_begin(json, NULL, '{');
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        json_string(json, facts[i].key, span_of(facts[i].words));
    json_number(json, "port", service->port);
    json_number(json, "legacy_port", service->legacy_port);
    add_transports(json, service->transports);
    json_word(json, "application_id", application_id_text(service->application_id, id));
    json_word(json, "source", provenance_name(service->source));
    json_bool(json, "is_watched", service->is_watched);
    json_begin(json, "attributes", '{');
    for (enum attribute attribute = 0; attribute < ATTRIBUTES; attribute++)
        json_string(json, attribute_name(attribute),
                    span_of(service->attributes.values[attribute]));
    json_end(json, '}');
    json_end(json, '}');
}

bool answer_rules(struct inquiry *inquiry, struct error *error)
{
    (void)error;
    json_begin(inquiry->json, NULL, '{');
    json_begin(inquiry->json, "services", '[');
    for (size_t i = 0; i < inquiry->rulebook->service_count; i++)
        add_service(inquiry->json, &inquiry->rulebook->services[i]);
    json_end(inquiry->json, ']');
    json_end(inquiry->json, '}');
    return true;
}
