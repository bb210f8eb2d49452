/* SPDX-License-Identifier: Apache-2.0
 *
 * ClickHouse, for those who outgrow one machine. Rows go out in batches; what the server does not
 * take waits in a spill on disk, and goes first when it is back. Only types and functions that
 * every version since 2018 knows are used.
 */
#include "store/backend.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "store/clickhouse_http.h"
#include "store/clickhouse_schema.h"
#include "store/spill.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BATCH_BYTES_MAX = 8 << 20, CELLS_MAX = 64 };

#define RETRY_LEAST_NS NS_PER_S
#define RETRY_MOST_NS (30 * NS_PER_S)

struct clickhouse_store {
    struct target target;
    struct clickhouse_http *http;
    struct spill *spill; /* NULL: what is not taken is lost */
    struct text batches[TABLES];
    uint64_t rows[TABLES]; /* in the batches */
    uint64_t lost;
    int64_t (*now_ns)(void);
    int64_t batch_began_ns;
    int64_t retry_ns, pause_ns; /* the server is left alone until then; 0: it works */
};

/* TabSeparated: what would end a cell or a row, and the backslash, is escaped. */
static void add_cell(struct text *rows, struct span bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        char c = (char)bytes.at[i];
        static const char special[] = {'\t', '\n', '\\', '\0'};
        static const char letters[] = {'t', 'n', '\\', '0'};
        const char *found = memchr(special, c, sizeof special);
        if (found)
            text_add_char(rows, '\\');
        text_add_char(rows, found ? letters[found - special] : c);
    }
}

static void add_row(struct text *rows, const struct table *table, const void *row)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct column_value value = column_get(&table->columns[i], row);
        if (i > 0)
            text_add_char(rows, '\t');
        if (value.is_number)
            text_add_i64(rows, value.number);
        else
            add_cell(rows, value.bytes);
    }
    text_add_char(rows, '\n');
}

static enum http_result send(struct clickhouse_store *store, enum table_id id,
                             const struct text *rows, struct error *error)
{
    struct text statement = {0};
    clickhouse_add_insert(&statement, table_of(id));
    const struct http_request request = {store->target.database, text_words(&statement), rows,
                                         NULL};
    enum http_result result = clickhouse_http_run(store->http, &request, error);
    text_free(&statement);
    return result;
}

static int64_t clock_of(const struct clickhouse_store *store)
{
    return store->now_ns ? store->now_ns() : 0;
}

/* Twice as long as last time. */
static void leave_alone(struct clickhouse_store *store)
{
    store->pause_ns = store->pause_ns > 0 ? 2 * store->pause_ns : RETRY_LEAST_NS;
    if (store->pause_ns > RETRY_MOST_NS)
        store->pause_ns = RETRY_MOST_NS;
    store->retry_ns = clock_of(store) + store->pause_ns;
}

static bool is_away(const struct clickhouse_store *store)
{
    return store->retry_ns > 0 && clock_of(store) < store->retry_ns;
}

/* Sends what waits on disk, the oldest first. True when nothing waits any more. A batch that the
 * server refuses for good stays, and is told. */
static bool drain(struct clickhouse_store *store, struct error *error)
{
    char name[SPILL_NAME_SIZE];
    struct text rows = {0};
    unsigned table;
    bool is_empty = true;
    while (is_empty && store->spill && spill_oldest(store->spill, name, &table, &rows)) {
        is_empty = table < TABLES && send(store, (enum table_id)table, &rows, error) == HTTP_DONE;
        if (is_empty)
            spill_remove(store->spill, name);
    }
    text_free(&rows);
    return is_empty;
}

