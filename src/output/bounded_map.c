/* SPDX-License-Identifier: Apache-2.0 */
#include "output/bounded_map.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void bounded_map_init(struct bounded_map *map, size_t most, size_t item_size, size_t key_size)
{
    size_t slot_count = 16;
    while (slot_count < most * 2)
        slot_count *= 2;
    *map = (struct bounded_map){.items = memory_new(most, item_size),
                                .item_size = item_size,
                                .key_size = key_size,
                                .most = most,
                                .slots = memory_new(slot_count, sizeof *map->slots),
                                .slot_count = slot_count,
                                .key = siphash_random_key()};
}

void bounded_map_reset(struct bounded_map *map)
{
    free(map->items);
    free(map->slots);
    *map = (struct bounded_map){0};
}

/* The slot where the key is, or the free one where it would be: half of all slots are free. */
static uint32_t *find_slot(const struct bounded_map *map, const void *key)
{
    size_t at = (size_t)siphash(&map->key, key, map->key_size);
    for (;; at++) {
        uint32_t *slot = &map->slots[at & (map->slot_count - 1)];
        if (*slot == 0 ||
            memcmp(map->items + (*slot - 1) * map->item_size, key, map->key_size) == 0)
            return slot;
    }
}

void *bounded_map_find_or_add(struct bounded_map *map, const void *key)
{
    uint32_t *slot = find_slot(map, key);
    if (*slot == 0) {
        if (map->count == map->most)
            return NULL;
        memcpy(map->items + map->count * map->item_size, key, map->key_size);
        *slot = (uint32_t)++map->count;
    }
    return map->items + (*slot - 1) * map->item_size;
}
