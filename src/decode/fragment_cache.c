/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fragment_cache.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { NONE = UINT32_MAX, CHAIN_MAX = 64 };

/* RFC 791 suggests 15 s, RFC 8200 allows 60 s, Linux takes 30 s. */
static const uint64_t lifetime_ns = UINT64_C(30) * 1000000000;

struct fragment_cache {
    struct siphash_key key;
    struct totals *totals;
    struct fragment *fragments;
    uint32_t capacity, used;
    uint32_t *buckets;
    uint32_t bucket_mask;
    uint32_t newest, oldest; /* by last use */
};

struct fragment_cache *fragment_cache_new(size_t capacity, const struct siphash_key *key,
                                          struct totals *totals)
{
    struct fragment_cache *cache = memory_new(1, sizeof *cache);
    uint32_t bucket_count = 1;
    while (bucket_count < capacity)
        bucket_count *= 2;
    *cache = (struct fragment_cache){
        .key = *key,
        .totals = totals,
        .fragments = memory_new(capacity, sizeof *cache->fragments),
        .capacity = (uint32_t)capacity,
        .buckets = memory_new(bucket_count, sizeof *cache->buckets),
        .bucket_mask = bucket_count - 1,
        .newest = NONE,
        .oldest = NONE,
    };
    memset(cache->buckets, 0xff, bucket_count * sizeof *cache->buckets); /* all NONE */
    return cache;
}

void fragment_cache_free(struct fragment_cache *cache)
{
    if (!cache)
        return;
    free(cache->fragments);
    free(cache->buckets);
    free(cache);
}

static void unlink_from_age(struct fragment_cache *cache, const struct fragment *fragment)
{
    if (fragment->newer == NONE)
        cache->newest = fragment->older;
    else
        cache->fragments[fragment->newer].older = fragment->older;
    if (fragment->older == NONE)
        cache->oldest = fragment->newer;
    else
        cache->fragments[fragment->older].newer = fragment->newer;
}

static void link_as_newest(struct fragment_cache *cache, struct fragment *fragment)
{
    uint32_t index = (uint32_t)(fragment - cache->fragments);
    fragment->newer = NONE;
    fragment->older = cache->newest;
    if (cache->newest == NONE)
        cache->oldest = index;
    else
        cache->fragments[cache->newest].newer = index;
    cache->newest = index;
}

static void unlink_from_bucket(struct fragment_cache *cache, const struct fragment *fragment)
{
    uint32_t index = (uint32_t)(fragment - cache->fragments);
    uint32_t *link = &cache->buckets[fragment->bucket];
    while (*link != index)
        link = &cache->fragments[*link].next_in_bucket;
    *link = fragment->next_in_bucket;
}

/* Capture times may run backwards; a datagram is as far away in the future as in the past. */
static bool is_expired(const struct fragment *fragment, int64_t now_ns)
{
    uint64_t now = (uint64_t)now_ns;
    uint64_t since = (uint64_t)fragment->since_ns;
    return (now_ns > fragment->since_ns ? now - since : since - now) > lifetime_ns;
}

static struct fragment *find(struct fragment_cache *cache, const struct fragment_key *key,
                             uint32_t bucket)
{
    uint32_t index = cache->buckets[bucket];
    for (unsigned hops = 0; index != NONE; hops++) {
        if (hops == CHAIN_MAX) {
            cache->totals->limits_hit[LIMIT_HASH_CHAIN]++;
            return NULL;
        }
        struct fragment *fragment = &cache->fragments[index];
        if (memcmp(&fragment->key, key, sizeof *key) == 0)
            return fragment;
        index = fragment->next_in_bucket;
    }
    return NULL;
}

static struct fragment *take_slot(struct fragment_cache *cache, int64_t now_ns)
{
    if (cache->used < cache->capacity)
        return &cache->fragments[cache->used++];
    struct fragment *oldest = &cache->fragments[cache->oldest];
    if (!is_expired(oldest, now_ns))
        cache->totals->limits_hit[LIMIT_FRAGMENTS]++;
    unlink_from_age(cache, oldest);
    unlink_from_bucket(cache, oldest);
    return oldest;
}

