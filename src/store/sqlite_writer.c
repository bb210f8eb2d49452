/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite_writer.h"

#include "store/sqlite_schema.h"

#include <string.h>

static bool prepare(sqlite3 *database, struct text *sql, sqlite3_stmt **out)
{
    bool is_done = sqlite3_prepare_v3(database, text_words(sql), -1, SQLITE_PREPARE_PERSISTENT, out,
                                      NULL) == SQLITE_OK;
    text_clear(sql);
    return is_done;
}

static void add_insert(struct text *sql, const struct table *table)
{
    text_addf(sql, "INSERT INTO %s(", table->name);
    for (size_t i = 0; i < table->column_count; i++)
        text_addf(sql, "%s%s", i > 0 ? "," : "", table->columns[i].name);
    text_add(sql, ") VALUES(?");
    for (size_t i = 1; i < table->column_count; i++)
        text_add(sql, ",?");
    text_add(sql, ")");
}

static bool prepare_flows(struct sqlite_writer *writer, struct text *sql)
{
    sqlite_schema_add_insert(sql, "flow_row", IN_ROW, "", ",kind");
    if (!prepare(writer->database, sql, &writer->flow))
        return false;
    sqlite_schema_add_insert(sql, "kind", IN_KIND, "id,label,", "");
    if (!prepare(writer->database, sql, &writer->kind))
        return false;
    sqlite_schema_add_insert(sql, "label", IN_LABEL, "id,", "");
    return prepare(writer->database, sql, &writer->label);
}

bool sqlite_writer_open(struct sqlite_writer *writer, sqlite3 *database)
{
    struct text sql = {0};
    writer->database = database;
    bool is_done = prepare_flows(writer, &sql);
    for (enum table_id id = 0; is_done && id < TABLES; id++) {
        if (id == TABLE_FLOW)
            continue;
        add_insert(&sql, table_of(id));
        is_done = prepare(database, &sql, &writer->others[id]);
    }
    for (size_t i = 0; is_done && i < ROLLUPS; i++) {
        rollup_add_upsert(&sql, &rollups[i]);
        is_done = prepare(database, &sql, &writer->upserts[i]);
        if (!is_done || !rollups[i].is_late)
            continue;
        rollup_add_end(&sql, &rollups[i]);
        is_done = prepare(database, &sql, &writer->ends[i]);
        rollup_add_move(&sql, &rollups[i], &rollups[i + 1]);
        is_done = is_done && prepare(database, &sql, &writer->moves[i]);
    }
    text_free(&sql);
    return is_done;
}

void sqlite_writer_close(struct sqlite_writer *writer)
{
    sqlite3_finalize(writer->flow);
    sqlite3_finalize(writer->kind);
    sqlite3_finalize(writer->label);
    for (size_t i = 0; i < TABLES; i++)
        sqlite3_finalize(writer->others[i]);
    for (size_t i = 0; i < ROLLUPS; i++) {
        sqlite3_finalize(writer->upserts[i]);
        sqlite3_finalize(writer->ends[i]);
        sqlite3_finalize(writer->moves[i]);
    }
}

static bool step(sqlite3_stmt *statement)
{
    sqlite3_step(statement);
    return sqlite3_reset(statement) == SQLITE_OK;
}

static void bind_text(sqlite3_stmt *statement, int at, struct span bytes)
{
    sqlite3_bind_text(statement, at, (const char *)bytes.at, (int)bytes.length, SQLITE_STATIC);
}

/* Never NULL, which no octets would be. */
static void bind_octets(sqlite3_stmt *statement, int at, struct span bytes)
{
    const void *octets = bytes.length > 0 ? (const void *)bytes.at : "";
    sqlite3_bind_blob(statement, at, octets, (int)bytes.length, SQLITE_STATIC);
}

static int bind_packed(sqlite3_stmt *statement, int at, const struct column *column,
                       struct unpacking *flows)
{
    if (column->kind == COLUMN_ADDRESS || column->place == IN_ROW_AS_OCTETS)
        bind_octets(statement, at, unpack_bytes(flows));
    else if (column->kind == COLUMN_TEXT)
        bind_text(statement, at, unpack_bytes(flows));
    else
        sqlite3_bind_int64(statement, at, unpack_number(flows));
    return at + 1;
}

static bool write_flows(const struct sqlite_writer *writer, const struct flow_batch *batch)
{
    const struct table *table = table_of(TABLE_FLOW);
    struct unpacking flows = unpacking_of(&batch->flows);
    bool is_done = true;
    while (is_done && !unpacking_is_over(&flows)) {
        int at = 1;
        for (size_t i = 0; i < table->column_count; i++) {
            enum column_place place = table->columns[i].place;
            if (place == IN_ROW || place == IN_ROW_AS_OCTETS)
                at = bind_packed(writer->flow, at, &table->columns[i], &flows);
        }
        sqlite3_bind_int64(writer->flow, at, unpack_number(&flows));
        is_done = step(writer->flow);
    }
    return is_done;
}

/* Each word ends with a zero. */
static void bind_words(sqlite3_stmt *statement, int at, struct span words)
{
    const uint8_t *word = words.at, *end = words.at + words.length;
    while (word < end) {
        size_t length = strlen((const char *)word);
        bind_text(statement, at++, (struct span){word, length});
        word += length + 1;
    }
}

