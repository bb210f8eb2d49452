/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite_schema.h"

#include "store/rollup.h"

#include <stdbool.h>

static const char *type_of(const struct column *column)
{
    bool is_octets = column->kind == COLUMN_ADDRESS || column->place == IN_ROW_AS_OCTETS;
    if (is_octets)
        return "BLOB";
    return column->kind == COLUMN_TEXT ? "TEXT" : "INTEGER";
}

/* Places of a row count as one. */
static bool is_in(const struct column *column, enum column_place place)
{
    enum column_place own = column->place == IN_ROW_AS_OCTETS ? IN_ROW : column->place;
    return own == place;
}

static void add_create(struct text *sql, const struct table *table)
{
    text_addf(sql, "CREATE TABLE %s(", table->name);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        const char *type = column->kind == COLUMN_TEXT      ? "TEXT"
                           : column->kind == COLUMN_ADDRESS ? "BLOB"
                                                            : "INTEGER";
        text_addf(sql, "%s%s %s NOT NULL", i > 0 ? "," : "", column->name, type);
    }
    text_add(sql, ") STRICT;");
}

/* Version 1: rows. One index only: each further one costs more than the row itself. */
static void add_rows(struct text *sql)
{
    for (enum table_id id = 0; id < TABLES; id++)
        add_create(sql, table_of(id));
    text_add(sql, "CREATE INDEX flow_time ON flow(first_ns);");
}

/* Version 2 had sums by words beside them; version 3 makes its own. */
static void add_nothing(struct text *sql)
{
    (void)sql;
}

static void add_part(struct text *sql, const char *name, enum column_place place, const char *keys)
{
    const struct table *flow = table_of(TABLE_FLOW);
    text_addf(sql, "CREATE TABLE %s(%s", name, keys);
    for (size_t i = 0; i < flow->column_count; i++) {
        const struct column *column = &flow->columns[i];
        if (is_in(column, place))
            text_addf(sql, "%s%s %s NOT NULL", i > 0 || keys[0] != '\0' ? "," : "", column->name,
                      type_of(column));
    }
    text_add(sql, ") STRICT;");
}

/* "a,b,c": the columns in that place, with what stands around each. */
static void add_names(struct text *sql, enum column_place place, const char *before)
{
    const struct table *flow = table_of(TABLE_FLOW);
    bool is_first = true;
    for (size_t i = 0; i < flow->column_count; i++) {
        if (!is_in(&flow->columns[i], place))
            continue;
        text_addf(sql, "%s%s%s", is_first ? "" : ",", before, flow->columns[i].name);
        is_first = false;
    }
}

static void add_parts(struct text *sql)
{
    static const char own_number[] = "id INTEGER PRIMARY KEY";
    add_part(sql, "label", IN_LABEL, own_number);
    add_part(sql, "kind", IN_KIND, "id INTEGER PRIMARY KEY,label INTEGER NOT NULL");
    add_part(sql, "flow_row", IN_ROW, "kind INTEGER NOT NULL");
}

/* "AND a.x=b.x AND ...", so that an index on all of them is used. */
static void add_same(struct text *sql, enum column_place place, const char *part)
{
    const struct table *flow = table_of(TABLE_FLOW);
    for (size_t i = 0; i < flow->column_count; i++) {
        const char *name = flow->columns[i].name;
        if (is_in(&flow->columns[i], place))
            text_addf(sql, " AND %s.%s=old.%s", part, name, name);
    }
}

static void add_moved_column(struct text *sql, const struct column *column)
{
    if (column->place == IN_ROW_AS_OCTETS)
        text_addf(sql, ",octets(old.%s)", column->name);
    else
        text_addf(sql, ",old.%s", column->name);
}

