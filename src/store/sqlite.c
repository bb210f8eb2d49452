/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: one file, one writer, many readers. Rows and their sums are gathered for less than a
 * second and written in one transaction by a thread of its own, while the next are gathered: a
 * killed process leaves whole batches.
 */
#include "store/backend.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "store/sqlite_file.h"
#include "store/sqlite_prune.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_writer.h"
#include "store/store.h"
#include "store/target.h"
#include "store/worker.h"

#include <stdlib.h>

enum { BUSY_MS = 10000 };
/* Virtual machine steps; some tenths of a millisecond. */
enum { STEPS_BETWEEN_ASKING = 10000 };

#define BATCH_NS (NS_PER_S / 4 * 3)

struct sqlite_store {
    sqlite3 *database;
    struct sqlite_writer writer;
    struct kinds *kinds;
    struct flow_batch batches[2]; /* one is filled while the other is written */
    struct flow_batch *filling;
    uint64_t given, lost; /* rows: being written; gone with a failure */
    struct worker *worker;
    char *path;
    int lock;
    int64_t (*now_ns)(void);
    int64_t batch_began_ns;
    bool may_add_flows;
    store_patience_fn *has_patience;
    void *patience_context;
};

static bool fault(const struct sqlite_store *store, struct error *error)
{
    return sqlite_file_fault(store->database, store->path, error);
}

/* In the worker's thread, or in the caller's while the worker waits. */
static bool write_batch(void *context, void *job, struct error *error)
{
    struct sqlite_store *store = context;
    struct flow_batch *batch = job;
    bool is_done = sqlite_writer_write(&store->writer, batch) || fault(store, error);
    if (!is_done)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    flow_batch_clear(batch);
    return is_done;
}

/* What was given and what is gathered is lost as a whole: it shares new kinds. */
static bool give_up(struct sqlite_store *store)
{
    store->lost += store->given + store->filling->count;
    store->given = 0;
    flow_batch_clear(store->filling);
    kinds_forget(store->kinds);
    return false;
}

static bool settle(struct sqlite_store *store, struct error *error)
{
    if (!worker_wait(store->worker, error))
        return give_up(store);
    store->given = 0;
    return true;
}

/* To the worker; what became of the batch is told by the next call. */
static bool give(struct sqlite_store *store, struct error *error)
{
    if (!settle(store, error))
        return false;
    if (store->filling->count == 0)
        return true;
    store->given = store->filling->count;
    worker_give(store->worker, store->filling);
    store->filling = &store->batches[store->filling == &store->batches[0]];
    return true;
}

/* While a batch is written, and that takes long, the next one gathers more. */
static bool sqlite_flush(void *self, struct error *error)
{
    struct sqlite_store *store = self;
    return worker_is_busy(store->worker) || give(store, error);
}

static bool sqlite_commit(void *self, struct error *error)
{
    struct sqlite_store *store = self;
    if (!settle(store, error))
        return false;
    store->given = store->filling->count;
    if (store->given > 0 && !write_batch(store, store->filling, error))
        return give_up(store);
    store->given = 0;
    return true;
}

static bool batch_is_old(const struct sqlite_store *store, int64_t now_ns)
{
    return now_ns < store->batch_began_ns || now_ns - store->batch_began_ns >= BATCH_NS;
}

/* The writer's clock, or without one the records' own time. */
static int64_t time_of(const struct sqlite_store *store, enum table_id id, const void *row)
{
    if (store->now_ns)
        return store->now_ns();
    const struct store_flow *flow = row;
    return id == TABLE_FLOW ? flow->last_ns : store->batch_began_ns;
}

static void add_flow(struct sqlite_store *store, const struct store_flow *flow)
{
    const struct kind kind = kinds_find(store->kinds, flow);
    flow_batch_add_flow(store->filling, flow, &kind);
}

static bool sqlite_insert(void *self, enum table_id id, const void *row, struct error *error)
{
    struct sqlite_store *store = self;
    int64_t now_ns = time_of(store, id, row);
    if (id == TABLE_FLOW && !store->may_add_flows)
        return error_set(error, "store: opened for reading");
    if (store->filling->count == 0)
        store->batch_began_ns = now_ns;
    if (id == TABLE_FLOW)
        add_flow(store, row);
    else
        flow_batch_add_other(store->filling, id, row);
    if (flow_batch_is_full(store->filling))
        return give(store, error);
    return !batch_is_old(store, now_ns) || sqlite_flush(store, error);
}

static uint64_t sqlite_uncommitted(const void *self)
{
    const struct sqlite_store *store = self;
    return store->given + store->filling->count;
}

static uint64_t sqlite_lost(const void *self)
{
    const struct sqlite_store *store = self;
    return store->lost;
}

