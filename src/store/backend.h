/* SPDX-License-Identifier: Apache-2.0
 *
 * What keeps the rows: SQLite or ClickHouse behind the same few calls. Questions are written once,
 * in the SQL that both understand; where they differ, the dialect has the words.
 */
#ifndef PORTSCOPE_STORE_BACKEND_H
#define PORTSCOPE_STORE_BACKEND_H

#include "base/error.h"
#include "store/column.h"
#include "store/question.h"

#include <stdbool.h>
#include <stdint.h>

struct fold;
struct store_pruned;
struct target;

struct dialect {
    const char *octets_begin, *octets_end;             /* around the digits of a string of octets */
    const char *divide_begin, *divide_by, *divide_end; /* around two whole numbers */
    const char *position;     /* the function: where the second stands in the first, 0: nowhere */
    bool has_kinds;           /* words that repeat are kept once */
    bool doubles_backslashes; /* in string literals */
};

typedef bool cells_fn(void *context, const struct cells *cells);

struct backend {
    const struct dialect *dialect;
    bool (*query)(void *self, const char *sql, cells_fn *on_cells, void *context,
                  struct error *error);
    /* Gives the rows of fold_add_statement() to fold_add(). NULL: keeps no sums. */
    bool (*fold)(void *self, const char *sql, struct fold *fold, struct error *error);
    /* `row` is the struct that the table's columns describe. */
    bool (*insert)(void *self, enum table_id table, const void *row, struct error *error);
    bool (*flush)(void *self, struct error *error); /* begins to commit */
    bool (*commit)(void *self, struct error *error);
    uint64_t (*uncommitted)(const void *self);
    uint64_t (*lost)(const void *self);
    bool (*change_count)(void *self, uint64_t *out, struct error *error);
    void (*set_patience)(void *self, store_patience_fn *has_patience, void *context);
    bool (*prune)(void *self, int64_t before_ns, uint64_t size_max, struct store_pruned *pruned,
                  struct error *error);
    bool (*close)(void *self, struct error *error); /* commits; frees */
};

struct store_options;

/* Open one; the state for the calls, or NULL with a sentence. */
extern const struct backend sqlite_backend;
void *sqlite_backend_open(const struct target *target, const struct store_options *options,
                          struct error *error);

extern const struct backend clickhouse_backend;
void *clickhouse_backend_open(const struct target *target, const struct store_options *options,
                              struct error *error);

#endif
