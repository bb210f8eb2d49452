/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a batch: rows, their kinds and labels, and their sums, in one transaction.
 */
#ifndef PORTSCOPE_STORE_SQLITE_WRITER_H
#define PORTSCOPE_STORE_SQLITE_WRITER_H

#include "store/flow_batch.h"

#include <sqlite3.h>
#include <stdbool.h>

struct sqlite_writer {
    sqlite3 *database; /* the store's */
    sqlite3_stmt *flow, *kind, *label;
    sqlite3_stmt *others[TABLES];
    sqlite3_stmt *upserts[ROLLUPS];
    sqlite3_stmt *ends[ROLLUPS], *moves[ROLLUPS]; /* of those that are late */
};

/* These return false with the fault in the connection. */
bool sqlite_writer_open(struct sqlite_writer *writer, sqlite3 *database);
void sqlite_writer_close(struct sqlite_writer *writer);

/* All of it, or nothing. */
bool sqlite_writer_write(struct sqlite_writer *writer, struct flow_batch *batch);

#endif
