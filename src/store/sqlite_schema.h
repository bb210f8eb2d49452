/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of a SQLite store. Questions read `flow`, which looks like a table of whole records:
 * it is a view that joins rows with their kinds and labels.
 */
#ifndef PORTSCOPE_STORE_SQLITE_SCHEMA_H
#define PORTSCOPE_STORE_SQLITE_SCHEMA_H

#include "base/text.h"
#include "store/column.h"

#include <stdint.h>

enum { STORE_SCHEMA_VERSION = 3 };

/* What leads from a version, 0 of an empty file, to the present one. */
void sqlite_schema_add_steps(struct text *sql, int64_t version);

/* "INSERT INTO flow_row(...) VALUES(?,...)": the columns of the flow table in these places, in
 * their order, between the columns `first` and `last`, each a name with its comma, or "". */
void sqlite_schema_add_insert(struct text *sql, const char *name, enum column_place place,
                              const char *first, const char *last);

#endif