static bool sqlite_query(void *self, const char *sql, cells_fn *on_cells, void *context,
                         struct error *error)
{
    struct sqlite_store *store = self;
    return sqlite_commit(store, error) &&
           (sqlite_read_cells(store->database, sql, on_cells, context) || fault(store, error));
}

static bool sqlite_fold(void *self, const char *sql, struct fold *fold, struct error *error)
{
    struct sqlite_store *store = self;
    return sqlite_commit(store, error) &&
           (sqlite_read_sums(store->database, sql, fold) || fault(store, error));
}

static bool sqlite_change_count(void *self, uint64_t *out, struct error *error)
{
    struct sqlite_store *store = self;
    return sqlite_commit(store, error) &&
           (sqlite_read_change_count(store->database, out) || fault(store, error));
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

static bool sqlite_prune(void *self, int64_t before_ns, uint64_t size_max,
                         struct store_pruned *pruned, struct error *error)
{
    struct sqlite_store *store = self;
    if (!sqlite_commit(store, error))
        return false;
    /* Who writes knows kinds by their numbers: only with his right may unused ones go. */
    int lock = store->may_add_flows ? -1 : sqlite_file_lock(store->path, NULL);
    bool is_alone = store->may_add_flows || lock >= 0;
    bool is_done = sqlite_prune_rows(store->database, before_ns, size_max, is_alone, pruned) ||
                   fault(store, error);
    sqlite_file_unlock(store->path, lock);
    kinds_forget(store->kinds);
    return is_done;
}

static bool sqlite_close(void *self, struct error *error)
{
    struct sqlite_store *store = self;
    bool is_done = sqlite_commit(store, error);
    worker_free(store->worker);
    sqlite_writer_close(&store->writer);
    kinds_free(store->kinds);
    flow_batch_free(&store->batches[0]);
    flow_batch_free(&store->batches[1]);
    if (sqlite3_close(store->database) != SQLITE_OK)
        is_done = fault(store, error);
    sqlite_file_unlock(store->path, store->lock);
    free(store->path);
    free(store);
    return is_done;
}

static bool keep_number(void *context, const struct cells *cells)
{
    *(uint32_t *)context = (uint32_t)cell_u64(cells->words[0]);
    return false;
}

static bool open_kinds(struct sqlite_store *store, struct error *error)
{
    uint32_t last_kind = 0, last_label = 0;
    bool is_done =
        sqlite_query(store, "SELECT max(id) FROM kind", keep_number, &last_kind, error) &&
        sqlite_query(store, "SELECT max(id) FROM label", keep_number, &last_label, error);
    store->kinds = kinds_new(last_kind, last_label);
    return is_done;
}

/* Only now the file is touched: we are its writer, or only read. */
static bool open_database(struct sqlite_store *store, enum store_mode mode, struct error *error)
{
    /* Counting every allocation would cost a lock each; no later connection minds. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(store->path, &store->database, flags, NULL) != SQLITE_OK)
        return fault(store, error);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_busy_timeout(store->database, BUSY_MS);
    return sqlite_file_set_up(store->database, store->path, mode, error) &&
           (sqlite_writer_open(&store->writer, store->database) || fault(store, error)) &&
           open_kinds(store, error);
}

static struct sqlite_store *new_store(const char *path, const struct store_options *options)
{
    struct sqlite_store *store = memory_new(1, sizeof *store);
    store->path = memory_string(path);
    store->now_ns = options->now_ns;
    store->lock = -1;
    flow_batch_init(&store->batches[0]);
    flow_batch_init(&store->batches[1]);
    store->filling = &store->batches[0];
    store->worker = worker_new(write_batch, store);
    return store;
}

/* SQLite keeps a database without a name in its cache, and what does not fit in a file without a
 * name. */
static void *open_temporary(const struct store_options *options, struct error *error)
{
    struct sqlite_store *store = new_store("", options);
    if (!sqlite3_temp_directory)
        sqlite3_temp_directory = sqlite3_mprintf("%s", options->temporary_folder);
    store->may_add_flows = true;
    if (open_database(store, STORE_APPEND, error) &&
        (sqlite3_exec(store->database, "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF", NULL, NULL,
                      NULL) == SQLITE_OK ||
         fault(store, error)))
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
    struct sqlite_store *store = new_store(target->path, options);
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
    .has_kinds = true,
};

const struct backend sqlite_backend = {
    .dialect = &sqlite_dialect,
    .query = sqlite_query,
    .fold = sqlite_fold,
    .insert = sqlite_insert,
    .flush = sqlite_flush,
    .commit = sqlite_commit,
    .uncommitted = sqlite_uncommitted,
    .lost = sqlite_lost,
    .change_count = sqlite_change_count,
    .set_patience = sqlite_set_patience,
    .prune = sqlite_prune,
    .close = sqlite_close,
};
