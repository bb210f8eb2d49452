/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fold.h"

#include "base/memory.h"
#include "store/fold_statement.h"
#include "store/rollup.h"
#include "store/store_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { GROUPS_MAX = 1 << 20, LABELS_MAX = 1 << 22 };
enum { LABEL_KEYS = STORE_BY_PROBE + 1 }; /* the keys that are words, in the order of their enum */

/* Labels that differ only in words that are not asked for are one group. */
struct label_group {
    char *words[LABEL_KEYS];
};

struct fold {
    const struct store_filter *filter;
    const struct store_grouping *grouping;
    bool has_key[STORE_KEYS];
    uint32_t *group_of; /* by a label's number: 1 + its group; 0: not asked for */
    size_t label_count;
    struct label_group *groups;
    size_t group_count;
    struct sum_table *table;
    bool is_full;
};

static bool is_asked_for(const struct store_filter *filter, const char *const words[LABEL_KEYS])
{
    const char *const wanted[LABEL_KEYS] = {
        [STORE_BY_SERVICE] = filter->service,
        [STORE_BY_VERDICT] = filter->verdict,
        [STORE_BY_APPLICATION] = filter->application,
        [STORE_BY_PROBE] = filter->probe,
    };
    for (size_t i = 0; i < LABEL_KEYS; i++) {
        if (!store_filter_has_word(wanted[i], words[i]))
            return false;
    }
    return true;
}

static bool is_in_last_group(const struct fold *fold, const char *const words[LABEL_KEYS])
{
    if (fold->group_count == 0)
        return false;
    const struct label_group *last = &fold->groups[fold->group_count - 1];
    for (size_t i = 0; i < LABEL_KEYS; i++) {
        if (fold->has_key[i] && strcmp(last->words[i], words[i]) != 0)
            return false;
    }
    return true;
}

static void add_group(struct fold *fold, const char *const words[LABEL_KEYS])
{
    size_t count = fold->group_count;
    if ((count & (count - 1)) == 0) /* the room doubles */
        fold->groups = memory_resize(fold->groups, count > 0 ? 2 * count : 1, sizeof *fold->groups);
    for (size_t i = 0; i < LABEL_KEYS; i++)
        fold->groups[count].words[i] = memory_string(words[i]);
    fold->group_count++;
}

static void set_group(struct fold *fold, size_t label)
{
    if (label >= fold->label_count) {
        size_t count = 2 * label + 1;
        fold->group_of = memory_resize(fold->group_of, count, sizeof *fold->group_of);
        memset(fold->group_of + fold->label_count, 0,
               (count - fold->label_count) * sizeof *fold->group_of);
        fold->label_count = count;
    }
    fold->group_of[label] = (uint32_t)fold->group_count;
}

/* "id,service,verdict,application,probe", those of one group behind one another. */
static bool keep_label(void *context, const struct cells *cells)
{
    struct fold *fold = context;
    uint64_t label = cell_u64(cells->words[0]);
    const char *const *words = cells->words + 1;
    fold->is_full = label >= LABELS_MAX;
    if (fold->is_full || !is_asked_for(fold->filter, words))
        return !fold->is_full;
    if (!is_in_last_group(fold, words))
        add_group(fold, words);
    set_group(fold, label);
    return true;
}

static bool load_labels(struct fold *fold, struct store *store, struct error *error)
{
    struct text sql = {0};
    text_add(&sql, "SELECT id,service,verdict,application,probe FROM label ORDER BY ");
    for (size_t key = 0; key < LABEL_KEYS; key++) {
        if (fold->has_key[key])
            text_addf(&sql, "%s,", store_key_name((enum store_key)key));
    }
    text_add(&sql, "id");
    bool is_done = store->backend->query(store->self, text_words(&sql), keep_label, fold, error);
    text_free(&sql);
    return is_done;
}

static bool keep_end(void *context, const struct cells *cells)
{
    *(int64_t *)context = cell_i64(cells->words[0]);
    return false;
}