static bool write_words(const struct sqlite_writer *writer, const struct flow_batch *batch)
{
    struct unpacking labels = unpacking_of(&batch->labels), kinds = unpacking_of(&batch->kinds);
    bool is_done = true;
    while (is_done && !unpacking_is_over(&labels)) {
        sqlite3_bind_int64(writer->label, 1, unpack_number(&labels));
        bind_words(writer->label, 2, unpack_bytes(&labels));
        is_done = step(writer->label);
    }
    while (is_done && !unpacking_is_over(&kinds)) {
        sqlite3_bind_int64(writer->kind, 1, unpack_number(&kinds));
        sqlite3_bind_int64(writer->kind, 2, unpack_number(&kinds));
        bind_words(writer->kind, 3, unpack_bytes(&kinds));
        is_done = step(writer->kind);
    }
    return is_done;
}

static bool write_other(sqlite3_stmt *statement, const struct table *table, const void *row)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct column_value value = column_get(&table->columns[i], row);
        if (value.is_number)
            sqlite3_bind_int64(statement, (int)i + 1, value.number);
        else
            bind_text(statement, (int)i + 1, value.bytes);
    }
    return step(statement);
}

static bool write_others(const struct sqlite_writer *writer, const struct flow_batch *batch)
{
    bool is_done = true;
    for (enum table_id id = 0; id < TABLES; id++) {
        const struct row_list *list = &batch->others[id];
        for (size_t i = 0; is_done && i < list->count; i++)
            is_done = write_other(writer->others[id], list->table, list->rows[i]);
    }
    return is_done;
}

static struct span octets_of(const struct address *address)
{
    size_t length = address->version == 4 ? 4 : address->version == 6 ? 16 : 0;
    return (struct span){address->bytes, length};
}

static bool upsert(sqlite3_stmt *statement, const struct rollup *rollup,
                   const struct sum_entry *entry)
{
    int at = 1;
    sqlite3_bind_int64(statement, at++, rollup_bucket(entry->key.bucket_ns, rollup->bucket_ns));
    if (rollup->family == ROLLUP_PAIR) {
        bind_octets(statement, at++, octets_of(&entry->key.initiator));
        bind_octets(statement, at++, octets_of(&entry->key.responder));
    }
    sqlite3_bind_int64(statement, at++, entry->key.label);
    for (size_t i = 0; i < SUMS; i++)
        sqlite3_bind_int64(statement, at++, entry->sums[i]);
    return step(statement);
}

/* Behind which time a level has nothing yet. */
static bool find_end(const struct sqlite_writer *writer, size_t level, int64_t *end_ns)
{
    sqlite3_stmt *statement = writer->ends[level];
    *end_ns = INT64_MAX;
    if (!rollups[level].is_late)
        return true;
    bool is_read = sqlite3_step(statement) == SQLITE_ROW;
    if (is_read)
        *end_ns = sqlite3_column_int64(statement, 0);
    return sqlite3_reset(statement) == SQLITE_OK && is_read;
}

/* What the finer level has of buckets that are over goes to a late one. */
static bool catch_up(const struct sqlite_writer *writer, size_t level, int64_t end_ns,
                     int64_t newest_ns)
{
    int64_t now_over_ns = rollup_bucket(newest_ns, rollups[level].bucket_ns);
    if (now_over_ns <= end_ns)
        return true;
    sqlite3_bind_int64(writer->moves[level], 1, end_ns);
    sqlite3_bind_int64(writer->moves[level], 2, now_over_ns);
    return step(writer->moves[level]);
}

static bool write_level(const struct sqlite_writer *writer, size_t level,
                        const struct sum_entry *entries, size_t count)
{
    int64_t end_ns;
    bool is_done = find_end(writer, level, &end_ns);
    for (size_t i = 0; is_done && i < count && entries[i].key.bucket_ns < end_ns; i++)
        is_done = upsert(writer->upserts[level], &rollups[level], &entries[i]);
    return is_done && (count == 0 || !rollups[level].is_late ||
                       catch_up(writer, level, end_ns, entries[count - 1].key.bucket_ns));
}

/* The finest level first: a late one takes from it. */
static bool write_sums(const struct sqlite_writer *writer, struct flow_batch *batch)
{
    bool is_done = true;
    for (size_t i = 0; i < ROLLUP_FAMILIES; i++)
        sum_table_sort(batch->sums[i]);
    for (size_t level = ROLLUPS; is_done && level-- > 0;) {
        size_t count;
        const struct sum_entry *entries =
            sum_table_entries(batch->sums[rollups[level].family], &count);
        is_done = write_level(writer, level, entries, count);
    }
    return is_done;
}

static bool execute(const struct sqlite_writer *writer, const char *sql)
{
    return sqlite3_exec(writer->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool sqlite_writer_write(struct sqlite_writer *writer, struct flow_batch *batch)
{
    return execute(writer, "BEGIN IMMEDIATE") && write_words(writer, batch) &&
           write_flows(writer, batch) && write_others(writer, batch) && write_sums(writer, batch) &&
           execute(writer, "COMMIT");
}
