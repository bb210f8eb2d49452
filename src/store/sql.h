/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces of statements in the SQL that SQLite and ClickHouse share. A user's words reach a
 * statement only through sql_add_string(), addresses only as hexadecimal digits.
 */
#ifndef PORTSCOPE_STORE_SQL_H
#define PORTSCOPE_STORE_SQL_H

#include "base/text.h"
#include "store/backend.h"
#include "store/filter.h"
#include "store/question.h"

void sql_add_string(struct text *sql, const struct dialect *dialect, const char *words);
void sql_add_address(struct text *sql, const struct dialect *dialect,
                     const struct address *address);

/* " WHERE a AND b": what the filter says of everything but time. `began` counts conditions, so
 * that more can follow. */
struct sql_where {
    struct text *sql;
    const struct dialect *dialect;
    unsigned conditions;
};

/* Begins the next condition: " WHERE " or " AND ". */
void sql_where_next(struct sql_where *where);
/* Service, verdict, application, probe. */
void sql_where_words(struct sql_where *where, const struct store_filter *filter);
void sql_where_host(struct sql_where *where, const struct store_filter *filter);
void sql_where_search(struct sql_where *where, const struct store_filter *filter);
void sql_where_between(struct sql_where *where, const char *column, int64_t begin_ns,
                       int64_t end_ns);

/* What single records are sorted by. */
const char *sql_flow_measure(enum store_measure measure);

void sql_add_page(struct text *sql, const struct store_page *page);

#endif
