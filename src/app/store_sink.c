/* SPDX-License-Identifier: Apache-2.0
 *
 * A store fails for a while: its disk is full, its server is away. Live, the watch goes on without
 * it, counts what was not stored and tries again; of a saved capture, which can be read again, the
 * failure ends the output as any other's.
 */
#include "app/store_sink.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define RETRY_NS (10 * NS_PER_S)

struct store_sink {
    struct store *store;
    struct error first_error;
    uint64_t passed_by; /* rows, while it was away */
    int64_t retry_ns;   /* 0: it works */
    bool has_failed, is_live;
};

int64_t wall_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void *store_sink_open(const struct sink_options *options, struct error *error)
{
    const struct store_options store = {
        .target = options->target, .mode = STORE_APPEND, .now_ns = wall_clock_ns};
    struct store_sink *sink = memory_new(1, sizeof *sink);
    sink->store = store_open(&store, error);
    if (sink->store)
        return sink;
    free(sink);
    return NULL;
}

/* Whether the store is to be left alone for now; what it would have got is counted. */
static bool is_away(struct store_sink *sink)
{
    if (sink->retry_ns == 0 || wall_clock_ns() >= sink->retry_ns)
        return false;
    sink->passed_by++;
    return true;
}

static uint64_t not_stored(const struct store_sink *sink)
{
    return sink->passed_by + store_lost(sink->store);
}

static bool settle(struct store_sink *sink, bool is_stored, const struct error *reason,
                   struct error *error)
{
    if (is_stored) {
        sink->retry_ns = 0;
        return true;
    }
    if (!sink->has_failed)
        sink->first_error = *reason;
    sink->has_failed = true;
    if (!sink->is_live)
        return error_set(error, "%s", reason->text);
    sink->retry_ns = wall_clock_ns() + RETRY_NS;
    return true;
}

static bool store_sink_flow(void *state, const struct flow_record *record, struct error *error)
{
    struct store_sink *sink = state;
    struct error reason;
    sink->is_live = record->is_live;
    return is_away(sink) ||
           settle(sink, store_add_record(sink->store, record, &reason), &reason, error);
}

static bool store_sink_finding(void *state, const struct finding *finding, struct error *error)
{
    struct store_sink *sink = state;
    struct error reason;
    return is_away(sink) ||
           settle(sink, store_add_finding(sink->store, finding, &reason), &reason, error);
}

static bool store_sink_flush(void *state, struct error *error)
{
    struct store_sink *sink = state;
    struct error reason;
    return settle(sink, store_flush(sink->store, &reason), &reason, error);
}

static bool store_sink_stats(void *state, const struct sink_stats *stats, struct error *error)
{
    struct store_sink *sink = state;
    struct error reason;
    sink->is_live = stats->totals->capture.is_live;
    if (is_away(sink))
        return true;
    bool is_stored =
        store_add_totals(sink->store, stats->totals, not_stored(sink), stats->is_last, &reason) &&
        store_commit(sink->store, &reason);
    return settle(sink, is_stored, &reason, error);
}

static uint64_t store_sink_lost(const void *state)
{
    return not_stored(state);
}

static bool store_sink_close(void *state, struct error *error)
{
    struct store_sink *sink = state;
    struct error reason;
    uint64_t lost = not_stored(sink), uncommitted = store_uncommitted(sink->store);
    bool is_done = store_close(sink->store, &reason);
    if (!is_done && !sink->has_failed)
        sink->first_error = reason;
    lost += is_done ? 0 : uncommitted;
    if (lost > 0)
        is_done = error_set(error, "%s; %" PRIu64 " records were not stored",
                            sink->first_error.text, lost);
    free(sink);
    return is_done;
}

const struct sink_type store_sink = {
    .name = "store",
    .help = "a store to review later: store:FILE.db or store:clickhouse://HOST:8123/DATABASE",
    .needs = SINK_NEEDS_FOLDER,
    .wants_target = true,
    .open = store_sink_open,
    .flow = store_sink_flow,
    .finding = store_sink_finding,
    .stats = store_sink_stats,
    .flush = store_sink_flush,
    .lost = store_sink_lost,
    .close = store_sink_close,
};
