/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: one file, one writer, many readers. Rows and their sums are written in batches of one
 * transaction, so a killed process leaves whole batches.
 */
#include "store/backend.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "store/rollup.h"
#include "store/sqlite_file.h"
#include "store/sqlite_prune.h"
#include "store/store.h"
#include "store/target.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { BATCH_ROWS_MAX = 50000, BUSY_MS = 10000, CELLS_MAX = 64, SHOWN_SIZE = 400 };
/* Virtual machine steps; some tenths of a millisecond. */
enum { STEPS_BETWEEN_ASKING = 10000 };

struct sqlite_store {
    sqlite3 *database;
    sqlite3_stmt *inserts[TABLES];
    sqlite3_stmt *upserts[ROLLUPS];
    struct rollup_batch *batches[ROLLUPS];
    char *path;
    int lock;
    int64_t (*now_ns)(void);
    int64_t batch_began_ns;
    uint64_t uncommitted;
    bool is_in_batch, may_add_flows;
    store_patience_fn *has_patience;
    void *patience_context;
};

static bool fault(const struct sqlite_store *store, struct error *error)
{
    char shown[SHOWN_SIZE];
    text_printable(store->path[0] != '\0' ? store->path : "(temporary)", shown, sizeof shown);
    int code = sqlite3_errcode(store->database);
    if (code == SQLITE_FULL)
        return error_set(error, "store %s: no space left on the disk", shown);
    if (code == SQLITE_INTERRUPT)
        return error_set(error, "the question took too long; ask about less time");
    if (code == SQLITE_BUSY)
        return error_set(error, "store %s is in use by another process; try again", shown);
    return error_set(error, "store %s: %s", shown, sqlite3_errmsg(store->database));
}

static bool prepare(struct sqlite_store *store, const char *sql, sqlite3_stmt **out,
                    struct error *error)
{
    return sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) ==
               SQLITE_OK ||
           fault(store, error);
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

static bool prepare_all(struct sqlite_store *store, struct error *error)
{
    struct text sql = {0};
    bool is_done = true;
    for (enum table_id id = 0; is_done && id < TABLES; id++) {
        text_clear(&sql);
        add_insert(&sql, table_of(id));
        is_done = prepare(store, text_words(&sql), &store->inserts[id], error);
    }
    for (enum rollup_id id = 0; is_done && id < ROLLUPS; id++) {
        text_clear(&sql);
        rollup_add_upsert(&sql, &rollups[id]);
        is_done = prepare(store, text_words(&sql), &store->upserts[id], error);
        store->batches[id] = rollup_batch_new(id);
    }
    text_free(&sql);
    return is_done;
}

static void bind(sqlite3_stmt *statement, int at, enum column_kind kind,
                 const struct column_value *value)
{
    const char *bytes = (const char *)value->bytes.at;
    int length = (int)value->bytes.length;
    if (value->is_number)
        sqlite3_bind_int64(statement, at, value->number);
    else if (kind == COLUMN_TEXT)
        sqlite3_bind_text(statement, at, bytes, length, SQLITE_STATIC);
    else if (length == 0)
        sqlite3_bind_zeroblob(statement, at, 0);
    else
        sqlite3_bind_blob(statement, at, bytes, length, SQLITE_STATIC);
}

static bool step(struct sqlite_store *store, sqlite3_stmt *statement, struct error *error)
{
    bool is_done = sqlite3_step(statement) == SQLITE_DONE || fault(store, error);
    sqlite3_reset(statement);
    return is_done;
}

static int bind_words(sqlite3_stmt *statement, int at, const char *words)
{
    sqlite3_bind_text(statement, at, words, -1, SQLITE_STATIC);
    return at + 1;
}

static int bind_address(sqlite3_stmt *statement, int at, const struct address *address)
{
    int length = address->version == 4 ? 4 : address->version == 6 ? 16 : 0;
    sqlite3_bind_blob(statement, at, address->bytes, length, SQLITE_STATIC);
    return at + 1;
}

static bool upsert(struct sqlite_store *store, enum rollup_id id, const struct rollup_entry *entry,
                   struct error *error)
{
    sqlite3_stmt *statement = store->upserts[id];
    const struct rollup_key *key = &entry->key;
    sqlite3_bind_int64(statement, 1, key->bucket_ns);
    int at = bind_words(statement, 2, key->service);
    at = bind_words(statement, at, key->verdict);
    at = bind_words(statement, at, key->application);
    at = bind_words(statement, at, key->probe);
    if (rollups[id].has_initiator)
        at = bind_address(statement, at, &key->initiator);
    if (rollups[id].has_responder)
        at = bind_address(statement, at, &key->responder);
    for (int i = 0; i < ROLLUP_SUMS; i++)
        sqlite3_bind_int64(statement, at + i, entry->sums[i]);
    return step(store, statement, error);
}

