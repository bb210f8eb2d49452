/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite_reader.h"

enum { CELLS_MAX = 64 };

static bool give_row(sqlite3_stmt *statement, cells_fn *on_cells, void *context)
{
    const char *words[CELLS_MAX];
    int count = sqlite3_column_count(statement);
    for (int i = 0; i < count && i < CELLS_MAX; i++) {
        const void *word = sqlite3_column_text(statement, i);
        words[i] = word ? word : "";
    }
    const struct cells cells = {words, (size_t)count};
    return on_cells(context, &cells);
}

bool sqlite_read_cells(sqlite3 *database, const char *sql, cells_fn *on_cells, void *context)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        return false;
    int result = sqlite3_step(statement);
    while (result == SQLITE_ROW && give_row(statement, on_cells, context))
        result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW;
}

static struct address address_at(sqlite3_stmt *statement, int at)
{
    int length = sqlite3_column_bytes(statement, at);
    if (length != 4 && length != 16)
        return (struct address){0};
    return address_from_bytes(sqlite3_column_blob(statement, at), length == 4 ? 4 : 6);
}

static bool give_sums(sqlite3_stmt *statement, struct fold *fold)
{
    int64_t values[SUMS];
    const struct sum_key key = {
        .bucket_ns = sqlite3_column_int64(statement, 0),
        .label = (uint32_t)sqlite3_column_int64(statement, 1),
        .initiator = address_at(statement, 2),
        .responder = address_at(statement, 3),
    };
    for (int i = 0; i < SUMS; i++)
        values[i] = sqlite3_column_int64(statement, 4 + i);
    return fold_add(fold, &key, values);
}

bool sqlite_read_sums(sqlite3 *database, const char *sql, struct fold *fold)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        return false;
    int result = sqlite3_step(statement);
    while (result == SQLITE_ROW && give_sums(statement, fold))
        result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW;
}

/* Changes of others are in data_version, our own are counted by the connection. */
bool sqlite_read_change_count(sqlite3 *database, uint64_t *out)
{
    sqlite3_stmt *statement = NULL;
    bool is_read =
        sqlite3_prepare_v2(database, "PRAGMA data_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;
    if (is_read)
        *out = (uint64_t)sqlite3_column_int64(statement, 0) << 32 |
               (uint32_t)sqlite3_total_changes(database);
    sqlite3_finalize(statement);
    return is_read;
}
