/* SPDX-License-Identifier: Apache-2.0
 *
 * The layout of NBAR's "show ip nbar protocol-discovery": per application four rows, input beside
 * output. Input is what the initiators sent, output what came back. A rate is that of a window of
 * five minutes; a flow's bytes count in the one in which it began.
 */
#include "review/review.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { WINDOW_S = 300, APPLICATIONS_MAX = 512, NAME_SIZE = 64 };

struct direction {
    uint64_t packets, bytes, last_bytes, most_bytes;
};

struct usage {
    char name[NAME_SIZE];
    struct direction directions[2];
};

struct discovery {
    struct usage *all;
    size_t count;
    int64_t last_window_ns;
};

static struct usage *find_or_add(struct discovery *discovery, const char *name)
{
    size_t at = 0;
    while (at < discovery->count && strncmp(discovery->all[at].name, name, NAME_SIZE - 1) != 0)
        at++;
    if (at == APPLICATIONS_MAX)
        return NULL;
    if (at == discovery->count)
        snprintf(discovery->all[discovery->count++].name, NAME_SIZE, "%s", name);
    return &discovery->all[at];
}

static void count(struct direction *direction, uint64_t packets, uint64_t bytes, bool is_last)
{
    direction->packets += packets;
    direction->bytes += bytes;
    if (is_last)
        direction->last_bytes += bytes;
    if (bytes > direction->most_bytes)
        direction->most_bytes = bytes;
}

static bool add_window(void *context, const struct store_group *group)
{
    struct discovery *discovery = context;
    struct usage *usage = find_or_add(discovery, group->keys[1]);
    if (!usage)
        return false;
    bool is_last = strtoll(group->keys[0], NULL, 10) == discovery->last_window_ns;
    count(&usage->directions[0], group->packets_there, group->bytes_there, is_last);
    count(&usage->directions[1], group->packets_back, group->bytes_back, is_last);
    return true;
}

static bool keep_last(void *context, const struct store_group *group)
{
    *(int64_t *)context = strtoll(group->keys[0], NULL, 10);
    return false;
}

static int compare_bytes(const void *left, const void *right)
{
    const struct usage *a = left, *b = right;
    uint64_t bytes_a = a->directions[0].bytes + a->directions[1].bytes;
    uint64_t bytes_b = b->directions[0].bytes + b->directions[1].bytes;
    return bytes_a != bytes_b ? (bytes_a < bytes_b ? 1 : -1) : strcmp(a->name, b->name);
}

static uint64_t rate_of(uint64_t bytes)
{
    return bytes * 8 / WINDOW_S;
}

static void write_block(struct text *out, const char *name, const struct direction *directions)
{
    const struct direction *in = &directions[0], *back = &directions[1];
    const uint64_t rows[4][2] = {
        {in->packets, back->packets},
        {in->bytes, back->bytes},
        {rate_of(in->last_bytes), rate_of(back->last_bytes)},
        {rate_of(in->most_bytes), rate_of(back->most_bytes)},
    };
    char shown[NAME_SIZE];
    text_printable(name, shown, sizeof shown);
    for (size_t i = 0; i < 4; i++)
        text_addf(out, " %-24.24s %-24" PRIu64 " %" PRIu64 "\n", i == 0 ? shown : "", rows[i][0],
                  rows[i][1]);
}

static void write_head(struct text *out)
{
    static const char *const rows[] = {"Packet Count", "Byte Count", "5min Bit Rate (bps)",
                                       "5min Max Bit Rate (bps)"};
    text_addf(out, " %-24s %-24s %s\n", "", "Input", "Output");
    text_addf(out, " %-24s %-24s %s\n", "", "-----", "------");
    for (size_t i = 0; i < 4; i++)
        text_addf(out, " %-24s %-24s %s\n", i == 0 ? "Protocol" : "", rows[i], rows[i]);
    text_add(out, " ------------------------ ------------------------ ------------------------\n");
}

static bool gather(struct review *review, struct discovery *discovery, struct error *error)
{
    struct store_grouping grouping = {
        .keys = {STORE_BY_TIME},
        .key_count = 1,
        .bucket_ns = WINDOW_S * NS_PER_S,
        .page = {.by = STORE_FIRST, .limit = 1},
    };
    if (!store_groups(review->store, &review->filter, &grouping, keep_last,
                      &discovery->last_window_ns, error))
        return false;
    grouping.keys[1] = STORE_BY_APPLICATION;
    grouping.key_count = 2;
    grouping.page = (struct store_page){.by = STORE_FIRST, .is_ascending = true};
    return store_groups(review->store, &review->filter, &grouping, add_window, discovery, error);
}

bool review_protocol_discovery(struct review *review, struct error *error)
{
    struct discovery discovery = {.all = memory_new(APPLICATIONS_MAX, sizeof *discovery.all)};
    struct text *out = review->writer.page.text;
    struct direction total[2] = {{0}, {0}};
    bool is_done = gather(review, &discovery, error);
    if (is_done) {
        qsort(discovery.all, discovery.count, sizeof *discovery.all, compare_bytes);
        write_head(out);
        for (size_t i = 0; i < discovery.count; i++) {
            const struct usage *usage = &discovery.all[i];
            if (review->top == 0 || i < review->top)
                write_block(out, usage->name, usage->directions);
            for (size_t side = 0; side < 2; side++) {
                total[side].packets += usage->directions[side].packets;
                total[side].bytes += usage->directions[side].bytes;
                total[side].last_bytes += usage->directions[side].last_bytes;
                total[side].most_bytes += usage->directions[side].most_bytes;
            }
        }
        write_block(out, "Total", total);
    }
    free(discovery.all);
    return is_done;
}
