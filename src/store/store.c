/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "base/memory.h"
#include "base/siphash.h"
#include "store/record_row.h"
#include "store/store_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct store *store_open(const struct store_options *options, struct error *error)
{
    struct target target = {0};
    if (options->target && !target_parse(&target, options->target, error))
        return NULL;
    struct store *store = memory_new(1, sizeof *store);
    store->backend = target.is_clickhouse ? &clickhouse_backend : &sqlite_backend;
    store->now_ns = options->now_ns;
    snprintf(store->probe, sizeof store->probe, "%s", target.probe);
    /* Runs of many probes meet in one store: a number that nobody else has. */
    snprintf(store->run, sizeof store->run, "%016" PRIx64, siphash_random_key().words[0]);
    store->self = target.is_clickhouse ? clickhouse_backend_open(&target, options, error)
                                       : sqlite_backend_open(&target, options, error);
    if (store->self)
        return store;
    free(store);
    return NULL;
}

bool store_close(struct store *store, struct error *error)
{
    if (!store)
        return true;
    bool is_done = store->backend->close(store->self, error);
    row_words_free(&store->words);
    free(store);
    return is_done;
}

bool store_add_flow(struct store *store, const struct store_flow *flow, struct error *error)
{
    return store->backend->insert(store->self, TABLE_FLOW, flow, error);
}

bool store_add_record(struct store *store, const struct flow_record *record, struct error *error)
{
    struct store_flow row = row_of_record(record, &store->words);
    row.probe = store->probe;
    row.stored_ns = store->now_ns ? store->now_ns() : 0;
    return store_add_flow(store, &row, error);
}

bool store_add_finding_row(struct store *store, const struct store_finding *finding,
                           struct error *error)
{
    return store->backend->insert(store->self, TABLE_FINDING, finding, error);
}

bool store_add_finding(struct store *store, const struct finding *finding, struct error *error)
{
    struct store_finding row = row_of_finding(finding, &store->words);
    row.probe = store->probe;
    row.run = store->run;
    row.stored_ns = store->now_ns ? store->now_ns() : 0;
    return store_add_finding_row(store, &row, error);
}

bool store_add_run(struct store *store, const struct store_run *run, struct error *error)
{
    return store->backend->insert(store->self, TABLE_RUN, run, error);
}

bool store_add_totals(struct store *store, const struct totals *totals, uint64_t not_stored,
                      bool is_over, struct error *error)
{
    struct store_run row = row_of_totals(totals);
    row.probe = store->probe;
    row.run = store->run;
    row.stored_ns = store->now_ns ? store->now_ns() : 0;
    row.not_stored = not_stored;
    row.is_over = is_over;
    return store_add_run(store, &row, error);
}

bool store_commit(struct store *store, struct error *error)
{
    return store->backend->commit(store->self, error);
}

bool store_flush(struct store *store, struct error *error)
{
    return store->backend->flush(store->self, error);
}

uint64_t store_lost(const struct store *store)
{
    return store->backend->lost(store->self);
}

uint64_t store_uncommitted(const struct store *store)
{
    return store->backend->uncommitted(store->self);
}

bool store_prune(struct store *store, int64_t before_ns, uint64_t size_max,
                 struct store_pruned *pruned, struct error *error)
{
    return store->backend->prune(store->self, before_ns, size_max, pruned, error);
}
