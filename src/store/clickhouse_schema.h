/* SPDX-License-Identifier: Apache-2.0
 *
 * ClickHouse's statements that follow from the tables' columns.
 */
#ifndef PORTSCOPE_STORE_CLICKHOUSE_SCHEMA_H
#define PORTSCOPE_STORE_CLICKHOUSE_SCHEMA_H

#include "store/column.h"
#include "store/target.h"

#include <stdbool.h>

/* Statement number `step` of those that make the database and its tables; false behind the last.
 * In a cluster a table is a MergeTree on each server ("flow_local") with a Distributed one before
 * it ("flow"). */
bool clickhouse_add_create(struct text *sql, size_t step, const struct target *target);

void clickhouse_add_insert(struct text *sql, const struct table *table);

void clickhouse_add_prune(struct text *sql, const struct table *table, const struct target *target,
                          int64_t before_ns);

#endif
