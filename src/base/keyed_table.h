/* SPDX-License-Identifier: Apache-2.0
 *
 * A table that traffic may fill: its memory is taken at birth, the hash is keyed, and when it is
 * full the entry that was touched longest ago makes room. Which entry that is depends on the order
 * of the calls alone, never on the hash, so that the same frames give the same answer.
 */
#ifndef PORTSCOPE_BASE_KEYED_TABLE_H
#define PORTSCOPE_BASE_KEYED_TABLE_H

#include "base/siphash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keyed_table;

/* Keys are compared as bytes: no hidden padding in them. Memory is touched only as it fills. */
struct keyed_table *keyed_table_new(size_t capacity, size_t key_size, size_t value_size,
                                    const struct siphash_key *key);
void keyed_table_free(struct keyed_table *table); /* accepts NULL */

/* The value, or NULL. The entry does not become younger. */
void *keyed_table_find(const struct keyed_table *table, const void *key);

/* The value, zeroed when `*is_new` (which may be NULL). The entry becomes the youngest. */
void *keyed_table_find_or_add(struct keyed_table *table, const void *key, bool *is_new);

void keyed_table_remove(struct keyed_table *table, const void *key);

/* A walk from the entry touched longest ago to the youngest; NULL ends it. Removing the entry that
 * was walked from ends the walk: ask for the next one first. */
void *keyed_table_oldest(const struct keyed_table *table);
void *keyed_table_younger(const struct keyed_table *table, const void *value);

/* The key of an entry whose value this is. */
const void *keyed_table_key(const struct keyed_table *table, const void *value);

size_t keyed_table_count(const struct keyed_table *table);
size_t keyed_table_capacity(const struct keyed_table *table);
/* How many entries had to make room. */
uint64_t keyed_table_evicted(const struct keyed_table *table);

#endif