static bool write_sums(struct sqlite_store *store, enum rollup_id id, struct error *error)
{
    size_t count;
    const struct rollup_entry *entries = rollup_batch_entries(store->batches[id], &count);
    bool is_done = true;
    for (size_t i = 0; is_done && i < count; i++)
        is_done = upsert(store, id, &entries[i], error);
    rollup_batch_clear(store->batches[id]);
    return is_done;
}

/* The batch is lost as a whole, sums and rows. */
static bool abandon(struct sqlite_store *store)
{
    sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    for (size_t i = 0; i < ROLLUPS; i++) {
        if (store->batches[i])
            rollup_batch_clear(store->batches[i]);
    }
    store->is_in_batch = false;
    store->uncommitted = 0;
    return false;
}

static bool execute(struct sqlite_store *store, const char *sql, struct error *error)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK || fault(store, error);
}

static bool sqlite_commit(void *self, struct error *error)
{
    struct sqlite_store *store = self;
    if (!store->is_in_batch)
        return true;
    for (enum rollup_id id = 0; id < ROLLUPS; id++) {
        if (store->batches[id] && !write_sums(store, id, error))
            return abandon(store);
    }
    if (!execute(store, "COMMIT", error))
        return abandon(store);
    store->is_in_batch = false;
    store->uncommitted = 0;
    return true;
}

static bool begin(struct sqlite_store *store, int64_t now_ns, struct error *error)
{
    if (store->is_in_batch)
        return true;
    if (!execute(store, "BEGIN IMMEDIATE", error))
        return false;
    store->is_in_batch = true;
    store->batch_began_ns = now_ns;
    return true;
}

static bool add_to_sums(struct sqlite_store *store, const struct store_flow *flow,
                        struct error *error)
{
    for (enum rollup_id id = 0; id < ROLLUPS; id++) {
        if (rollup_batch_add(store->batches[id], flow))
            continue;
        if (!write_sums(store, id, error))
            return false;
        rollup_batch_add(store->batches[id], flow);
    }
    return true;
}

static bool insert_row(struct sqlite_store *store, enum table_id id, const void *row,
                       struct error *error)
{
    const struct table *table = table_of(id);
    sqlite3_stmt *statement = store->inserts[id];
    for (size_t i = 0; i < table->column_count; i++) {
        struct column_value value = column_get(&table->columns[i], row);
        bind(statement, (int)i + 1, table->columns[i].kind, &value);
    }
    return step(store, statement, error) && (id != TABLE_FLOW || add_to_sums(store, row, error));
}

static bool batch_is_due(const struct sqlite_store *store, int64_t now_ns)
{
    return store->uncommitted >= BATCH_ROWS_MAX || now_ns < store->batch_began_ns ||
           now_ns - store->batch_began_ns >= NS_PER_S;
}

/* The writer's clock, or without one the records' own time. */
static int64_t time_of(const struct sqlite_store *store, enum table_id id, const void *row)
{
    if (store->now_ns)
        return store->now_ns();
    const struct store_flow *flow = row;
    return id == TABLE_FLOW ? flow->last_ns : store->batch_began_ns;
}

static bool sqlite_insert(void *self, enum table_id id, const void *row, struct error *error)
{
    struct sqlite_store *store = self;
    int64_t now_ns = time_of(store, id, row);
    if (id == TABLE_FLOW && !store->may_add_flows)
        return error_set(error, "store: opened for reading");
    if (!begin(store, now_ns, error))
        return false;
    if (!insert_row(store, id, row, error))
        return abandon(store);
    store->uncommitted++;
    return !batch_is_due(store, now_ns) || sqlite_commit(store, error);
}

static uint64_t sqlite_uncommitted(const void *self)
{
    const struct sqlite_store *store = self;
    return store->uncommitted;
}

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

static bool sqlite_query(void *self, const char *sql, cells_fn *on_cells, void *context,
                         struct error *error)
{
    struct sqlite_store *store = self;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK)
        return fault(store, error);
    int result = sqlite3_step(statement);
    while (result == SQLITE_ROW && give_row(statement, on_cells, context))
        result = sqlite3_step(statement);
    bool is_done = result == SQLITE_DONE || result == SQLITE_ROW || fault(store, error);
    sqlite3_finalize(statement);
    return is_done;
}

