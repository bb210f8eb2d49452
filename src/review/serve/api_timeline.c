/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows and bytes over time, one series a verdict or a service, in as many buckets as a chart can
 * show.
 */
#include "review/serve/inquiry.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "output/json.h"
#include "review/serve/row_json.h"

#include <stdio.h>
#include <stdlib.h>

enum { SERIES_MAX = 12, SERIES_NAME_SIZE = 64 };

/* Whole minutes, and from the third on whole hours, which the store's sums are made for. */
static const int64_t bucket_minutes[] = {1, 5, 15, 60, 180, 360, 1440, 7 * 1440, 28 * 1440};

struct series {
    char name[SERIES_NAME_SIZE];
    uint64_t flows[INQUIRY_TIMES_MAX], bytes[INQUIRY_TIMES_MAX];
};

struct timeline {
    int64_t begin_ns, bucket_ns;
    size_t times, count;
    struct series *series; /* SERIES_MAX; the last one is what has no place of its own */
};

static bool keep_span(void *context, const struct store_group *group)
{
    *(struct store_group *)context = *group;
    return false;
}

static bool choose_buckets(struct inquiry *inquiry, struct timeline *timeline, struct error *error)
{
    const struct store_grouping one = {.key_count = 0};
    const struct store_filter *filter = &inquiry->filter;
    const struct store_filter times = {.since_ns = filter->since_ns, .until_ns = filter->until_ns};
    struct store_group span = {0};
    if (!store_groups(inquiry->store, &times, &one, keep_span, &span, error))
        return false;
    int64_t begin_ns = filter->since_ns > 0 ? filter->since_ns : span.first_ns;
    int64_t end_ns = filter->until_ns > 0 ? filter->until_ns : span.last_ns;
    size_t sizes = sizeof bucket_minutes / sizeof bucket_minutes[0];
    if (span.flows == 0 || end_ns < begin_ns)
        return true;
    for (size_t i = 0; i < sizes; i++) {
        int64_t size = bucket_minutes[i] * 60 * NS_PER_S;
        timeline->bucket_ns = size;
        timeline->begin_ns = begin_ns / size * size;
        int64_t times_needed = (end_ns - timeline->begin_ns) / size + 1;
        timeline->times =
            (size_t)(times_needed < INQUIRY_TIMES_MAX ? times_needed : INQUIRY_TIMES_MAX);
        if (times_needed <= INQUIRY_TIMES_MAX)
            return true;
    }
    /* Longer ago than can be shown: what there is begins later. */
    if (span.first_ns > timeline->begin_ns)
        timeline->begin_ns = span.first_ns / timeline->bucket_ns * timeline->bucket_ns;
    return true;
}

static struct series *series_of(struct timeline *timeline, const char *name)
{
    for (size_t i = 0; i < timeline->count; i++) {
        if (strncmp(timeline->series[i].name, name, SERIES_NAME_SIZE - 1) == 0)
            return &timeline->series[i];
    }
    if (timeline->count == SERIES_MAX)
        return &timeline->series[SERIES_MAX - 1];
    struct series *series = &timeline->series[timeline->count++];
    snprintf(series->name, sizeof series->name, "%s",
             timeline->count == SERIES_MAX ? "other" : name);
    return series;
}

static bool add_bucket(void *context, const struct store_group *group)
{
    struct timeline *timeline = context;
    int64_t begin_ns = strtoll(group->keys[1], NULL, 10);
    int64_t at = (begin_ns - timeline->begin_ns) / timeline->bucket_ns;
    if (begin_ns < timeline->begin_ns || at >= (int64_t)timeline->times)
        return true;
    struct series *series = series_of(timeline, group->keys[0]);
    series->flows[at] += group->flows;
    series->bytes[at] += group->bytes_there + group->bytes_back;
    return true;
}

static void add_numbers(struct text *json, const char *key, const uint64_t *numbers, size_t count)
{
    json_begin(json, key, '[');
    for (size_t i = 0; i < count; i++)
        json_number(json, NULL, numbers[i]);
    json_end(json, ']');
}

static void write(struct text *json, const struct timeline *timeline, const char *by)
{
    json_begin(json, NULL, '{');
    json_word(json, "by", by);
    time_json(json, "begin", timeline->begin_ns);
    json_number(json, "begin_s", (uint64_t)(timeline->begin_ns / NS_PER_S));
    json_number(json, "bucket_s", (uint64_t)(timeline->bucket_ns / NS_PER_S));
    json_number(json, "times", timeline->times);
    json_begin(json, "series", '[');
    for (size_t i = 0; i < timeline->count; i++) {
        json_begin(json, NULL, '{');
        json_string(json, "name", span_of(timeline->series[i].name));
        add_numbers(json, "flows", timeline->series[i].flows, timeline->times);
        add_numbers(json, "bytes", timeline->series[i].bytes, timeline->times);
        json_end(json, '}');
    }
    json_end(json, ']');
    json_end(json, '}');
}

bool answer_timeline(struct inquiry *inquiry, struct error *error)
{
    const char *by = inquiry_parameter(inquiry, PARAMETER_BY);
    enum store_key key = STORE_BY_VERDICT;
    struct timeline timeline = {.bucket_ns = 60 * NS_PER_S};
    if (by && (!store_key_parse(by, &key) || key > STORE_BY_PROBE))
        return inquiry_refuse(inquiry, 400, error,
                              "by: a timeline is by verdict, service, application or probe");
    if (!choose_buckets(inquiry, &timeline, error))
        return false;
    /* The largest series come first, and so have places of their own. */
    const struct store_grouping grouping = {
        .keys = {key, STORE_BY_TIME}, .key_count = 2, .bucket_ns = timeline.bucket_ns};
    timeline.series = memory_new(SERIES_MAX, sizeof *timeline.series);
    bool is_done = timeline.times == 0 || store_groups(inquiry->store, &inquiry->filter, &grouping,
                                                       add_bucket, &timeline, error);
    if (is_done)
        write(inquiry->json, &timeline, store_key_name(key));
    free(timeline.series);
    return is_done;
}