/* Forgets what was seen of the datagram, not where it stands in the cache. */
static void restart(struct fragment *fragment, int64_t now_ns)
{
    struct fragment fresh = {
        .key = fragment->key,
        .since_ns = now_ns,
        .newer = fragment->newer,
        .older = fragment->older,
        .next_in_bucket = fragment->next_in_bucket,
        .bucket = fragment->bucket,
    };
    *fragment = fresh;
}

static struct fragment *add(struct fragment_cache *cache, const struct fragment_key *key,
                            uint32_t bucket, int64_t now_ns)
{
    struct fragment *fragment = take_slot(cache, now_ns);
    *fragment = (struct fragment){
        .key = *key,
        .since_ns = now_ns,
        .bucket = bucket,
        .next_in_bucket = cache->buckets[bucket],
    };
    cache->buckets[bucket] = (uint32_t)(fragment - cache->fragments);
    link_as_newest(cache, fragment);
    return fragment;
}

struct fragment *fragment_cache_find_or_add(struct fragment_cache *cache,
                                            const struct fragment_key *key, int64_t now_ns)
{
    uint32_t bucket = (uint32_t)siphash(&cache->key, key, sizeof *key) & cache->bucket_mask;
    struct fragment *fragment = find(cache, key, bucket);
    if (!fragment)
        return add(cache, key, bucket, now_ns);
    unlink_from_age(cache, fragment);
    link_as_newest(cache, fragment);
    if (is_expired(fragment, now_ns))
        restart(fragment, now_ns);
    return fragment;
}

static bool is_complete(const struct fragment *fragment)
{
    return fragment->total > 0 && fragment->range_count == 1 && fragment->ranges[0].start == 0 &&
           fragment->ranges[0].end >= fragment->total;
}

/* Ranges from `first` up to `behind` touch the new one: one range takes their place. */
static void join_ranges(struct fragment *fragment, uint32_t first, uint32_t behind,
                        struct fragment_range range)
{
    struct fragment_range *ranges = fragment->ranges;
    if (first < behind) {
        if (ranges[first].start < range.start)
            range.start = ranges[first].start;
        if (ranges[behind - 1].end > range.end)
            range.end = ranges[behind - 1].end;
    }
    memmove(&ranges[first + 1], &ranges[behind], (fragment->range_count - behind) * sizeof *ranges);
    ranges[first] = range;
    fragment->range_count = fragment->range_count - (behind - first) + 1;
}

/* Puts the range in its place; true when it overlaps one that is there. Touching ranges become one,
 * so a datagram that comes in order needs one. With no room left it is not kept. */
static bool insert_range(struct fragment_cache *cache, struct fragment *fragment,
                         struct fragment_range range)
{
    const struct fragment_range *ranges = fragment->ranges;
    uint32_t first = 0;
    while (first < fragment->range_count && ranges[first].end < range.start)
        first++;
    uint32_t behind = first;
    bool overlaps = false;
    while (behind < fragment->range_count && ranges[behind].start <= range.end) {
        overlaps |= ranges[behind].start < range.end && range.start < ranges[behind].end;
        behind++;
    }
    if (first == behind && fragment->range_count == FRAGMENT_RANGES_MAX) {
        cache->totals->limits_hit[LIMIT_FRAGMENTS]++;
        return overlaps;
    }
    join_ranges(fragment, first, behind, range);
    return overlaps;
}

bool fragment_add_piece(struct fragment_cache *cache, struct fragment *fragment,
                        const struct fragment_piece *piece)
{
    struct fragment_range range = piece->range;
    uint64_t hash = siphash(&cache->key, piece->bytes.at, piece->bytes.length);
    bool is_repeated = range.start == fragment->last.start && range.end == fragment->last.end &&
                       hash == fragment->last_hash;
    if (is_repeated)
        return false;
    /* IPv4 identifications wrap within seconds on fast links (RFC 6864): a new beginning after a
     * whole datagram is the next one. */
    if (range.start == 0 && is_complete(fragment))
        restart(fragment, piece->time_ns);
    fragment->last = range;
    fragment->last_hash = hash;
    if (piece->is_last)
        fragment->total = range.end;
    return insert_range(cache, fragment, range);
}
