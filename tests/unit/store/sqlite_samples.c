/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "sqlite_samples.h"

#include <string.h>

struct store *open_store(const char *target, enum store_mode mode)
{
    struct error error = {0};
    const struct store_options options = {.target = target, .mode = mode};
    struct store *store = store_open(&options, &error);
    if (!store)
        fail_msg("%s", error.text);
    return store;
}

void assert_refused(const char *target, enum store_mode mode, const char *reason)
{
    struct error error = {0};
    const struct store_options options = {.target = target, .mode = mode};
    assert_null(store_open(&options, &error));
    if (!strstr(error.text, reason))
        fail_msg("'%s' does not say '%s'", error.text, reason);
}

void fill(struct store *store, uint64_t from, uint64_t to)
{
    struct error error = {0};
    for (uint64_t i = from; i < to; i++) {
        struct store_flow flow = sample_store_flow(i, FLOWS, span_ns);
        if (!store_add_flow(store, &flow, &error))
            fail_msg("%s", error.text);
    }
    assert_true(store_commit(store, &error));
}

uint64_t count_flows(struct store *store)
{
    uint64_t count = 0;
    struct error error;
    const struct store_filter all = {0};
    assert_true(store_count_flows(store, &all, &count, &error));
    return count;
}

void assert_sums_and_rows_agree(struct store *store, const struct store_filter *filter)
{
    static const struct store_grouping grouping = {.keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER},
                                                   .key_count = 2};
    struct store_filter searching = *filter;
    struct text sums = {0}, rows = {0};
    searching.search = "because";
    sample_print_groups(store, filter, &grouping, &sums);
    sample_print_groups(store, &searching, &grouping, &rows);
    assert_string_equal(text_words(&sums), text_words(&rows));
    text_free(&sums);
    text_free(&rows);
}