/* What is there goes over: words first, then the rows with the numbers of their words. */
static void add_move(struct text *sql)
{
    const struct table *flow = table_of(TABLE_FLOW);
    text_add(sql, "INSERT INTO label(");
    add_names(sql, IN_LABEL, "");
    text_add(sql, ") SELECT DISTINCT ");
    add_names(sql, IN_LABEL, "");
    text_add(sql, " FROM flow_old;CREATE INDEX label_words ON label(");
    add_names(sql, IN_LABEL, "");
    text_add(sql, ");INSERT INTO kind(label,");
    add_names(sql, IN_KIND, "");
    text_add(sql, ") SELECT DISTINCT label.id,");
    add_names(sql, IN_KIND, "old.");
    text_add(sql, " FROM flow_old AS old CROSS JOIN label ON 1");
    add_same(sql, IN_LABEL, "label");
    text_add(sql, ";CREATE INDEX kind_words ON kind(label,");
    add_names(sql, IN_KIND, "");
    text_add(sql, ");INSERT INTO flow_row(kind,");
    add_names(sql, IN_ROW, "");
    text_add(sql, ") SELECT kind.id");
    for (size_t i = 0; i < flow->column_count; i++) {
        if (is_in(&flow->columns[i], IN_ROW))
            add_moved_column(sql, &flow->columns[i]);
    }
    text_add(sql, " FROM flow_old AS old CROSS JOIN label ON 1");
    add_same(sql, IN_LABEL, "label");
    text_add(sql, " CROSS JOIN kind ON kind.label=label.id");
    add_same(sql, IN_KIND, "kind");
    text_add(sql, " ORDER BY old.rowid;DROP TABLE flow_old;DROP INDEX label_words;"
                  "DROP INDEX kind_words;");
}

static void add_view(struct text *sql)
{
    static const char *const parts[] = {[IN_ROW] = "flow_row",
                                        [IN_ROW_AS_OCTETS] = "flow_row",
                                        [IN_KIND] = "kind",
                                        [IN_LABEL] = "label"};
    const struct table *flow = table_of(TABLE_FLOW);
    text_add(sql, "CREATE VIEW flow AS SELECT ");
    for (size_t i = 0; i < flow->column_count; i++) {
        const struct column *column = &flow->columns[i];
        text_addf(sql,
                  column->place == IN_ROW_AS_OCTETS ? "%slower(hex(%s.%s)) AS %s" : "%s%s.%s AS %s",
                  i > 0 ? "," : "", parts[column->place], column->name, column->name);
    }
    text_add(sql, ",flow_row.kind AS kind");
    /* CROSS JOIN: rows lead, whose index on time is the only one. */
    text_add(sql, " FROM flow_row CROSS JOIN kind ON kind.id=flow_row.kind"
                  " CROSS JOIN label ON label.id=kind.label;");
}

static void add_sums(struct text *sql)
{
    for (size_t i = ROLLUPS; i-- > 0;) {
        const struct rollup *rollup = &rollups[i];
        rollup_add_create(sql, rollup);
        if (rollup == rollup_finest(rollup->family))
            rollup_add_refill(sql, rollup, "");
        else
            rollup_add_refill_from(sql, rollup, rollup + 1);
    }
}

/* Version 3: words that repeat are kept once, as kinds and labels; sums by label, in levels. */
static void add_kinds(struct text *sql)
{
    text_add(sql, "DROP TABLE IF EXISTS service_minute;DROP TABLE IF EXISTS initiator_minute;"
                  "DROP TABLE IF EXISTS pair_hour;DROP INDEX flow_time;"
                  "ALTER TABLE flow RENAME TO flow_old;");
    add_parts(sql);
    add_move(sql);
    text_add(sql, "CREATE INDEX flow_time ON flow_row(first_ns);");
    add_view(sql);
    add_sums(sql);
}

/* A step never changes: a new column is a new step. */
static void (*const steps[STORE_SCHEMA_VERSION])(struct text *sql) = {add_rows, add_nothing,
                                                                      add_kinds};

void sqlite_schema_add_steps(struct text *sql, int64_t version)
{
    for (; version < STORE_SCHEMA_VERSION; version++)
        steps[version](sql);
}

void sqlite_schema_add_insert(struct text *sql, const char *name, enum column_place place,
                              const char *first, const char *last)
{
    text_addf(sql, "INSERT INTO %s(%s", name, first);
    add_names(sql, place, "");
    text_addf(sql, "%s) VALUES(?", last);
    const struct table *flow = table_of(TABLE_FLOW);
    size_t count = 0;
    for (size_t i = 0; i < flow->column_count; i++)
        count += is_in(&flow->columns[i], place);
    for (const char *at = first; *at != '\0'; at++)
        count += *at == ',';
    for (const char *at = last; *at != '\0'; at++)
        count += *at == ',';
    for (size_t i = 1; i < count; i++)
        text_add(sql, ",?");
    text_add(sql, ")");
}
