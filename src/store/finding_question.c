/* SPDX-License-Identifier: Apache-2.0
 *
 * A finding is written each time it is told, with numbers that grow within a run. What one asks for
 * is one finding: the last telling of each run, all runs together, and what a person said of it.
 */
#include "base/memory.h"
#include "store/row_list.h"
#include "store/sql.h"
#include "store/store_state.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct fold {
    struct row_list findings;
    uint64_t counts_before; /* of the runs before this one, of the finding under way */
    bool is_full;
};

static bool fold_finding(void *context, const struct cells *cells)
{
    struct fold *fold = context;
    struct store_finding row = {.acknowledged_by = "", .comment = ""};
    row_read(table_of(TABLE_FINDING), cells, &row);
    struct store_finding *last =
        fold->findings.count > 0 ? fold->findings.rows[fold->findings.count - 1] : NULL;
    if (!last || strcmp(last->id, row.id) != 0) {
        fold->counts_before = 0;
        fold->is_full = !row_list_add(&fold->findings, &row);
        return !fold->is_full;
    }
    if (strcmp(last->run, row.run) != 0)
        fold->counts_before = last->count;
    row.count += fold->counts_before;
    row.stored_ns = last->stored_ns < row.stored_ns ? last->stored_ns : row.stored_ns;
    row.first_ns = last->first_ns < row.first_ns ? last->first_ns : row.first_ns;
    row.last_ns = last->last_ns > row.last_ns ? last->last_ns : row.last_ns;
    row.severity = last->severity > row.severity ? last->severity : row.severity;
    row_list_replace_last(&fold->findings, &row);
    return true;
}

static bool keep_acknowledgement(void *context, const struct cells *cells)
{
    struct row_list *list = context;
    struct store_acknowledgement_row row = {0};
    row_read(table_of(TABLE_ACKNOWLEDGEMENT), cells, &row);
    const struct store_acknowledgement_row *last =
        list->count > 0 ? list->rows[list->count - 1] : NULL;
    if (last && strcmp(last->finding_id, row.finding_id) == 0) {
        row_list_replace_last(list, &row);
        return true;
    }
    return row_list_add(list, &row);
}

static int compare_id(const void *id, const void *member)
{
    const struct store_acknowledgement_row *const *row = member;
    return strcmp(id, (*row)->finding_id);
}

static void set_acknowledgement(struct store_finding *finding, const struct row_list *list)
{
    const struct store_acknowledgement_row *const *found =
        list->count > 0
            ? bsearch(finding->id, list->rows, list->count, sizeof *list->rows, compare_id)
            : NULL;
    if (!found || (*found)->severity < finding->severity)
        return;
    finding->is_acknowledged = true;
    finding->acknowledged_ns = (*found)->at_ns;
    finding->acknowledged_by = (*found)->by;
    finding->comment = (*found)->comment;
}

static bool query_all(struct store *store, enum table_id id, const char *rest, cells_fn *on_cells,
                      void *context, struct error *error)
{
    struct text sql = {0};
    text_add(&sql, "SELECT ");
    table_add_select_list(&sql, table_of(id));
    text_addf(&sql, " FROM %s %s", table_of(id)->name, rest);
    bool is_done = store->backend->query(store->self, text_words(&sql), on_cells, context, error);
    text_free(&sql);
    return is_done;
}

static bool has_host(const char *hosts, const struct network *network)
{
    while (*hosts != '\0') {
        size_t length = strcspn(hosts, " ");
        char *word = memory_string_n(hosts, length);
        struct address address;
        bool is_it = address_parse(word, &address) && network_contains(network, &address);
        free(word);
        if (is_it)
            return true;
        hosts += length;
        hosts += *hosts == ' ';
    }
    return false;
}

static bool has_words(const char *text, const char *words)
{
    size_t length = strlen(words);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, words, length) == 0)
            return true;
    }
    return length == 0;
}

static bool is_found(const struct store_finding *finding, const char *words)
{
    const char *const texts[] = {finding->title,       finding->why,     finding->detector,
                                 finding->hosts,       finding->service, finding->attack_id,
                                 finding->attack_name, finding->id,      finding->comment};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (has_words(texts[i], words))
            return true;
    }
    return false;
}

static bool is_asked_for(const struct store_finding *finding, const struct store_filter *filter)
{
    int64_t begin_ns, end_ns;
    store_filter_span(filter, &begin_ns, &end_ns);
    return finding->last_ns >= begin_ns && finding->first_ns < end_ns &&
           finding->severity >= filter->severity &&
           store_filter_has_word(filter->service, finding->service) &&
           store_filter_has_word(filter->probe, finding->probe) &&
           (!filter->has_host || has_host(finding->hosts, &filter->host)) &&
           (!filter->search || is_found(finding, filter->search));
}

