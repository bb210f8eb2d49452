/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row_list.h"
#include "store/sql.h"
#include "store/store_state.h"

#include <stdlib.h>

/* A run writes its numbers again as they grow: the last ones count. */
static bool keep_last(void *context, const struct cells *cells)
{
    struct row_list *list = context;
    struct store_run row = {0};
    row_read(table_of(TABLE_RUN), cells, &row);
    const struct store_run *last = list->count > 0 ? list->rows[list->count - 1] : NULL;
    if (last && strcmp(last->run, row.run) == 0) {
        row_list_replace_last(list, &row);
        return true;
    }
    return row_list_add(list, &row);
}

static int compare_runs(const void *left, const void *right)
{
    const struct store_run *a = *(const struct store_run *const *)left;
    const struct store_run *b = *(const struct store_run *const *)right;
    if (a->last_ns != b->last_ns)
        return a->last_ns < b->last_ns ? 1 : -1;
    return strcmp(a->run, b->run);
}

static bool overlaps(const struct store_run *run, const struct store_filter *filter)
{
    int64_t begin_ns, end_ns;
    store_filter_span(filter, &begin_ns, &end_ns);
    return run->last_ns >= begin_ns && run->first_ns < end_ns;
}

bool store_runs(struct store *store, const struct store_filter *filter, store_run_fn *on_run,
                void *context, struct error *error)
{
    struct text sql = {0};
    struct row_list list = {.table = table_of(TABLE_RUN), .row_size = sizeof(struct store_run)};
    struct sql_where where = {.sql = &sql, .dialect = store->backend->dialect};
    const struct store_filter of_probe = {.probe = filter->probe};
    text_add(&sql, "SELECT ");
    table_add_select_list(&sql, list.table);
    text_add(&sql, " FROM run");
    sql_where_words(&where, &of_probe);
    text_add(&sql, " ORDER BY run,is_over,packets,stored_ns");
    bool is_done = store->backend->query(store->self, text_words(&sql), keep_last, &list, error);
    text_free(&sql);
    if (is_done && list.count > 0)
        qsort(list.rows, list.count, sizeof *list.rows, compare_runs);
    bool wants_more = is_done;
    for (size_t i = 0; wants_more && i < list.count; i++) {
        if (overlaps(list.rows[i], filter))
            wants_more = on_run(context, list.rows[i]);
    }
    row_list_free(&list);
    return is_done;
}

static bool keep_time(void *context, const struct cells *cells)
{
    *(int64_t *)context = cell_i64(cells->words[0]);
    return false;
}

bool store_last_review(struct store *store, int64_t *out_ns, struct error *error)
{
    *out_ns = 0;
    return store->backend->query(store->self, "SELECT max(at_ns) FROM review", keep_time, out_ns,
                                 error);
}

bool store_mark_reviewed(struct store *store, int64_t at_ns, struct error *error)
{
    const struct store_review_row row = {at_ns};
    return store->backend->insert(store->self, TABLE_REVIEW, &row, error) &&
           store->backend->commit(store->self, error);
}

void store_set_patience(struct store *store, store_patience_fn *has_patience, void *context)
{
    store->backend->set_patience(store->self, has_patience, context);
}

bool store_change_count(struct store *store, uint64_t *out, struct error *error)
{
    return store->backend->change_count(store->self, out, error);
}
