/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rollup.h"
#include "store/sql.h"
#include "store/store_state.h"

#include <inttypes.h>

struct reader {
    store_flow_fn *on_flow;
    void *context;
};

static bool read_flow(void *context, const struct cells *cells)
{
    struct reader *reader = context;
    struct store_flow flow = {0};
    row_read(table_of(TABLE_FLOW), cells, &flow);
    return reader->on_flow(reader->context, &flow);
}

static unsigned add_where(struct text *sql, const struct store *store,
                          const struct store_filter *filter)
{
    struct sql_where where = {.sql = sql, .dialect = store->backend->dialect};
    int64_t begin_ns, end_ns;
    store_filter_span(filter, &begin_ns, &end_ns);
    /* Without a bound SQLite would sort all rows rather than walk along the index. */
    if (begin_ns == INT64_MIN && end_ns == INT64_MAX)
        begin_ns++;
    sql_where_between(&where, "first_ns", begin_ns, end_ns);
    sql_where_words(&where, filter);
    sql_where_host(&where, filter);
    sql_where_search(&where, filter);
    return where.conditions;
}

static void add_select(struct text *sql)
{
    text_add(sql, "SELECT ");
    table_add_select_list(sql, table_of(TABLE_FLOW));
    text_add(sql, " FROM flow");
}

static bool ask(struct store *store, struct text *sql, struct reader *reader, struct error *error)
{
    bool is_done = store->backend->query(store->self, text_words(sql), read_flow, reader, error);
    text_free(sql);
    return is_done;
}

static int64_t measure_of(enum store_measure by, const struct store_flow *flow)
{
    const int64_t values[STORE_MEASURES] = {
        [STORE_FLOWS] = flow->first_ns,
        [STORE_PACKETS] = (int64_t)(flow->packets_there + flow->packets_back),
        [STORE_BYTES] = (int64_t)(flow->bytes_there + flow->bytes_back),
        [STORE_PAYLOAD] = (int64_t)(flow->payload_there + flow->payload_back),
        [STORE_FIRST] = flow->first_ns,
        [STORE_LAST] = flow->last_ns,
    };
    return values[by];
}

void store_position_move(struct store_position *position, enum store_measure by,
                         const struct store_flow *flow)
{
    const struct store_position here = {.measure = measure_of(by, flow),
                                        .first_ns = flow->first_ns,
                                        .last_ns = flow->last_ns,
                                        .flow_id = flow->flow_id,
                                        .equals = 1};
    bool is_equal = position->equals > 0 && position->measure == here.measure &&
                    position->first_ns == here.first_ns && position->last_ns == here.last_ns &&
                    position->flow_id == here.flow_id;
    uint64_t equals = is_equal ? position->equals + 1 : 1;
    *position = here;
    position->equals = equals;
}

/* From the position's own record on: those like it are passed over by their number, because a
 * capture that was read twice is in the store twice. The first condition is for the index. */
static void add_position(struct text *sql, const struct store *store,
                         const struct store_filter *filter, const struct store_page *page)
{
    const struct store_position *after = page->after;
    const char *measure = sql_flow_measure(page->by);
    char beyond = page->is_ascending ? '>' : '<';
    struct sql_where where = {.sql = sql, .dialect = store->backend->dialect};
    where.conditions = add_where(sql, store, filter);
    if (!after)
        return;
    sql_where_next(&where);
    text_addf(sql,
              "%s%c=%" PRId64 " AND (%s%c%" PRId64 " OR flow_id>%" PRIu64 " OR (flow_id=%" PRIu64
              " AND (first_ns>%" PRId64 " OR (first_ns=%" PRId64 " AND last_ns>=%" PRId64 "))))",
              measure, beyond, after->measure, measure, beyond, after->measure, after->flow_id,
              after->flow_id, after->first_ns, after->first_ns, after->last_ns);
}

bool store_flows(struct store *store, const struct store_filter *filter,
                 const struct store_page *page, store_flow_fn *on_flow, void *context,
                 struct error *error)
{
    struct text sql = {0};
    add_select(&sql);
    struct store_page rest = *page;
    add_position(&sql, store, filter, page);
    rest.offset += page->after ? page->after->equals : 0;
    text_addf(&sql, " ORDER BY %s%s,flow_id,first_ns,last_ns", sql_flow_measure(page->by),
              page->is_ascending ? "" : " DESC");
    sql_add_page(&sql, &rest);
    return ask(store, &sql, &(struct reader){on_flow, context}, error);
}

bool store_flow_by_id(struct store *store, uint64_t flow_id, int64_t near_ns,
                      store_flow_fn *on_flow, void *context, struct error *error)
{
    struct text sql = {0};
    struct sql_where where = {.sql = &sql, .dialect = store->backend->dialect};
    add_select(&sql);
    if (near_ns > 0)
        sql_where_between(&where, "first_ns", near_ns - ROLLUP_HOUR_NS, near_ns + ROLLUP_HOUR_NS);
    sql_where_next(&where);
    text_addf(&sql, "flow_id=%" PRIu64 " ORDER BY first_ns,last_ns", flow_id);
    return ask(store, &sql, &(struct reader){on_flow, context}, error);
}

static bool keep_flows(void *context, const struct store_group *group)
{
    *(uint64_t *)context = group->flows;
    return false;
}

bool store_count_flows(struct store *store, const struct store_filter *filter, uint64_t *out,
                       struct error *error)
{
    const struct store_grouping all = {.key_count = 0};
    *out = 0;
    return store_groups(store, filter, &all, keep_flows, out, error);
}
