/* SPDX-License-Identifier: Apache-2.0
 *
 * Flow records, page by page. By time they are looked for in slices of time, from one end to the
 * other, until the page is full or a person would begin to wait: the answer then says how far it
 * looked, and where to go on. So a rare word among ten million flows is answered at once, too.
 */
#include "review/serve/inquiry.h"

#include "base/timestamp.h"
#include "output/json.h"
#include "review/flow_words.h"
#include "review/serve/row_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTE_NS (60 * NS_PER_S)
#define PATIENCE_NS (60 * NS_PER_MS) /* since the request came: then what there is is answered */
#define QUICK_NS (20 * NS_PER_MS)    /* a slice that took less may be followed by a longer one */
#define SLICE_MAX_NS (100000 * 1440 * MINUTE_NS)
#define TIME_MAX_NS                                                                                \
    (INT64_MAX / MINUTE_NS * MINUTE_NS - MINUTE_NS) /* a whole minute, and one more */

/* What a list shows; one flow has everything. */
static const char *const brief[] = {
    "flow_id",        "first_ns",     "last_ns",     "initiator",   "initiator_port", "responder",
    "responder_port", "protocol",     "service",     "application", "verdict",        "detected",
    "packets_there",  "packets_back", "bytes_there", "bytes_back",  "conn_state",     "end_reason",
    "hostname",       "probe",        "marks",       NULL};

struct listing {
    struct inquiry *inquiry;
    struct store_position position;
    uint64_t found;
};

static bool add_flow(void *context, const struct store_flow *flow)
{
    struct listing *listing = context;
    struct text *json = listing->inquiry->json;
    store_position_move(&listing->position, listing->inquiry->sort, flow);
    listing->found++;
    json_begin(json, NULL, '{');
    row_json(json, TABLE_FLOW, flow, brief);
    json_end(json, '}');
    return true;
}

enum { POSITION_NUMBERS = 5 };

/* "MEASURE.FIRST.LAST.ID.EQUALS": what `next` was, without meaning for whoever sends it back. */
static bool read_position(struct inquiry *inquiry, struct store_position *out, struct error *error)
{
    const char *word = inquiry_parameter(inquiry, PARAMETER_AFTER);
    int64_t numbers[POSITION_NUMBERS] = {0};
    for (size_t i = 0; word && i < POSITION_NUMBERS; i++) {
        char *end;
        errno = 0;
        numbers[i] = strtoll(word, &end, 10);
        bool is_last = i + 1 == POSITION_NUMBERS;
        if (end == word || errno != 0 || *end != (is_last ? '\0' : '.') || numbers[i] < 0)
            return inquiry_refuse(inquiry, 400, error, "after: write what was given as next");
        word = end + 1;
    }
    *out = (struct store_position){.measure = numbers[0],
                                   .first_ns = numbers[1],
                                   .last_ns = numbers[2],
                                   .flow_id = (uint64_t)numbers[3],
                                   .equals = (uint64_t)numbers[4]};
    return true;
}

static void add_next(struct text *json, const struct store_position *position)
{
    char words[128];
    snprintf(words, sizeof words, "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRIu64 ".%" PRIu64,
             position->measure, position->first_ns, position->last_ns, position->flow_id,
             position->equals);
    json_word(json, "next", words);
}

/* The next `limit` of those that the filter finds. */
static bool ask(struct listing *listing, const struct store_filter *filter, bool goes_on,
                struct error *error)
{
    struct inquiry *inquiry = listing->inquiry;
    const struct store_position after = listing->position;
    const struct store_page page = {.by = inquiry->sort,
                                    .is_ascending = inquiry->is_ascending,
                                    .limit = inquiry->limit - listing->found,
                                    .after = goes_on ? &after : NULL};
    return store_flows(inquiry->store, filter, &page, add_flow, listing, error);
}

static bool keep_first(void *context, const struct store_flow *flow)
{
    *(int64_t *)context = flow->first_ns;
    return false;
}

