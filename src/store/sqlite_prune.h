/* SPDX-License-Identifier: Apache-2.0
 *
 * Retention: what is too old, or too much, goes.
 */
#ifndef PORTSCOPE_STORE_SQLITE_PRUNE_H
#define PORTSCOPE_STORE_SQLITE_PRUNE_H

#include "store/store.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* See store_prune(). When nobody else writes, words that no flow has any more go as well. False:
 * SQLite knows why. */
bool sqlite_prune_rows(sqlite3 *database, int64_t before_ns, uint64_t size_max, bool is_alone,
                       struct store_pruned *pruned);

#endif
