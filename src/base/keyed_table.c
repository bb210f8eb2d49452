/* SPDX-License-Identifier: Apache-2.0 */
#include "base/keyed_table.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Entries are numbered from 1; 0 is "none", so that fresh memory is an empty table. */
struct entry {
    uint32_t next_in_chain, older, younger;
    uint32_t bucket;
};

enum { ALIGNMENT = 8 };

struct keyed_table {
    struct siphash_key hash_key;
    size_t key_size, value_size;
    size_t value_offset, stride;
    size_t capacity, count, touched;
    uint32_t free, oldest, youngest;
    uint32_t bucket_mask;
    uint32_t *buckets;
    unsigned char *entries;
    uint64_t evicted;
};

static size_t rounded_up(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

struct keyed_table *keyed_table_new(size_t capacity, size_t key_size, size_t value_size,
                                    const struct siphash_key *key)
{
    assert(capacity > 0 && capacity < UINT32_MAX / 2);
    struct keyed_table *table = memory_new(1, sizeof *table);
    uint32_t buckets = 1;
    while (buckets < capacity)
        buckets *= 2;
    table->hash_key = *key;
    table->key_size = key_size;
    table->value_size = value_size;
    table->value_offset = sizeof(struct entry) + rounded_up(key_size);
    table->stride = table->value_offset + rounded_up(value_size);
    table->capacity = capacity;
    table->bucket_mask = buckets - 1;
    table->buckets = memory_new(buckets, sizeof *table->buckets);
    table->entries = memory_new(capacity, table->stride);
    return table;
}

void keyed_table_free(struct keyed_table *table)
{
    if (!table)
        return;
    free(table->buckets);
    free(table->entries);
    free(table);
}

static struct entry *entry_at(const struct keyed_table *table, uint32_t number)
{
    return number ? (void *)(table->entries + (number - 1) * table->stride) : NULL;
}

static uint32_t number_of(const struct keyed_table *table, const struct entry *entry)
{
    size_t offset = (size_t)((const unsigned char *)entry - table->entries);
    return (uint32_t)(offset / table->stride) + 1;
}

/* What lies so far behind the beginning of an entry. */
static void *part_of(const struct keyed_table *table, const struct entry *entry, size_t offset)
{
    return table->entries + ((const unsigned char *)entry - table->entries) + offset;
}

static void *key_of(const struct keyed_table *table, const struct entry *entry)
{
    return part_of(table, entry, sizeof *entry);
}

static void *value_of(const struct keyed_table *table, const struct entry *entry)
{
    return entry ? part_of(table, entry, table->value_offset) : NULL;
}

static const struct entry *entry_of(const struct keyed_table *table, const void *value)
{
    return (const void *)((const unsigned char *)value - table->value_offset);
}

static uint32_t bucket_of(const struct keyed_table *table, const void *key)
{
    return (uint32_t)siphash(&table->hash_key, key, table->key_size) & table->bucket_mask;
}

static struct entry *find_in(const struct keyed_table *table, uint32_t bucket, const void *key)
{
    struct entry *entry = entry_at(table, table->buckets[bucket]);
    while (entry && memcmp(key_of(table, entry), key, table->key_size) != 0)
        entry = entry_at(table, entry->next_in_chain);
    return entry;
}

void *keyed_table_find(const struct keyed_table *table, const void *key)
{
    return value_of(table, find_in(table, bucket_of(table, key), key));
}

static void leave_order(struct keyed_table *table, struct entry *entry)
{
    struct entry *older = entry_at(table, entry->older);
    struct entry *younger = entry_at(table, entry->younger);
    *(older ? &older->younger : &table->oldest) = entry->younger;
    *(younger ? &younger->older : &table->youngest) = entry->older;
}

static void become_youngest(struct keyed_table *table, struct entry *entry)
{
    uint32_t number = number_of(table, entry);
    struct entry *before = entry_at(table, table->youngest);
    entry->older = table->youngest;
    entry->younger = 0;
    *(before ? &before->younger : &table->oldest) = number;
    table->youngest = number;
}

static void leave_chain(struct keyed_table *table, struct entry *entry)
{
    uint32_t number = number_of(table, entry);
    uint32_t *place = &table->buckets[entry->bucket];
    while (*place != number)
        place = &entry_at(table, *place)->next_in_chain;
    *place = entry->next_in_chain;
}

static void discard(struct keyed_table *table, struct entry *entry)
{
    leave_chain(table, entry);
    leave_order(table, entry);
    entry->next_in_chain = table->free;
    table->free = number_of(table, entry);
    table->count--;
}

static struct entry *take(struct keyed_table *table)
{
    if (table->count == table->capacity) {
        discard(table, entry_at(table, table->oldest));
        table->evicted++;
    }
    table->count++;
    struct entry *entry = entry_at(table, table->free);
    if (!entry)
        return entry_at(table, (uint32_t)++table->touched);
    table->free = entry->next_in_chain;
    return entry;
}

static struct entry *add(struct keyed_table *table, uint32_t bucket, const void *key)
{
    struct entry *entry = take(table);
    memset(entry, 0, table->stride);
    memcpy(key_of(table, entry), key, table->key_size);
    entry->bucket = bucket;
    entry->next_in_chain = table->buckets[bucket];
    table->buckets[bucket] = number_of(table, entry);
    return entry;
}

void *keyed_table_find_or_add(struct keyed_table *table, const void *key, bool *is_new)
{
    uint32_t bucket = bucket_of(table, key);
    struct entry *entry = find_in(table, bucket, key);
    if (is_new)
        *is_new = !entry;
    if (entry)
        leave_order(table, entry);
    else
        entry = add(table, bucket, key);
    become_youngest(table, entry);
    return value_of(table, entry);
}

void keyed_table_remove(struct keyed_table *table, const void *key)
{
    struct entry *entry = find_in(table, bucket_of(table, key), key);
    if (entry)
        discard(table, entry);
}

void *keyed_table_oldest(const struct keyed_table *table)
{
    return value_of(table, entry_at(table, table->oldest));
}

void *keyed_table_younger(const struct keyed_table *table, const void *value)
{
    return value_of(table, entry_at(table, entry_of(table, value)->younger));
}

const void *keyed_table_key(const struct keyed_table *table, const void *value)
{
    return key_of(table, entry_of(table, value));
}

size_t keyed_table_count(const struct keyed_table *table)
{
    return table->count;
}

size_t keyed_table_capacity(const struct keyed_table *table)
{
    return table->capacity;
}

uint64_t keyed_table_evicted(const struct keyed_table *table)
{
    return table->evicted;
}