struct span_ns {
    int64_t begin, end; /* whole minutes; nothing is to be found before and from then on */
};

/* Where there can be flows: between the oldest and the newest, and what is asked for. */
static bool find_span(struct inquiry *inquiry, struct span_ns *out, struct error *error)
{
    const struct store_filter everything = {0};
    struct store_page page = {.by = STORE_FIRST, .limit = 1};
    int64_t newest = -1, oldest = 0, begin, end;
    if (!store_flows(inquiry->store, &everything, &page, keep_first, &newest, error))
        return false;
    page.is_ascending = true;
    if (!store_flows(inquiry->store, &everything, &page, keep_first, &oldest, error))
        return false;
    store_filter_span(&inquiry->filter, &begin, &end);
    oldest = oldest > 0 ? oldest / MINUTE_NS * MINUTE_NS : 0;
    newest = newest < TIME_MAX_NS ? (newest / MINUTE_NS + 1) * MINUTE_NS : TIME_MAX_NS;
    *out = (struct span_ns){begin > oldest ? begin : oldest, end < newest ? end : newest};
    return true;
}

/* The filter's times are whole minutes, `until` the minute's beginning; 0 means no bound, which is
 * also right for the first minute of 1970. */
static bool ask_slice(struct listing *listing, const struct span_ns *slice, bool goes_on,
                      struct error *error)
{
    struct store_filter filter = listing->inquiry->filter;
    filter.since_ns = slice->begin;
    filter.until_ns = slice->end;
    return ask(listing, &filter, goes_on, error);
}

static struct span_ns next_slice(const struct span_ns *left, int64_t length_ns, bool is_ascending)
{
    struct span_ns slice = *left;
    if (left->end - left->begin <= length_ns)
        return slice;
    if (is_ascending)
        slice.end = slice.begin + length_ns;
    else
        slice.begin = slice.end - length_ns;
    return slice;
}

/* Cuts what lies beyond the position, which may be anything: it came from outside. */
static void go_to(struct span_ns *left, const struct store_position *position, bool is_ascending)
{
    int64_t minute = position->measure / MINUTE_NS * MINUTE_NS;
    if (is_ascending && minute > left->begin)
        left->begin = minute;
    if (!is_ascending && position->measure < left->end)
        left->end = minute + MINUTE_NS;
}

/* Looks at slices until the page is full, nothing is left, or the patience is used up; at one at
 * least, so that every answer leads on. */
static bool look(struct listing *listing, struct span_ns *left, bool goes_on, struct error *error)
{
    struct inquiry *inquiry = listing->inquiry;
    int64_t length_ns = MINUTE_NS, now_ns = inquiry->now_ns();
    int64_t until_ns = inquiry->came_ns + PATIENCE_NS;
    while (left->begin < left->end) {
        struct span_ns slice = next_slice(left, length_ns, inquiry->is_ascending);
        if (!ask_slice(listing, &slice, goes_on || listing->found > 0, error))
            return false;
        if (inquiry->is_ascending)
            left->begin = slice.end;
        else
            left->end = slice.begin;
        int64_t then_ns = now_ns;
        now_ns = inquiry->now_ns();
        if (listing->found == inquiry->limit || now_ns >= until_ns)
            break;
        if (now_ns - then_ns < QUICK_NS && length_ns < SLICE_MAX_NS)
            length_ns *= 2;
        else if (now_ns - then_ns > 2 * QUICK_NS && length_ns > MINUTE_NS)
            length_ns /= 2;
    }
    return true;
}

static void end_of_slices(const struct listing *listing, const struct span_ns *left)
{
    const struct inquiry *inquiry = listing->inquiry;
    bool is_full = listing->found == inquiry->limit;
    bool is_over = left->begin >= left->end;
    int64_t edge_ns = inquiry->is_ascending ? left->begin : left->end;
    /* From there on everything, which is a position before any record of that time. */
    const struct store_position edge = {.measure = inquiry->is_ascending ? edge_ns : edge_ns - 1};
    json_end(inquiry->json, ']');
    if (is_full)
        add_next(inquiry->json, &listing->position);
    else if (!is_over)
        add_next(inquiry->json, &edge);
    else
        json_null(inquiry->json, "next");
    time_json(inquiry->json, "searched_to", is_full || is_over ? 0 : edge_ns);
}

