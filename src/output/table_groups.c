/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_groups.h"

#include "base/memory.h"
#include "model/payload_profile.h"
#include "output/record_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned verdict_interest(enum verdict verdict)
{
    static const unsigned char interest[VERDICTS] = {
        [VERDICT_MASQUERADE] = 6, [VERDICT_UNVERIFIED] = 5, [VERDICT_GUESS] = 4,
        [VERDICT_UNASSIGNED] = 3, [VERDICT_STRAY] = 2,      [VERDICT_EMPTY] = 1,
        [VERDICT_CONFIRMED] = 0,
    };
    return interest[verdict];
}

static void init_topics(struct topic_map *topics)
{
    bounded_map_init(&topics->map, TOPICS_MAX, sizeof(struct topic), sizeof(struct topic_key));
}

void groups_init(struct groups *groups)
{
    memset(groups, 0, sizeof *groups);
    init_topics(&groups->watched);
    init_topics(&groups->elsewhere);
    bounded_map_init(&groups->pairs, PAIRS_MAX, sizeof(struct pair), sizeof(struct pair_key));
}

void groups_reset(struct groups *groups)
{
    bounded_map_reset(&groups->watched.map);
    bounded_map_reset(&groups->elsewhere.map);
    bounded_map_reset(&groups->pairs);
}

static struct service_line *find_service(struct groups *groups, const struct service *service)
{
    for (size_t i = 0; i < groups->service_count; i++) {
        const struct service *known = groups->services[i].service;
        if (known == service || (known && service && known->port == service->port &&
                                 strcmp(known->name, service->name) == 0))
            return &groups->services[i];
    }
    if (groups->service_count == SERVICES_MAX)
        return &groups->other_services;
    groups->services[groups->service_count].service = service;
    return &groups->services[groups->service_count++];
}

static void count_service(struct groups *groups, const struct flow_record *record)
{
    const struct flow *flow = &record->flow;
    struct service_line *line = find_service(groups, record->classification.assigned);
    line->flows++;
    line->wire_bytes += flow->sides[TO_RESPONDER].wire_bytes + flow->sides[TO_INITIATOR].wire_bytes;
    line->verdicts[record->classification.verdict]++;
}

static struct topic_key topic_key_of(const struct flow_record *record)
{
    const struct service *service = record->classification.assigned;
    struct topic_key key;
    memset(&key, 0, sizeof key);
    key.verdict = record->classification.verdict;
    if (record->flow.is_watched) {
        key.protocol = record->flow.key.protocol;
        key.port = service ? service->port : record->flow.responder.port;
    }
    if (service)
        snprintf(key.service, sizeof key.service, "%s", service->name);
    snprintf(key.application, sizeof key.application, "%s", record->detection.name);
    if (key.verdict == VERDICT_UNVERIFIED)
        key.fingerprint = payload_profile_of(&record->flow).fingerprint;
    return key;
}

static void add_quoted(struct text *note, const char *label, const char *string)
{
    if (string[0] == '\0')
        return;
    text_add(note, note->length > 0 ? ", " : "");
    text_add(note, label);
    text_add_char(note, ' ');
    text_add_printable(note, span_of(string));
}

static void add_first_bytes(struct text *note, const char *label, struct span bytes)
{
    if (bytes.length == 0)
        return;
    text_add(note, note->length > 0 ? ", " : "");
    text_add(note, label);
    text_add(note, " \"");
    text_add_printable(note, bytes);
    text_add_char(note, '"');
}

static void add_form(struct text *note, const char *label, const struct direction_profile *side)
{
    char words[PROFILE_TEXT_SIZE];
    direction_profile_text(side, words);
    if (words[0] == '\0')
        return;
    text_add(note, note->length > 0 ? ", " : "");
    text_addf(note, "%s (%s)", label, words);
}

/* Flows of one form are one topic: its heading counts them. */
static void add_profile(struct text *note, const struct topic *topic,
                        const struct flow_record *record)
{
    struct payload_profile profile = payload_profile_of(&record->flow);
    if (topic->key.fingerprint == 0)
        return;
    add_form(note, "form to server", &profile.sides[TO_RESPONDER]);
    add_form(note, "form to client", &profile.sides[TO_INITIATOR]);
    text_addf(note, ", fingerprint %016" PRIx64, profile.fingerprint);
}

/* What the payload of a topic's first flow says about itself: its own names, or how it begins. */
static void take_note(struct topic *topic, const struct flow_record *record)
{
    const struct detection *detection = &record->detection;
    struct text note = {0};
    add_quoted(&note, "host", detection->hostname);
    add_quoted(&note, "client", detection->ssh_client);
    add_quoted(&note, "server", detection->ssh_server);
    add_quoted(&note, "user agent", detection->user_agent);
    add_quoted(&note, "JA4", detection->ja4_client);
    if (note.length == 0) {
        add_first_bytes(&note, "to server", first_bytes(&record->flow, TO_RESPONDER));
        add_first_bytes(&note, "to client", first_bytes(&record->flow, TO_INITIATOR));
        add_profile(&note, topic, record);
    }
    snprintf(topic->note, sizeof topic->note, "%s", text_words(&note));
    text_free(&note);
}

