/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite_prune.h"

#include "base/text.h"
#include "store/rollup.h"

#include <inttypes.h>
#include <stddef.h>

static bool read_number(sqlite3 *database, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    bool is_read = sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
                   sqlite3_step(statement) == SQLITE_ROW;
    if (is_read)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return is_read;
}

static bool run(sqlite3 *database, const struct text *sql)
{
    return sqlite3_exec(database, text_words(sql), NULL, NULL, NULL) == SQLITE_OK;
}

/* Sums of buckets that lie wholly before go; the bucket that is cut is summed again. */
static void add_cut(struct text *sql, const struct rollup *rollup, int64_t before_ns)
{
    int64_t end = rollup_bucket(before_ns, rollup->bucket_ns) + rollup->bucket_ns;
    text_addf(sql, "DELETE FROM %s WHERE bucket<%" PRId64 ";", rollup->table, end);
    struct text where = {0};
    text_addf(&where, "WHERE first_ns<%" PRId64, end);
    rollup_add_refill(sql, rollup, text_words(&where));
    text_free(&where);
}

/* Each with the time by which it is old. */
static const struct {
    const char *table, *time;
    size_t counter;
} kept[] = {
    {"flow_row", "first_ns", offsetof(struct store_pruned, flows)},
    {"finding", "last_ns", offsetof(struct store_pruned, findings)},
    {"run", "last_ns", offsetof(struct store_pruned, runs)},
};

static bool remove_rows(sqlite3 *database, size_t at, int64_t before_ns,
                        struct store_pruned *pruned)
{
    struct text sql = {0};
    uint64_t *counter = (void *)((char *)pruned + kept[at].counter);
    text_addf(&sql, "DELETE FROM %s WHERE %s<%" PRId64, kept[at].table, kept[at].time, before_ns);
    bool is_done = run(database, &sql);
    text_free(&sql);
    if (is_done)
        *counter += (uint64_t)sqlite3_changes64(database);
    return is_done;
}

static bool remove_before(sqlite3 *database, int64_t before_ns, struct store_pruned *pruned)
{
    struct text sql = {0};
    struct store_pruned removed = *pruned;
    bool is_done = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
    for (size_t i = 0; is_done && i < sizeof kept / sizeof kept[0]; i++)
        is_done = remove_rows(database, i, before_ns, &removed);
    for (size_t i = 0; i < ROLLUPS; i++)
        add_cut(&sql, &rollups[i], before_ns);
    text_add(&sql, "COMMIT;");
    is_done = is_done && run(database, &sql);
    text_free(&sql);
    if (is_done)
        *pruned = removed;
    else
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return is_done;
}

/* Of pages in use: what was deleted is free already, and given back at the end. */
static bool size_in_use(sqlite3 *database, uint64_t *out)
{
    int64_t pages = 0, unused = 0, size = 0;
    bool is_read = read_number(database, "PRAGMA page_count", &pages) &&
                   read_number(database, "PRAGMA freelist_count", &unused) &&
                   read_number(database, "PRAGMA page_size", &size);
    *out = (uint64_t)(pages - unused) * (uint64_t)size;
    return is_read;
}

/* The time before which lies the share of flows that is too much, and at least one minute. */
static bool find_cut(sqlite3 *database, uint64_t size, uint64_t size_max, int64_t *cut_ns)
{
    struct text sql = {0};
    int64_t flows = 0, first = 0;
    bool is_found = read_number(database, "SELECT count(*) FROM flow_row", &flows) &&
                    read_number(database, "SELECT min(first_ns) FROM flow_row", &first);
    double share = 1 - (double)size_max / (double)size;
    text_addf(&sql, "SELECT first_ns FROM flow_row ORDER BY first_ns LIMIT 1 OFFSET %" PRId64,
              (int64_t)((double)flows * share));
    is_found = is_found && read_number(database, text_words(&sql), cut_ns);
    text_free(&sql);
    int64_t least = (first / ROLLUP_MINUTE_NS + 1) * ROLLUP_MINUTE_NS;
    *cut_ns = *cut_ns / ROLLUP_MINUTE_NS * ROLLUP_MINUTE_NS;
    if (*cut_ns < least)
        *cut_ns = least;
    return is_found;
}

static bool shrink_to(sqlite3 *database, uint64_t size_max, struct store_pruned *pruned)
{
    for (;;) {
        uint64_t size = 0;
        int64_t flows = 0, cut_ns = 0;
        if (!size_in_use(database, &size) ||
            !read_number(database, "SELECT count(*) FROM (SELECT 1 FROM flow_row LIMIT 1)", &flows))
            return false;
        if (size <= size_max || flows == 0)
            return true;
        if (!find_cut(database, size, size_max, &cut_ns) ||
            !remove_before(database, cut_ns, pruned))
            return false;
    }
}

static bool remove_unused_words(sqlite3 *database)
{
    return sqlite3_exec(database,
                        "DELETE FROM kind WHERE id NOT IN (SELECT kind FROM flow_row);"
                        "DELETE FROM label WHERE id NOT IN (SELECT label FROM kind);",
                        NULL, NULL, NULL) == SQLITE_OK;
}

bool sqlite_prune_rows(sqlite3 *database, int64_t before_ns, uint64_t size_max, bool is_alone,
                       struct store_pruned *pruned)
{
    *pruned = (struct store_pruned){0};
    return size_in_use(database, &pruned->size_before) &&
           (before_ns <= 0 || remove_before(database, before_ns, pruned)) &&
           (size_max == 0 || shrink_to(database, size_max, pruned)) &&
           (!is_alone || remove_unused_words(database)) &&
           sqlite3_exec(database, "VACUUM;PRAGMA wal_checkpoint(TRUNCATE);", NULL, NULL, NULL) ==
               SQLITE_OK &&
           size_in_use(database, &pruned->size_after);
}