static bool compose(struct store *store, const struct fold *fold, struct text *sql,
                    struct error *error)
{
    int64_t end_ns = 0;
    bool is_done = true;
    for (size_t i = 0; is_done && i < ROLLUPS; i++) {
        if (!rollups[i].is_late)
            continue;
        text_clear(sql);
        rollup_add_end(sql, &rollups[i]);
        is_done = store->backend->query(store->self, text_words(sql), keep_end, &end_ns, error);
    }
    text_clear(sql);
    fold_add_statement(sql, store->backend->dialect, fold->filter, fold->grouping, end_ns);
    return is_done;
}

bool fold_add(struct fold *fold, const struct sum_key *key, const int64_t values[SUMS])
{
    if (key->label >= fold->label_count || fold->group_of[key->label] == 0)
        return true;
    struct sum_key group = {.label = fold->group_of[key->label] - 1};
    if (fold->has_key[STORE_BY_TIME])
        group.bucket_ns = rollup_bucket(key->bucket_ns, fold->grouping->bucket_ns);
    if (fold->has_key[STORE_BY_INITIATOR])
        group.initiator = key->initiator;
    if (fold->has_key[STORE_BY_RESPONDER])
        group.responder = key->responder;
    fold->is_full = !sum_table_add(fold->table, &group, values);
    return !fold->is_full;
}

/* One group of the answer, in the order of the page. */
struct item {
    const struct fold *fold;
    const struct sum_entry *entry;
    int64_t measure;
};

static int64_t measure_of(const struct sum_entry *entry, enum store_measure by)
{
    static const struct {
        enum sum_id first, second; /* the same twice: one alone */
    } parts[STORE_MEASURES] = {
        [STORE_FLOWS] = {SUM_FLOWS, SUM_FLOWS},
        [STORE_PACKETS] = {SUM_PACKETS_THERE, SUM_PACKETS_BACK},
        [STORE_BYTES] = {SUM_BYTES_THERE, SUM_BYTES_BACK},
        [STORE_PAYLOAD] = {SUM_PAYLOAD_THERE, SUM_PAYLOAD_BACK},
        [STORE_FIRST] = {SUM_FIRST, SUM_FIRST},
        [STORE_LAST] = {SUM_LAST, SUM_LAST},
    };
    int64_t first = entry->sums[parts[by].first];
    return parts[by].second == parts[by].first ? first : first + entry->sums[parts[by].second];
}

static int compare_octets(const struct address *a, const struct address *b)
{
    size_t length_a = a->version == 4 ? 4 : 16, length_b = b->version == 4 ? 4 : 16;
    int order = memcmp(a->bytes, b->bytes, length_a < length_b ? length_a : length_b);
    return order != 0 ? order : (length_a > length_b) - (length_a < length_b);
}

/* As the databases order what they keep: words and octets by their bytes. */
static int compare_key(const struct item *a, const struct item *b, enum store_key key)
{
    const struct sum_key *left = &a->entry->key, *right = &b->entry->key;
    if (key == STORE_BY_INITIATOR)
        return compare_octets(&left->initiator, &right->initiator);
    if (key == STORE_BY_RESPONDER)
        return compare_octets(&left->responder, &right->responder);
    if (key == STORE_BY_TIME)
        return (left->bucket_ns > right->bucket_ns) - (left->bucket_ns < right->bucket_ns);
    return strcmp(a->fold->groups[left->label].words[key],
                  a->fold->groups[right->label].words[key]);
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    const struct store_grouping *grouping = a->fold->grouping;
    int order = (a->measure > b->measure) - (a->measure < b->measure);
    if (order != 0)
        return grouping->page.is_ascending ? order : -order;
    for (size_t i = 0; order == 0 && i < grouping->key_count; i++)
        order = compare_key(a, b, grouping->keys[i]);
    return order;
}