/* Changes of others are in data_version, our own are counted by the connection. */
static bool sqlite_change_count(void *self, uint64_t *out, struct error *error)
{
    struct sqlite_store *store = self;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, "PRAGMA data_version", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_finalize(statement);
        return fault(store, error);
    }
    *out = (uint64_t)sqlite3_column_int64(statement, 0) << 32 |
           (uint32_t)sqlite3_total_changes(store->database);
    sqlite3_finalize(statement);
    return true;
}

static int is_out_of_patience(void *self)
{
    struct sqlite_store *store = self;
    return !store->has_patience(store->patience_context);
}

static void sqlite_set_patience(void *self, store_patience_fn *has_patience, void *context)
{
    struct sqlite_store *store = self;
    store->has_patience = has_patience;
    store->patience_context = context;
    sqlite3_progress_handler(store->database, STEPS_BETWEEN_ASKING,
                             has_patience ? is_out_of_patience : NULL, store);
}

static bool sqlite_prune(void *self, int64_t before_ns, uint64_t size_max, uint64_t *flows_removed,
                         struct error *error)
{
    struct sqlite_store *store = self;
    return sqlite_commit(store, error) &&
           (sqlite_prune_rows(store->database, before_ns, size_max, flows_removed) ||
            fault(store, error));
}

static bool sqlite_close(void *self, struct error *error)
{
    struct sqlite_store *store = self;
    bool is_done = sqlite_commit(store, error);
    for (size_t i = 0; i < TABLES; i++)
        sqlite3_finalize(store->inserts[i]);
    for (size_t i = 0; i < ROLLUPS; i++) {
        sqlite3_finalize(store->upserts[i]);
        rollup_batch_free(store->batches[i]);
    }
    if (sqlite3_close(store->database) != SQLITE_OK)
        is_done = fault(store, error);
    sqlite_file_unlock(store->path, store->lock);
    free(store->path);
    free(store);
    return is_done;
}

/* Only now the file is touched: we are its writer, or only read. */
static bool open_database(struct sqlite_store *store, enum store_mode mode, struct error *error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(store->path, &store->database, flags, NULL) != SQLITE_OK)
        return fault(store, error);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_busy_timeout(store->database, BUSY_MS);
    return sqlite_file_set_up(store->database, store->path, mode, error) &&
           prepare_all(store, error);
}

/* SQLite keeps a database without a name in its cache, and what does not fit in a file without a
 * name. */
static void *open_temporary(const struct store_options *options, struct error *error)
{
    struct sqlite_store *store = memory_new(1, sizeof *store);
    if (!sqlite3_temp_directory)
        sqlite3_temp_directory = sqlite3_mprintf("%s", options->temporary_folder);
    store->path = memory_string("");
    store->now_ns = options->now_ns;
    store->lock = -1;
    store->may_add_flows = true;
    if (open_database(store, STORE_APPEND, error) &&
        execute(store, "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF", error))
        return store;
    sqlite_close(store, NULL);
    return NULL;
}

void *sqlite_backend_open(const struct target *target, const struct store_options *options,
                          struct error *error)
{
    if (!options->target)
        return open_temporary(options, error);
    bool is_file = strcmp(target->path, ":memory:") != 0;
    enum store_mode mode = is_file ? options->mode : STORE_APPEND;
    if (is_file && !sqlite_file_prepare(target->path, mode, error))
        return NULL;
    struct sqlite_store *store = memory_new(1, sizeof *store);
    store->path = memory_string(target->path);
    store->now_ns = options->now_ns;
    store->lock = -1;
    store->may_add_flows = mode != STORE_READ;
    bool is_open = mode == STORE_READ || !is_file;
    if (!is_open) {
        store->lock = sqlite_file_lock(store->path, error);
        is_open = store->lock >= 0;
    }
    if (is_open && open_database(store, mode, error))
        return store;
    sqlite_close(store, NULL);
    return NULL;
}

static const struct dialect sqlite_dialect = {
    .octets_begin = "x'",
    .octets_end = "'",
    .divide_begin = "(",
    .divide_by = "/",
    .divide_end = ")",
    .position = "instr",
    .has_rollups = true,
};

const struct backend sqlite_backend = {
    .dialect = &sqlite_dialect,
    .query = sqlite_query,
    .insert = sqlite_insert,
    .commit = sqlite_commit,
    .uncommitted = sqlite_uncommitted,
    .change_count = sqlite_change_count,
    .set_patience = sqlite_set_patience,
    .prune = sqlite_prune,
    .close = sqlite_close,
};
