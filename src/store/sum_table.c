/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sum_table.h"

#include "base/memory.h"
#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

const struct sum sums[SUMS] = {
    [SUM_FLOWS] = {"flows", "count(*)", "sum(flows)", SUM_ADD},
    [SUM_PACKETS_THERE] = {"packets_there", "sum(packets_there)", "sum(packets_there)", SUM_ADD},
    [SUM_PACKETS_BACK] = {"packets_back", "sum(packets_back)", "sum(packets_back)", SUM_ADD},
    [SUM_BYTES_THERE] = {"bytes_there", "sum(bytes_there)", "sum(bytes_there)", SUM_ADD},
    [SUM_BYTES_BACK] = {"bytes_back", "sum(bytes_back)", "sum(bytes_back)", SUM_ADD},
    [SUM_PAYLOAD_THERE] = {"payload_there", "sum(payload_there)", "sum(payload_there)", SUM_ADD},
    [SUM_PAYLOAD_BACK] = {"payload_back", "sum(payload_back)", "sum(payload_back)", SUM_ADD},
    [SUM_FIRST] = {"first_ns", "min(first_ns)", "min(first_ns)", SUM_LEAST},
    [SUM_LAST] = {"last_ns", "max(last_ns)", "max(last_ns)", SUM_GREATEST},
    [SUM_STORED] = {"stored_ns", "min(stored_ns)", "min(stored_ns)", SUM_LEAST},
};

enum { SLOTS_LEAST = 1024 };

struct sum_table {
    struct siphash_key key;
    size_t most, count, slot_count; /* twice as many slots as there is room for entries */
    uint32_t *slots;                /* 1 + number of the entry; 0: free */
    struct sum_entry *entries;
};

void sums_of_flow(const struct store_flow *flow, int64_t values[SUMS])
{
    values[SUM_FLOWS] = 1;
    values[SUM_PACKETS_THERE] = (int64_t)flow->packets_there;
    values[SUM_PACKETS_BACK] = (int64_t)flow->packets_back;
    values[SUM_BYTES_THERE] = (int64_t)flow->bytes_there;
    values[SUM_BYTES_BACK] = (int64_t)flow->bytes_back;
    values[SUM_PAYLOAD_THERE] = (int64_t)flow->payload_there;
    values[SUM_PAYLOAD_BACK] = (int64_t)flow->payload_back;
    values[SUM_FIRST] = flow->first_ns;
    values[SUM_LAST] = flow->last_ns;
    values[SUM_STORED] = flow->stored_ns;
}

static void make_room(struct sum_table *table, size_t slot_count)
{
    free(table->slots);
    table->slot_count = slot_count;
    table->slots = memory_new(slot_count, sizeof *table->slots);
    table->entries = memory_resize(table->entries, slot_count / 2, sizeof *table->entries);
}

struct sum_table *sum_table_new(size_t most)
{
    struct sum_table *table = memory_new(1, sizeof *table);
    table->most = most;
    table->key = siphash_random_key();
    make_room(table, SLOTS_LEAST);
    return table;
}

void sum_table_free(struct sum_table *table)
{
    if (!table)
        return;
    free(table->slots);
    free(table->entries);
    free(table);
}

/* The slot of a key, or the free one where it belongs. */
static uint32_t *find_slot(const struct sum_table *table, const struct sum_key *key)
{
    size_t slot = siphash(&table->key, key, sizeof *key) % table->slot_count;
    while (table->slots[slot] != 0 &&
           memcmp(&table->entries[table->slots[slot] - 1].key, key, sizeof *key) != 0)
        slot = (slot + 1) % table->slot_count;
    return &table->slots[slot];
}

static void grow(struct sum_table *table)
{
    make_room(table, 2 * table->slot_count);
    for (size_t i = 0; i < table->count; i++)
        *find_slot(table, &table->entries[i].key) = (uint32_t)(i + 1);
}

static void fold(int64_t into[SUMS], const int64_t values[SUMS])
{
    for (size_t i = 0; i < SUMS; i++) {
        if (sums[i].fold == SUM_ADD)
            into[i] += values[i];
        else if ((sums[i].fold == SUM_LEAST) == (values[i] < into[i]))
            into[i] = values[i];
    }
}

bool sum_table_add(struct sum_table *table, const struct sum_key *key, const int64_t values[SUMS])
{
    uint32_t *slot = find_slot(table, key);
    if (*slot != 0) {
        fold(table->entries[*slot - 1].sums, values);
        return true;
    }
    if (table->count == table->most)
        return false;
    if (table->count == table->slot_count / 2) {
        grow(table);
        slot = find_slot(table, key);
    }
    struct sum_entry *entry = &table->entries[table->count++];
    *slot = (uint32_t)table->count;
    entry->key = *key;
    memcpy(entry->sums, values, sizeof entry->sums);
    return true;
}

static int compare_entries(const void *left, const void *right)
{
    const struct sum_key *a = &((const struct sum_entry *)left)->key;
    const struct sum_key *b = &((const struct sum_entry *)right)->key;
    if (a->bucket_ns != b->bucket_ns)
        return a->bucket_ns < b->bucket_ns ? -1 : 1;
    int order = memcmp(&a->initiator, &b->initiator, 2 * sizeof a->initiator);
    if (order != 0 || a->label == b->label)
        return order;
    return a->label < b->label ? -1 : 1;
}

void sum_table_sort(struct sum_table *table)
{
    qsort(table->entries, table->count, sizeof *table->entries, compare_entries);
}

const struct sum_entry *sum_table_entries(const struct sum_table *table, size_t *count)
{
    *count = table->count;
    return table->entries;
}

void sum_table_clear(struct sum_table *table)
{
    memset(table->slots, 0, table->slot_count * sizeof *table->slots);
    table->count = 0;
}
