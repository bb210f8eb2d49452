/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums over groups of flows. SQLite reads the smallest of its rollups that knows all that is asked;
 * hours that are asked for in part are completed from the rows themselves.
 */
#include "store/rollup.h"
#include "store/sql.h"
#include "store/store_state.h"

#include <inttypes.h>

static const struct {
    const char *name;
    const char *column; /* NULL: made of the time */
    bool is_address;
} keys[STORE_KEYS] = {
    [STORE_BY_SERVICE] = {"service", "service", false},
    [STORE_BY_VERDICT] = {"verdict", "verdict", false},
    [STORE_BY_APPLICATION] = {"application", "application", false},
    [STORE_BY_PROBE] = {"probe", "probe", false},
    [STORE_BY_INITIATOR] = {"initiator", "initiator", true},
    [STORE_BY_RESPONDER] = {"responder", "responder", true},
    [STORE_BY_TIME] = {"time", NULL, false},
};

static const struct {
    const char *name;
    const char *of_flow;        /* to sort single records by */
    const char *first, *second; /* the sums that make it, of a group */
} measures[STORE_MEASURES] = {
    [STORE_FLOWS] = {"flows", "first_ns", "flows", NULL},
    [STORE_PACKETS] = {"packets", "packets_there+packets_back", "packets_there", "packets_back"},
    [STORE_BYTES] = {"bytes", "bytes_there+bytes_back", "bytes_there", "bytes_back"},
    [STORE_PAYLOAD] = {"payload", "payload_there+payload_back", "payload_there", "payload_back"},
    [STORE_FIRST] = {"first", "first_ns", "first_ns", NULL},
    [STORE_LAST] = {"last", "last_ns", "last_ns", NULL},
};

const char *store_key_name(enum store_key key)
{
    return keys[key].name;
}

const char *store_measure_name(enum store_measure measure)
{
    return measures[measure].name;
}

const char *sql_flow_measure(enum store_measure measure)
{
    return measures[measure].of_flow;
}

bool store_key_parse(const char *word, enum store_key *out)
{
    for (enum store_key key = 0; key < STORE_KEYS; key++) {
        if (strcmp(keys[key].name, word) == 0) {
            *out = key;
            return true;
        }
    }
    return false;
}

bool store_measure_parse(const char *word, enum store_measure *out)
{
    for (enum store_measure measure = 0; measure < STORE_MEASURES; measure++) {
        if (strcmp(measures[measure].name, word) == 0) {
            *out = measure;
            return true;
        }
    }
    return false;
}

struct question {
    const struct dialect *dialect;
    const struct store_filter *filter;
    const struct store_grouping *grouping;
    const struct rollup *rollup; /* NULL: the rows */
    int64_t begin_ns, end_ns;
    struct text sql;
};

static bool is_grouped_by(const struct store_grouping *grouping, enum store_key key)
{
    for (size_t i = 0; i < grouping->key_count; i++) {
        if (grouping->keys[i] == key)
            return true;
    }
    return false;
}

static const struct rollup *choose(const struct question *question)
{
    const struct store_grouping *grouping = question->grouping;
    const struct store_filter *filter = question->filter;
    bool needs_responder = filter->has_host || is_grouped_by(grouping, STORE_BY_RESPONDER);
    bool needs_initiator = is_grouped_by(grouping, STORE_BY_INITIATOR);
    bool by_time = is_grouped_by(grouping, STORE_BY_TIME);
    if (!question->dialect->has_rollups || (filter->search && filter->search[0] != '\0'))
        return NULL;
    for (enum rollup_id id = 0; id < ROLLUPS; id++) {
        const struct rollup *rollup = &rollups[id];
        if ((!needs_responder || rollup->has_responder) &&
            (!needs_initiator || rollup->has_initiator) &&
            (!by_time || grouping->bucket_ns % rollup->bucket_ns == 0))
            return rollup;
    }
    return NULL;
}

static void add_sums_of(struct text *sql, bool of_flows)
{
    for (size_t i = 0; i < ROLLUP_SUMS; i++)
        text_addf(sql, "%s%s", i > 0 ? "," : "",
                  of_flows ? rollup_sums[i].of_flows : rollup_sums[i].of_sums);
}

/* The columns of a pair's sums, of its rollup or of single flows. */
static void add_pair_columns(struct text *sql, bool of_flows)
{
    text_addf(sql, "SELECT %s AS bucket,service,verdict,application,probe,initiator,responder",
              of_flows ? "first_ns" : "bucket");
    for (size_t i = 0; i < ROLLUP_SUMS; i++)
        text_addf(sql, ",%s%s", of_flows && i == 0 ? "1 AS " : "", rollup_sums[i].name);
    text_addf(sql, " FROM %s", of_flows ? "flow" : "pair_hour");
}

static void add_pairs_between(struct question *question, bool of_flows, int64_t begin_ns,
                              int64_t end_ns)
{
    struct sql_where where = {.sql = &question->sql, .dialect = question->dialect};
    add_pair_columns(&question->sql, of_flows);
    sql_where_between(&where, of_flows ? "first_ns" : "bucket", begin_ns, end_ns);
    sql_where_dimensions(&where, question->filter);
}

