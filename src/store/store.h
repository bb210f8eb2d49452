/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows and findings, kept: in a SQLite file, in memory, or in ClickHouse. What can be asked is in
 * question.h.
 */
#ifndef PORTSCOPE_STORE_STORE_H
#define PORTSCOPE_STORE_STORE_H

#include "base/error.h"
#include "model/record.h"
#include "model/totals.h"
#include "store/row.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
    STORE_READ,   /* must exist; acknowledging and marking reviews is possible */
    STORE_APPEND, /* a file is created when there is none; the only writer of flows */
    STORE_CREATE, /* as STORE_APPEND, and ClickHouse's tables are created */
};

struct store_options {
    /* "flows.db[?probe=NAME]", ":memory:", or "clickhouse://HOST:PORT/DATABASE" with, behind a
     * question mark, probe=NAME, cluster=NAME, on_cluster=yes, tls=yes, spill=DIRECTORY. */
    const char *target;
    /* With `target` NULL: rows for this process alone, in memory while they are few, otherwise in a
     * file of this folder that has no name. Every such store of a process is in the first one's
     * folder. */
    const char *temporary_folder;
    enum store_mode mode;
    int64_t (*now_ns)(void); /* the clock for stored_ns; NULL: everything is stored at 0 */
};

/* NULL with a sentence. */
struct store *store_open(const struct store_options *options, struct error *error);

/* Commits and frees; false when the last rows could not be written. Accepts NULL. */
bool store_close(struct store *store, struct error *error);

/* Whether a word given by a user names a store rather than a file of EVE lines. */
bool store_is_target(const char *word);

/* The folder of a target's spill=DIRECTORY, to be freed; NULL: it has none. */
char *store_spill_folder(const char *target);

/* Writing. Rows become visible and safe together, in the background and at least once a second;
 * store_flush() begins with it now, store_commit() has done it. When one of these fails, what was
 * not committed is lost; the next may succeed again. */
bool store_add_record(struct store *store, const struct flow_record *record, struct error *error);
bool store_add_flow(struct store *store, const struct store_flow *flow, struct error *error);
bool store_add_finding(struct store *store, const struct finding *finding, struct error *error);
bool store_add_finding_row(struct store *store, const struct store_finding *finding,
                           struct error *error);
bool store_add_totals(struct store *store, const struct totals *totals, uint64_t not_stored,
                      bool is_over, struct error *error);
bool store_add_run(struct store *store, const struct store_run *run, struct error *error);
bool store_flush(struct store *store, struct error *error);
bool store_commit(struct store *store, struct error *error);

/* Rows that failures have lost so far, and rows that a failure of store_close() would lose. */
uint64_t store_lost(const struct store *store);
uint64_t store_uncommitted(const struct store *store);

struct store_pruned {
    uint64_t flows, findings, runs;   /* removed; ClickHouse counts its flows only */
    uint64_t size_before, size_after; /* bytes; 0: unknown */
};

/* Removes what began before `before_ns` (0: nothing by time), then the oldest minutes until the
 * store is at most `size_max` bytes (0: any size); gives the space back. */
bool store_prune(struct store *store, int64_t before_ns, uint64_t size_max,
                 struct store_pruned *pruned, struct error *error);

#endif