/* To the server, or to the disk while it is away. */
static bool deliver(struct clickhouse_store *store, enum table_id id, bool is_reachable,
                    struct error *error)
{
    const struct text *rows = &store->batches[id];
    enum http_result result = is_reachable ? send(store, id, rows, error) : HTTP_AWAY;
    if (result == HTTP_AWAY && is_reachable)
        leave_alone(store);
    if (result == HTTP_AWAY && store->spill)
        return spill_put(store->spill, id, rows, error);
    if (result == HTTP_DONE)
        store->retry_ns = store->pause_ns = 0;
    else if (!is_reachable)
        error_set(error, "store %s is away; spill=DIRECTORY would keep what it misses",
                  store->target.path);
    return result == HTTP_DONE;
}

static bool clickhouse_commit(void *self, struct error *error)
{
    struct clickhouse_store *store = self;
    struct error reason;
    bool is_done = true;
    bool is_reachable = !is_away(store) && drain(store, &reason);
    if (!is_reachable && !is_away(store))
        leave_alone(store);
    for (enum table_id id = 0; id < TABLES; id++) {
        if (store->rows[id] > 0 && !deliver(store, id, is_reachable, error)) {
            store->lost += store->rows[id];
            is_done = false;
        }
        is_reachable = is_reachable && !is_away(store);
        text_clear(&store->batches[id]);
        store->rows[id] = 0;
    }
    return is_done;
}

static uint64_t clickhouse_uncommitted(const void *self)
{
    const struct clickhouse_store *store = self;
    uint64_t rows = 0;
    for (size_t i = 0; i < TABLES; i++)
        rows += store->rows[i];
    return rows;
}

static uint64_t clickhouse_lost(const void *self)
{
    const struct clickhouse_store *store = self;
    return store->lost;
}

static bool clickhouse_insert(void *self, enum table_id id, const void *row, struct error *error)
{
    struct clickhouse_store *store = self;
    int64_t now_ns = clock_of(store);
    if (clickhouse_uncommitted(store) == 0)
        store->batch_began_ns = now_ns;
    add_row(&store->batches[id], table_of(id), row);
    store->rows[id]++;
    bool is_due = store->batches[id].length >= BATCH_BYTES_MAX || now_ns < store->batch_began_ns ||
                  now_ns - store->batch_began_ns >= NS_PER_S;
    return !is_due || clickhouse_commit(store, error);
}

/* Undoes the escapes of a row in place and cuts it into cells. */
static size_t cut_row(char *row, const char *words[CELLS_MAX])
{
    static const char letters[] = "bfrnt0'\\", bytes[] = "\b\f\r\n\t\0'\\";
    size_t count = 0;
    char *to = row;
    words[count++] = row;
    for (const char *from = row; *from != '\0'; from++) {
        const char *letter = *from == '\\' && from[1] != '\0' ? strchr(letters, from[1]) : NULL;
        if (letter)
            from++;
        if (*from == '\t' && count < CELLS_MAX) {
            *to++ = '\0';
            words[count++] = to;
        } else {
            *to++ = letter ? bytes[letter - letters] : *from;
        }
    }
    *to = '\0';
    return count;
}

static void give_rows(char *at, cells_fn *on_cells, void *context)
{
    bool wants_more = true;
    while (wants_more && *at != '\0') {
        const char *words[CELLS_MAX];
        char *end = strchr(at, '\n');
        if (end)
            *end = '\0';
        char *next = end ? end + 1 : at + strlen(at);
        const struct cells cells = {words, cut_row(at, words)};
        wants_more = on_cells(context, &cells);
        at = next;
    }
}

static bool clickhouse_query(void *self, const char *sql, cells_fn *on_cells, void *context,
                             struct error *error)
{
    struct clickhouse_store *store = self;
    struct text statement = {0}, answer = {0};
    text_addf(&statement, "%s FORMAT TabSeparated", sql);
    const struct http_request request = {store->target.database, text_words(&statement), NULL,
                                         &answer};
    bool is_done = clickhouse_http_run(store->http, &request, error) == HTTP_DONE;
    if (is_done && answer.length > 0)
        give_rows(answer.data, on_cells, context);
    text_free(&statement);
    text_free(&answer);
    return is_done;
}