/* Whole buckets from the sums, what is left at both ends from the rows. */
static void add_completed(struct question *question)
{
    int64_t size = question->rollup->bucket_ns;
    int64_t begin_ns = question->begin_ns, end_ns = question->end_ns;
    int64_t first = begin_ns == INT64_MIN ? begin_ns : (begin_ns + size - 1) / size * size;
    int64_t behind = end_ns == INT64_MAX ? end_ns : end_ns / size * size;
    text_add(&question->sql, "(");
    if (first >= behind) {
        add_pairs_between(question, true, begin_ns, end_ns);
    } else {
        add_pairs_between(question, false, first, behind);
        if (begin_ns < first) {
            text_add(&question->sql, " UNION ALL ");
            add_pairs_between(question, true, begin_ns, first);
        }
        if (behind < end_ns) {
            text_add(&question->sql, " UNION ALL ");
            add_pairs_between(question, true, behind, end_ns);
        }
    }
    text_add(&question->sql, ")");
}

static void add_source(struct question *question)
{
    struct sql_where where = {.sql = &question->sql, .dialect = question->dialect};
    const struct rollup *rollup = question->rollup;
    text_add(&question->sql, " FROM ");
    if (rollup && rollup->has_responder) {
        add_completed(question);
        return;
    }
    text_add(&question->sql, rollup ? rollup->table : "flow");
    sql_where_between(&where, rollup ? "bucket" : "first_ns", question->begin_ns, question->end_ns);
    sql_where_dimensions(&where, question->filter);
    if (!rollup)
        sql_where_search(&where, question->filter);
}

static void add_bucket(struct question *question)
{
    const struct dialect *dialect = question->dialect;
    int64_t size = question->grouping->bucket_ns;
    text_addf(&question->sql, "%s%s%s%" PRId64 "%s*%" PRId64, dialect->divide_begin,
              question->rollup ? "bucket" : "first_ns", dialect->divide_by, size,
              dialect->divide_end, size);
}

static void add_key(struct question *question, enum store_key key, bool is_printed)
{
    if (key == STORE_BY_TIME)
        add_bucket(question);
    else
        text_addf(&question->sql, is_printed && keys[key].is_address ? "hex(%s)" : "%s",
                  keys[key].column);
}

static void add_keys(struct question *question, bool is_printed)
{
    for (size_t i = 0; i < question->grouping->key_count; i++) {
        text_add(&question->sql, i > 0 ? "," : "");
        add_key(question, question->grouping->keys[i], is_printed);
    }
}

static const char *sum_of(const struct question *question, const char *name)
{
    for (size_t i = 0; i < ROLLUP_SUMS; i++) {
        if (strcmp(rollup_sums[i].name, name) == 0)
            return question->rollup ? rollup_sums[i].of_sums : rollup_sums[i].of_flows;
    }
    return name;
}

static void add_order(struct question *question)
{
    const struct store_page *page = &question->grouping->page;
    text_add(&question->sql, " ORDER BY ");
    text_add(&question->sql, sum_of(question, measures[page->by].first));
    if (measures[page->by].second) {
        text_add(&question->sql, "+");
        text_add(&question->sql, sum_of(question, measures[page->by].second));
    }
    text_add(&question->sql, page->is_ascending ? "," : " DESC,");
    add_keys(question, false);
    sql_add_page(&question->sql, page);
}

static void compose(struct question *question)
{
    const struct store_grouping *grouping = question->grouping;
    text_add(&question->sql, "SELECT ");
    add_keys(question, true);
    text_add(&question->sql, grouping->key_count > 0 ? "," : "");
    add_sums_of(&question->sql, !question->rollup);
    add_source(question);
    if (grouping->key_count == 0)
        return;
    text_add(&question->sql, " GROUP BY ");
    add_keys(question, false);
    if (grouping->new_since_ns > 0)
        text_addf(&question->sql, " HAVING min(stored_ns)>%" PRId64, grouping->new_since_ns);
    add_order(question);
}

struct reader {
    const struct store_grouping *grouping;
    store_group_fn *on_group;
    void *context;
};

static void read_keys(const struct reader *reader, const struct cells *cells,
                      struct store_group *group, char addresses[][ADDRESS_TEXT_SIZE])
{
    for (size_t i = 0; i < reader->grouping->key_count; i++) {
        group->keys[i] = cells->words[i];
        if (!keys[reader->grouping->keys[i]].is_address)
            continue;
        struct address address = cell_address(cells->words[i]);
        group->keys[i] = address_text(&address, addresses[i]);
    }
}

static bool read_group(void *context, const struct cells *cells)
{
    struct reader *reader = context;
    char addresses[STORE_KEYS][ADDRESS_TEXT_SIZE];
    struct store_group group = {0};
    read_keys(reader, cells, &group, addresses);
    const char *const *sums = cells->words + reader->grouping->key_count;
    uint64_t *const places[] = {&group.flows,       &group.packets_there, &group.packets_back,
                                &group.bytes_there, &group.bytes_back,    &group.payload_there,
                                &group.payload_back};
    size_t count = sizeof places / sizeof places[0];
    for (size_t i = 0; i < count; i++)
        *places[i] = cell_u64(sums[i]);
    group.first_ns = cell_i64(sums[count]);
    group.last_ns = cell_i64(sums[count + 1]);
    return reader->on_group(reader->context, &group);
}

bool store_groups(struct store *store, const struct store_filter *filter,
                  const struct store_grouping *grouping, store_group_fn *on_group, void *context,
                  struct error *error)
{
    struct question question = {
        .dialect = store->backend->dialect, .filter = filter, .grouping = grouping};
    struct reader reader = {grouping, on_group, context};
    store_filter_span(filter, &question.begin_ns, &question.end_ns);
    question.rollup = choose(&question);
    compose(&question);
    bool is_done =
        store->backend->query(store->self, text_words(&question.sql), read_group, &reader, error);
    text_free(&question.sql);
    return is_done;
}
