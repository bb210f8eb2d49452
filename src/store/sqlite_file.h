/* SPDX-License-Identifier: Apache-2.0
 *
 * The file of a SQLite store: whose it is, who writes it, which tables it has.
 */
#ifndef PORTSCOPE_STORE_SQLITE_FILE_H
#define PORTSCOPE_STORE_SQLITE_FILE_H

#include "base/error.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdbool.h>

enum { STORE_APPLICATION_ID = 0x70736370 /* "pscp" */ };

/* Refuses what is no store; creates it, mode 0600, when there is none and `mode` allows. */
bool sqlite_file_prepare(const char *path, enum store_mode mode, struct error *error);

/* The right to write flows, held by a lock on "PATH-writer" until it is released; the kernel
 * releases it when the process dies. -1 with a sentence when another has it. */
int sqlite_file_lock(const char *path, struct error *error);
void sqlite_file_unlock(const char *path, int lock);

/* What went wrong with the connection, in a sentence; false. */
bool sqlite_file_fault(sqlite3 *database, const char *path, struct error *error);

/* Settings of the connection, and the tables: made, or brought to the present version in one
 * transaction. */
bool sqlite_file_set_up(sqlite3 *database, const char *path, enum store_mode mode,
                        struct error *error);

#endif
