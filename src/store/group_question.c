/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums over groups of flows: of what a backend has summed already, or by the database.
 */
#include "store/fold.h"
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
    struct text sql;
};

static void add_source(struct question *question)
{
    struct sql_where where = {.sql = &question->sql, .dialect = question->dialect};
    int64_t begin_ns, end_ns;
    store_filter_span(question->filter, &begin_ns, &end_ns);
    text_add(&question->sql, " FROM flow");
    sql_where_between(&where, "first_ns", begin_ns, end_ns);
    sql_where_words(&where, question->filter);
    sql_where_host(&where, question->filter);
    sql_where_search(&where, question->filter);
}

static void add_bucket(struct question *question)
{
    const struct dialect *dialect = question->dialect;
    int64_t size = question->grouping->bucket_ns;
    text_addf(&question->sql, "%sfirst_ns%s%" PRId64 "%s*%" PRId64, dialect->divide_begin,
              dialect->divide_by, size, dialect->divide_end, size);
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

static const char *sum_of(const char *name)
{
    for (size_t i = 0; i < SUMS; i++) {
        if (strcmp(sums[i].name, name) == 0)
            return sums[i].of_flows;
    }
    return name;
}

static void add_order(struct question *question)
{
    const struct store_page *page = &question->grouping->page;
    text_add(&question->sql, " ORDER BY ");
    text_add(&question->sql, sum_of(measures[page->by].first));
    if (measures[page->by].second) {
        text_add(&question->sql, "+");
        text_add(&question->sql, sum_of(measures[page->by].second));
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
    for (size_t i = 0; i < SUMS; i++)
        text_addf(&question->sql, "%s%s", i > 0 ? "," : "", sums[i].of_flows);
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
    const char *const *words = cells->words + reader->grouping->key_count;
    uint64_t *const places[] = {&group.flows,       &group.packets_there, &group.packets_back,
                                &group.bytes_there, &group.bytes_back,    &group.payload_there,
                                &group.payload_back};
    size_t count = sizeof places / sizeof places[0];
    for (size_t i = 0; i < count; i++)
        *places[i] = cell_u64(words[i]);
    group.first_ns = cell_i64(words[count]);
    group.last_ns = cell_i64(words[count + 1]);
    return reader->on_group(reader->context, &group);
}

static bool ask(struct store *store, const struct store_filter *filter,
                const struct store_grouping *grouping, struct reader *reader, struct error *error)
{
    struct question question = {
        .dialect = store->backend->dialect, .filter = filter, .grouping = grouping};
    compose(&question);
    bool is_done =
        store->backend->query(store->self, text_words(&question.sql), read_group, reader, error);
    text_free(&question.sql);
    return is_done;
}

/* Sums know no words but those of labels: a search reads the rows. */
bool store_groups(struct store *store, const struct store_filter *filter,
                  const struct store_grouping *grouping, store_group_fn *on_group, void *context,
                  struct error *error)
{
    struct reader reader = {grouping, on_group, context};
    bool is_search = filter->search && filter->search[0] != '\0';
    enum fold_result result = FOLD_TOO_MUCH;
    if (store->backend->fold && !is_search)
        result = fold_groups(store, filter, grouping, on_group, context, error);
    return result == FOLD_TOO_MUCH ? ask(store, filter, grouping, &reader, error)
                                   : result == FOLD_DONE;
}