static bool list_by_time(struct listing *listing, bool goes_on, struct error *error)
{
    struct span_ns left;
    if (!find_span(listing->inquiry, &left, error))
        return false;
    if (goes_on)
        go_to(&left, &listing->position, listing->inquiry->is_ascending);
    if (!look(listing, &left, goes_on, error))
        return false;
    end_of_slices(listing, &left);
    return true;
}

static bool list_by_measure(struct listing *listing, bool goes_on, struct error *error)
{
    struct inquiry *inquiry = listing->inquiry;
    if (!ask(listing, &inquiry->filter, goes_on, error))
        return false;
    json_end(inquiry->json, ']');
    if (listing->found == inquiry->limit)
        add_next(inquiry->json, &listing->position);
    else
        json_null(inquiry->json, "next");
    json_null(inquiry->json, "searched_to");
    return true;
}

bool answer_flows(struct inquiry *inquiry, struct error *error)
{
    struct listing listing = {.inquiry = inquiry};
    bool goes_on = inquiry_parameter(inquiry, PARAMETER_AFTER) != NULL;
    if (!read_position(inquiry, &listing.position, error))
        return false;
    bool is_by_time = inquiry->sort == STORE_FLOWS || inquiry->sort == STORE_FIRST;
    json_begin(inquiry->json, NULL, '{');
    json_begin(inquiry->json, "flows", '[');
    if (!(is_by_time ? list_by_time : list_by_measure)(&listing, goes_on, error))
        return false;
    json_end(inquiry->json, '}');
    return true;
}

static bool add_record(void *context, const struct store_flow *flow)
{
    struct listing *listing = context;
    struct text *json = listing->inquiry->json;
    char id[FLOW_COMMUNITY_ID_SIZE], words[FLOW_FILTER_SIZE];
    listing->found++;
    json_begin(json, NULL, '{');
    row_json(json, TABLE_FLOW, flow, NULL);
    json_word(json, "community_id", flow_row_community_id(flow, id));
    json_word(json, "display_filter", flow_row_display_filter(flow, words));
    json_end(json, '}');
    return listing->found < INQUIRY_LIMIT_MAX;
}

static bool read_near(struct inquiry *inquiry, int64_t *out, struct error *error)
{
    const char *word = inquiry_parameter(inquiry, PARAMETER_NEAR);
    *out = 0;
    return !word || timestamp_parse(word, out) ||
           inquiry_refuse(inquiry, 400, error, "near: write a time, as 2026-11-20T09:15:00Z");
}

bool answer_flow(struct inquiry *inquiry, struct error *error)
{
    struct listing listing = {.inquiry = inquiry};
    char *end;
    int64_t near_ns;
    errno = 0;
    unsigned long long id = strtoull(inquiry->id, &end, 10);
    if (inquiry->id[0] < '0' || inquiry->id[0] > '9' || *end != '\0' || errno != 0 ||
        id > INT64_MAX)
        return inquiry_refuse(inquiry, 404, error, "no flow has this id");
    if (!read_near(inquiry, &near_ns, error))
        return false;
    json_begin(inquiry->json, NULL, '{');
    json_word(inquiry->json, "flow_id", inquiry->id);
    json_begin(inquiry->json, "records", '[');
    if (!store_flow_by_id(inquiry->store, id, near_ns, add_record, &listing, error))
        return false;
    if (listing.found == 0 && near_ns > 0 &&
        !store_flow_by_id(inquiry->store, id, 0, add_record, &listing, error))
        return false;
    json_end(inquiry->json, ']');
    json_end(inquiry->json, '}');
    return listing.found > 0 || inquiry_refuse(inquiry, 404, error, "no flow has this id");
}