static int compare_times(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_findings(const void *left, const void *right)
{
    const struct store_finding *a = *(const struct store_finding *const *)left;
    const struct store_finding *b = *(const struct store_finding *const *)right;
    if (a->is_acknowledged != b->is_acknowledged)
        return a->is_acknowledged - b->is_acknowledged;
    if (a->severity != b->severity)
        return (int)b->severity - (int)a->severity;
    int order = compare_times(b->last_ns, a->last_ns);
    return order != 0 ? order : strcmp(a->id, b->id);
}

static bool load_findings(struct store *store, int64_t stored_since_ns, struct fold *fold,
                          struct error *error)
{
    struct text rest = {0};
    if (stored_since_ns > 0)
        text_addf(&rest, "WHERE stored_ns>=%" PRId64 " ", stored_since_ns);
    text_add(&rest, "ORDER BY id,run,stored_ns,count,last_ns");
    bool is_done = query_all(store, TABLE_FINDING, text_words(&rest), fold_finding, fold, error);
    text_free(&rest);
    return is_done;
}

/* All findings, folded, with what was said of them, worst first. */
static bool load(struct store *store, int64_t stored_since_ns, struct fold *fold,
                 struct row_list *said, struct error *error)
{
    *fold = (struct fold){
        .findings = {.table = table_of(TABLE_FINDING), .row_size = sizeof(struct store_finding)}};
    *said = (struct row_list){.table = table_of(TABLE_ACKNOWLEDGEMENT),
                              .row_size = sizeof(struct store_acknowledgement_row)};
    if (!load_findings(store, stored_since_ns, fold, error) ||
        !query_all(store, TABLE_ACKNOWLEDGEMENT, "ORDER BY finding_id,at_ns", keep_acknowledgement,
                   said, error))
        return false;
    if (fold->is_full)
        return error_set(error, "more than %d findings; prune the store", ROW_LIST_MAX);
    for (size_t i = 0; i < fold->findings.count; i++)
        set_acknowledgement(fold->findings.rows[i], said);
    if (fold->findings.count > 0)
        qsort(fold->findings.rows, fold->findings.count, sizeof *fold->findings.rows,
              compare_findings);
    return true;
}

static void unload(struct fold *fold, struct row_list *said)
{
    row_list_free(&fold->findings);
    row_list_free(said);
}

bool store_findings(struct store *store, const struct store_filter *filter,
                    store_finding_fn *on_finding, void *context, struct error *error)
{
    struct fold fold;
    struct row_list said;
    bool is_done = load(store, filter->stored_since_ns, &fold, &said, error);
    bool wants_more = is_done;
    for (size_t i = 0; wants_more && i < fold.findings.count; i++) {
        const struct store_finding *finding = fold.findings.rows[i];
        if (is_asked_for(finding, filter))
            wants_more = on_finding(context, finding);
    }
    unload(&fold, &said);
    return is_done;
}

/* The number of findings whose id begins so; *out is one of them. */
static size_t count_matches(const struct row_list *findings, const char *id,
                            const struct store_finding **out)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct store_finding *finding = findings->rows[i];
        if (strncasecmp(finding->id, id, strlen(id)) != 0)
            continue;
        *out = finding;
        count++;
    }
    return count;
}

bool store_finding_by_id(struct store *store, const char *id, store_finding_fn *on_finding,
                         void *context, struct error *error)
{
    struct fold fold;
    struct row_list said;
    char shown[80];
    const struct store_finding *finding = NULL;
    bool is_done = load(store, 0, &fold, &said, error);
    if (is_done) {
        size_t count = id[0] != '\0' ? count_matches(&fold.findings, id, &finding) : 0;
        if (count == 1)
            on_finding(context, finding);
        else
            is_done = error_usage(error,
                                  count == 0 ? "no finding has the id '%s'; 'review' lists them"
                                             : "several findings have ids that begin with '%s'; "
                                               "write more of it",
                                  text_printable(id, shown, sizeof shown));
    }
    unload(&fold, &said);
    return is_done;
}

static bool keep_severity(void *context, const struct store_finding *finding)
{
    *(uint8_t *)context = (uint8_t)finding->severity;
    return true;
}

bool store_acknowledge(struct store *store, const struct store_acknowledgement *acknowledgement,
                       struct error *error)
{
    uint8_t severity = 0;
    if (!store_finding_by_id(store, acknowledgement->finding_id, keep_severity, &severity, error))
        return false;
    const struct store_acknowledgement_row row = {
        .finding_id = acknowledgement->finding_id,
        .by = acknowledgement->by,
        .comment = acknowledgement->comment,
        .at_ns = acknowledgement->at_ns,
        .severity = severity,
    };
    return store->backend->insert(store->self, TABLE_ACKNOWLEDGEMENT, &row, error) &&
           store->backend->commit(store->self, error);
}