static struct topic *find_topic(struct topic_map *topics, const struct flow_record *record)
{
    struct topic_key key = topic_key_of(record);
    struct topic *topic = bounded_map_find_or_add(&topics->map, &key);
    if (topic && topic->flows == 0) {
        topic->number = (uint32_t)topics->map.count;
        memcpy(topic->why, record->classification.why, sizeof topic->why);
        topic->why_count = record->classification.why_count;
        take_note(topic, record);
    }
    return topic;
}

static void count_pair(struct groups *groups, struct topic *topic, const struct flow_record *record)
{
    const struct flow *flow = &record->flow;
    struct pair_key key;
    memset(&key, 0, sizeof key);
    key.topic = topic->number;
    key.port = flow->responder.port;
    key.initiator = flow->initiator.address;
    key.responder = flow->responder.address;
    struct pair *pair = bounded_map_find_or_add(&groups->pairs, &key);
    if (!pair) {
        topic->untold_flows++;
        return;
    }
    if (pair->flows++ == 0) {
        pair->first_ns = flow->first_ns;
        topic->pairs++;
    }
    if (flow->first_ns < pair->first_ns)
        pair->first_ns = flow->first_ns;
    pair->payload_bytes += flow_payload_bytes(flow);
}

void groups_add(struct groups *groups, const struct flow_record *record)
{
    bool is_watched = record->flow.is_watched;
    struct topic_map *topics = is_watched ? &groups->watched : &groups->elsewhere;
    if (groups->input[0] == '\0')
        text_printable(record->input ? record->input : "", groups->input, sizeof groups->input);
    for (unsigned bit = 0; bit < 32; bit++)
        groups->marks[bit] += record->flow.marks >> bit & 1;
    count_service(groups, record);

    topics->flows++;
    struct topic *topic = find_topic(topics, record);
    if (!topic) {
        topics->untold_flows++;
        return;
    }
    topic->flows++;
    topic->payload_bytes += flow_payload_bytes(&record->flow);
    if (is_watched && verdict_interest(topic->key.verdict) > 0)
        count_pair(groups, topic, record);
}

static int descending(uint64_t a, uint64_t b)
{
    return a < b ? 1 : a > b ? -1 : 0;
}

static int compare_topics(const void *left, const void *right)
{
    const struct topic *a = *(const struct topic *const *)left;
    const struct topic *b = *(const struct topic *const *)right;
    int order = descending(verdict_interest(a->key.verdict), verdict_interest(b->key.verdict));
    if (order == 0)
        order = descending(a->payload_bytes, b->payload_bytes);
    if (order == 0)
        order = descending(a->flows, b->flows);
    return order != 0 ? order : a->number < b->number ? -1 : 1;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = *(const struct pair *const *)left;
    const struct pair *b = *(const struct pair *const *)right;
    int order = descending(a->payload_bytes, b->payload_bytes);
    if (order == 0)
        order = descending(a->flows, b->flows);
    return order != 0 ? order : a < b ? -1 : 1; /* they stand in order of arrival */
}

static int compare_services(const void *left, const void *right)
{
    const struct service_line *a = *(const struct service_line *const *)left;
    const struct service_line *b = *(const struct service_line *const *)right;
    int order = descending(a->flows, b->flows);
    return order != 0 ? order : a < b ? -1 : 1;
}

const struct topic **topics_sorted(const struct topic_map *topics, size_t *count)
{
    const struct topic *all = (const struct topic *)(const void *)topics->map.items;
    const struct topic **list = memory_new(topics->map.count + 1, sizeof *list);
    *count = topics->map.count;
    for (size_t i = 0; i < *count; i++)
        list[i] = &all[i];
    qsort(list, *count, sizeof *list, compare_topics);
    return list;
}

const struct service_line **services_sorted(const struct groups *groups)
{
    const struct service_line **list = memory_new(groups->service_count + 1, sizeof *list);
    for (size_t i = 0; i < groups->service_count; i++)
        list[i] = &groups->services[i];
    qsort(list, groups->service_count, sizeof *list, compare_services);
    return list;
}

const struct pair **pairs_sorted(const struct groups *groups, const struct topic *topic,
                                 size_t *count)
{
    const struct pair *pairs = (const struct pair *)(const void *)groups->pairs.items;
    const struct pair **list = memory_new(topic->pairs + 1, sizeof *list);
    *count = 0;
    for (size_t i = 0; i < groups->pairs.count; i++) {
        if (pairs[i].key.topic == topic->number)
            list[(*count)++] = &pairs[i];
    }
    qsort(list, *count, sizeof *list, compare_pairs);
    return list;
}
