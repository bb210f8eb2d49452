/* SPDX-License-Identifier: Apache-2.0
 *
 * Finds items by key, never more of them than its bound. An item is a struct that begins with its
 * key; keys are compared as bytes. Items stay in order of arrival until somebody sorts them.
 */
#ifndef PORTSCOPE_OUTPUT_BOUNDED_MAP_H
#define PORTSCOPE_OUTPUT_BOUNDED_MAP_H

#include "base/siphash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bounded_map {
    unsigned char *items; /* `count` of them */
    size_t item_size, key_size;
    size_t count, most;
    uint32_t *slots; /* index + 1 of an item, 0: free */
    size_t slot_count;
    struct siphash_key key;
};

void bounded_map_init(struct bounded_map *map, size_t most, size_t item_size, size_t key_size);
void bounded_map_reset(struct bounded_map *map);

/* The item with that key, or a new one with nothing but the key set; NULL when that would be one
 * too many. */
void *bounded_map_find_or_add(struct bounded_map *map, const void *key);

#endif