static bool keep_number(void *context, const struct cells *cells)
{
    *(uint64_t *)context = cell_u64(cells->words[0]);
    return false;
}

static bool clickhouse_change_count(void *self, uint64_t *out, struct error *error)
{
    *out = 0;
    return clickhouse_query(self, "SELECT count() FROM finding", keep_number, out, error);
}

static void clickhouse_set_patience(void *self, store_patience_fn *has_patience, void *context)
{
    struct clickhouse_store *store = self;
    clickhouse_http_set_patience(store->http, has_patience, context);
}

static bool clickhouse_prune(void *self, int64_t before_ns, uint64_t size_max,
                             struct store_pruned *pruned, struct error *error)
{
    struct clickhouse_store *store = self;
    struct text sql = {0};
    *pruned = (struct store_pruned){0};
    if (size_max > 0 || before_ns <= 0)
        return error_set(error, "store prune: ClickHouse's tables are pruned by time only");
    text_addf(&sql, "SELECT count() FROM flow WHERE first_ns<%" PRId64, before_ns);
    bool is_done = clickhouse_query(store, text_words(&sql), keep_number, &pruned->flows, error);
    for (enum table_id id = TABLE_FLOW; is_done && id <= TABLE_FINDING; id++) {
        text_clear(&sql);
        clickhouse_add_prune(&sql, table_of(id), &store->target, before_ns);
        const struct http_request request = {store->target.database, text_words(&sql), NULL, NULL};
        is_done = clickhouse_http_run(store->http, &request, error) == HTTP_DONE;
    }
    text_free(&sql);
    return is_done;
}

static bool clickhouse_close(void *self, struct error *error)
{
    struct clickhouse_store *store = self;
    store->retry_ns = 0; /* one more try */
    bool is_done = clickhouse_commit(store, error);
    for (size_t i = 0; i < TABLES; i++)
        text_free(&store->batches[i]);
    spill_close(store->spill);
    clickhouse_http_free(store->http);
    free(store);
    return is_done;
}

static bool create_tables(struct clickhouse_store *store, struct error *error)
{
    struct text sql = {0};
    bool is_done = true;
    for (size_t step = 0; is_done; step++) {
        text_clear(&sql);
        if (!clickhouse_add_create(&sql, step, &store->target))
            break;
        const struct http_request request = {step > 0 ? store->target.database : NULL,
                                             text_words(&sql), NULL, NULL};
        is_done = clickhouse_http_run(store->http, &request, error) == HTTP_DONE;
    }
    text_free(&sql);
    return is_done;
}

void *clickhouse_backend_open(const struct target *target, const struct store_options *options,
                              struct error *error)
{
    struct clickhouse_store *store = memory_new(1, sizeof *store);
    store->target = *target;
    store->now_ns = options->now_ns;
    store->http = clickhouse_http_new(target, error);
    bool is_open = store->http != NULL;
    if (is_open && target->spill[0] != '\0') {
        store->spill = spill_open(target->spill, error);
        is_open = store->spill != NULL;
    }
    if (is_open && options->mode == STORE_CREATE)
        is_open = create_tables(store, error);
    if (is_open)
        return store;
    spill_close(store->spill);
    clickhouse_http_free(store->http);
    free(store);
    return NULL;
}

static const struct dialect clickhouse_dialect = {
    .octets_begin = "unhex('",
    .octets_end = "')",
    .divide_begin = "intDiv(",
    .divide_by = ",",
    .divide_end = ")",
    .position = "position",
    .doubles_backslashes = true,
};

const struct backend clickhouse_backend = {
    .dialect = &clickhouse_dialect,
    .query = clickhouse_query,
    .insert = clickhouse_insert,
    .flush = clickhouse_commit,
    .commit = clickhouse_commit,
    .uncommitted = clickhouse_uncommitted,
    .lost = clickhouse_lost,
    .change_count = clickhouse_change_count,
    .set_patience = clickhouse_set_patience,
    .prune = clickhouse_prune,
    .close = clickhouse_close,
};
