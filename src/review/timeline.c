/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows over time, one row a service, in eight heights of block characters.
 */
#include "review/gather.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUCKETS = GATHER_BUCKETS, ROWS_MAX = 12, HEIGHTS = 8 };

#define MINUTE_NS (INT64_C(60) * 1000000000)

struct row {
    char service[64];
    uint64_t flows[BUCKETS], sum;
};

struct timeline {
    int64_t begin_ns, bucket_ns;
    struct row rows[ROWS_MAX];
    size_t count;
};

int64_t gather_bucket(int64_t span_ns)
{
    static const int64_t minutes[] = {1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440};
    size_t count = sizeof minutes / sizeof minutes[0];
    for (size_t i = 0; i < count; i++) {
        if (span_ns / (minutes[i] * MINUTE_NS) < GATHER_BUCKETS - 1)
            return minutes[i] * MINUTE_NS;
    }
    int64_t days = span_ns / (1440 * MINUTE_NS * (GATHER_BUCKETS - 1)) + 1;
    return days * 1440 * MINUTE_NS;
}

/* Services beyond the last row are counted there. */
static struct row *row_of(struct timeline *timeline, const char *service)
{
    size_t at = 0;
    while (at < timeline->count && strncmp(timeline->rows[at].service, service, 63) != 0)
        at++;
    if (at == ROWS_MAX)
        return &timeline->rows[ROWS_MAX - 1];
    if (at == timeline->count)
        snprintf(timeline->rows[timeline->count++].service, sizeof timeline->rows[0].service, "%s",
                 at == ROWS_MAX - 1 ? "others" : service);
    return &timeline->rows[at];
}

static bool add_bucket(void *context, const struct store_group *group)
{
    struct timeline *timeline = context;
    int64_t at = (strtoll(group->keys[0], NULL, 10) - timeline->begin_ns) / timeline->bucket_ns;
    if (at < 0 || at >= BUCKETS)
        return true;
    struct row *row = row_of(timeline, group->keys[1]);
    row->flows[at] += group->flows;
    row->sum += group->flows;
    return true;
}

static void add_bars(struct text *bars, const struct row *row, uint64_t most)
{
    static const char *const blocks[HEIGHTS] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
                                                "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
                                                "\xe2\x96\x87", "\xe2\x96\x88"};
    for (size_t i = 0; i < BUCKETS; i++)
        text_add(bars, row->flows[i] == 0 ? "\xe2\x8b\x85"
                                          : blocks[(row->flows[i] * HEIGHTS - 1) / most % HEIGHTS]);
}

static void add_counts(struct text *counts, const struct row *row)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        text_add(counts, i > 0 ? " " : "");
        text_add_u64(counts, row->flows[i]);
    }
}

/* Blocks for people, numbers for programs. */
static void add_row(struct sheet *sheet, const struct timeline *timeline, const struct row *row,
                    bool for_programs)
{
    uint64_t most = 1;
    struct text flows = {0};
    for (size_t i = 0; i < BUCKETS; i++)
        most = row->flows[i] > most ? row->flows[i] : most;
    sheet_add(sheet, row->service[0] != '\0' ? row->service : "(none)");
    sheet_add_number(sheet, most);
    if (for_programs) {
        sheet_add_number(sheet, (uint64_t)timeline->begin_ns);
        sheet_add_number(sheet, (uint64_t)(timeline->bucket_ns / MINUTE_NS));
        add_counts(&flows, row);
    } else {
        add_bars(&flows, row, most);
    }
    sheet_add(sheet, text_words(&flows));
    text_free(&flows);
}

static void describe(struct sheet *sheet, bool for_programs)
{
    static const struct sheet_column columns[] = {
        {"service", CELL_TEXT},  {"most_at_a_time", CELL_COUNT},   {"from", CELL_TIME},
        {"minutes", CELL_COUNT}, {"flows_over_time", CELL_BLOCKS},
    };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (for_programs || i < 2 || i > 3)
            sheet->columns[sheet->column_count++] = columns[i];
    }
}

bool gather_timeline(struct review *review, const struct store_group *all, struct sheet *sheet,
                     struct error *error)
{
    struct timeline timeline = {.bucket_ns = gather_bucket(all->last_ns - all->first_ns)};
    enum sheet_format format = review->writer.format;
    bool for_programs = format == SHEET_JSON || format == SHEET_CSV;
    timeline.begin_ns = all->first_ns / timeline.bucket_ns * timeline.bucket_ns;
    const struct store_grouping grouping = {
        .keys = {STORE_BY_TIME, STORE_BY_SERVICE},
        .key_count = 2,
        .bucket_ns = timeline.bucket_ns,
        .page = {.by = STORE_FIRST, .is_ascending = true},
    };
    describe(sheet, for_programs);
    if (!store_groups(review->store, &review->filter, &grouping, add_bucket, &timeline, error))
        return false;
    for (size_t i = 0; i < timeline.count; i++)
        add_row(sheet, &timeline, &timeline.rows[i], for_programs);
    return true;
}