static size_t collect(const struct fold *fold, struct item **out)
{
    size_t count, kept = 0;
    const struct sum_entry *entries = sum_table_entries(fold->table, &count);
    const struct store_grouping *grouping = fold->grouping;
    struct item *items = memory_new(count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        if (grouping->key_count > 0 && grouping->new_since_ns > 0 &&
            entries[i].sums[SUM_STORED] <= grouping->new_since_ns)
            continue;
        items[kept++] =
            (struct item){fold, &entries[i], measure_of(&entries[i], grouping->page.by)};
    }
    qsort(items, kept, sizeof *items, compare_items);
    *out = items;
    return kept;
}

static bool give_group(const struct item *item, store_group_fn *on_group, void *context)
{
    const struct store_grouping *grouping = item->fold->grouping;
    const struct sum_key *key = &item->entry->key;
    const int64_t *values = item->entry->sums;
    char words[STORE_KEYS][ADDRESS_TEXT_SIZE];
    struct store_group group = {
        .flows = (uint64_t)values[SUM_FLOWS],
        .packets_there = (uint64_t)values[SUM_PACKETS_THERE],
        .packets_back = (uint64_t)values[SUM_PACKETS_BACK],
        .bytes_there = (uint64_t)values[SUM_BYTES_THERE],
        .bytes_back = (uint64_t)values[SUM_BYTES_BACK],
        .payload_there = (uint64_t)values[SUM_PAYLOAD_THERE],
        .payload_back = (uint64_t)values[SUM_PAYLOAD_BACK],
        .first_ns = values[SUM_FIRST],
        .last_ns = values[SUM_LAST],
    };
    for (size_t i = 0; i < grouping->key_count; i++) {
        enum store_key asked = grouping->keys[i];
        group.keys[i] = words[i];
        if (asked == STORE_BY_INITIATOR)
            address_text(&key->initiator, words[i]);
        else if (asked == STORE_BY_RESPONDER)
            address_text(&key->responder, words[i]);
        else if (asked == STORE_BY_TIME)
            snprintf(words[i], sizeof words[i], "%" PRId64, key->bucket_ns);
        else
            group.keys[i] = item->fold->groups[key->label].words[asked];
    }
    return on_group(context, &group);
}

static void give_groups(const struct fold *fold, store_group_fn *on_group, void *context)
{
    const struct store_page *page = &fold->grouping->page;
    struct item *items;
    size_t count = collect(fold, &items);
    const struct store_group nothing = {.flows = 0};
    if (count == 0 && fold->grouping->key_count == 0)
        on_group(context, &nothing);
    size_t end =
        page->limit > 0 && page->limit < count - page->offset ? page->offset + page->limit : count;
    bool wants_more = page->offset < count;
    for (size_t i = page->offset; wants_more && i < end; i++)
        wants_more = give_group(&items[i], on_group, context);
    free(items);
}

static void fold_free(struct fold *fold)
{
    for (size_t i = 0; i < fold->group_count; i++) {
        for (size_t j = 0; j < LABEL_KEYS; j++)
            free(fold->groups[i].words[j]);
    }
    free(fold->groups);
    free(fold->group_of);
    sum_table_free(fold->table);
}

enum fold_result fold_groups(struct store *store, const struct store_filter *filter,
                             const struct store_grouping *grouping, store_group_fn *on_group,
                             void *context, struct error *error)
{
    struct fold fold = {.filter = filter, .grouping = grouping, .table = sum_table_new(GROUPS_MAX)};
    struct text sql = {0};
    for (size_t i = 0; i < grouping->key_count; i++)
        fold.has_key[grouping->keys[i]] = true;
    bool is_done = load_labels(&fold, store, error) && !fold.is_full &&
                   compose(store, &fold, &sql, error) &&
                   store->backend->fold(store->self, text_words(&sql), &fold, error);
    enum fold_result result = fold.is_full ? FOLD_TOO_MUCH : is_done ? FOLD_DONE : FOLD_FAILED;
    if (result == FOLD_DONE)
        give_groups(&fold, on_group, context);
    text_free(&sql);
    fold_free(&fold);
    return result;
}
