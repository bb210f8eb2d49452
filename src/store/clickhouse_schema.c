/* SPDX-License-Identifier: Apache-2.0 */
#include "store/clickhouse_schema.h"

#include <inttypes.h>

static const char *const types[] = {
    [COLUMN_TEXT] = "String", [COLUMN_ADDRESS] = "String", [COLUMN_I64] = "Int64",
    [COLUMN_U64] = "UInt64",  [COLUMN_U32] = "UInt32",     [COLUMN_U16] = "UInt16",
    [COLUMN_U8] = "UInt8",    [COLUMN_BOOL] = "UInt8",
};

static void add_on_cluster(struct text *sql, const struct target *target)
{
    if (target->is_on_cluster)
        text_addf(sql, " ON CLUSTER %s", target->cluster);
}

static const char *local_suffix(const struct target *target)
{
    return target->cluster[0] != '\0' ? "_local" : "";
}

static void add_rows_table(struct text *sql, const struct table *table, const struct target *target)
{
    text_addf(sql, "CREATE TABLE IF NOT EXISTS %s%s", table->name, local_suffix(target));
    add_on_cluster(sql, target);
    for (size_t i = 0; i < table->column_count; i++)
        text_addf(sql, "%s%s %s", i > 0 ? "," : "(", table->columns[i].name,
                  types[table->columns[i].kind]);
    text_addf(sql,
              ") ENGINE = MergeTree PARTITION BY toYYYYMM(toDateTime(intDiv(%s,1000000000)))"
              " ORDER BY %s",
              table->time, table->time);
}

/* Flows go to a server by chance: no probe fills one alone. */
static void add_distributed_table(struct text *sql, const struct table *table,
                                  const struct target *target)
{
    text_addf(sql, "CREATE TABLE IF NOT EXISTS %s", table->name);
    add_on_cluster(sql, target);
    text_addf(sql, " AS %s_local ENGINE = Distributed(%s,%s,%s_local,rand())", table->name,
              target->cluster, target->database, table->name);
}

bool clickhouse_add_create(struct text *sql, size_t step, const struct target *target)
{
    bool is_cluster = target->cluster[0] != '\0';
    if (step == 0) {
        text_addf(sql, "CREATE DATABASE IF NOT EXISTS %s", target->database);
        add_on_cluster(sql, target);
    } else if (step <= TABLES) {
        add_rows_table(sql, table_of((enum table_id)(step - 1)), target);
    } else if (is_cluster && step <= 2 * TABLES) {
        add_distributed_table(sql, table_of((enum table_id)(step - 1 - TABLES)), target);
    } else {
        return false;
    }
    return true;
}

void clickhouse_add_insert(struct text *sql, const struct table *table)
{
    text_addf(sql, "INSERT INTO %s ", table->name);
    for (size_t i = 0; i < table->column_count; i++)
        text_addf(sql, "%s%s", i > 0 ? "," : "(", table->columns[i].name);
    text_add(sql, ") FORMAT TabSeparated");
}

void clickhouse_add_prune(struct text *sql, const struct table *table, const struct target *target,
                          int64_t before_ns)
{
    text_addf(sql, "ALTER TABLE %s%s", table->name, local_suffix(target));
    add_on_cluster(sql, target);
    text_addf(sql, " DELETE WHERE last_ns<%" PRId64, before_ns);
}
