/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads answers. These return false when SQLite knows why.
 */
#ifndef PORTSCOPE_STORE_SQLITE_READER_H
#define PORTSCOPE_STORE_SQLITE_READER_H

#include "store/backend.h"
#include "store/fold.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

bool sqlite_read_cells(sqlite3 *database, const char *sql, cells_fn *on_cells, void *context);

/* The rows of fold_add_statement(), until there is no room for more groups. */
bool sqlite_read_sums(sqlite3 *database, const char *sql, struct fold *fold);

bool sqlite_read_change_count(sqlite3 *database, uint64_t *out);

#endif
