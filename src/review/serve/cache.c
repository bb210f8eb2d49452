/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/cache.h"

#include <stdio.h>

void cache_open(struct cache *cache)
{
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->is_made, NULL);
}

void cache_close(struct cache *cache)
{
    for (size_t i = 0; i < CACHE_ENTRIES; i++)
        text_free(&cache->entries[i].body);
    pthread_cond_destroy(&cache->is_made);
    pthread_mutex_destroy(&cache->lock);
}

void cache_age(struct cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    cache->generation++;
    pthread_mutex_unlock(&cache->lock);
}

/* What is being made now began before the change: it is not used again either. */
void cache_empty(struct cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    cache->floor = ++cache->generation;
    pthread_mutex_unlock(&cache->lock);
}

static bool is_true(const struct cache *cache, const struct cache_entry *entry, int64_t now_ns,
                    bool must_be_fresh)
{
    int64_t age_ns = now_ns - entry->made_ns;
    if (!entry->is_good || entry->generation < cache->floor || age_ns < -CACHE_SLACK_NS ||
        age_ns > CACHE_AGE_MAX_NS)
        return false;
    return entry->generation == cache->generation ||
           (!must_be_fresh && age_ns < CACHE_PATIENCE * entry->cost_ns);
}

static struct cache_entry *find(struct cache *cache, const char *key)
{
    for (size_t i = 0; i < CACHE_ENTRIES; i++) {
        if (strcmp(cache->entries[i].key, key) == 0)
            return &cache->entries[i];
    }
    return NULL;
}

/* The one that nobody has asked for the longest time; NULL when all are under way. */
static struct cache_entry *oldest(struct cache *cache)
{
    struct cache_entry *found = NULL;
    for (size_t i = 0; i < CACHE_ENTRIES; i++) {
        struct cache_entry *entry = &cache->entries[i];
        if (!entry->is_being_made && entry->waiting == 0 && (!found || entry->used < found->used))
            found = entry;
    }
    return found;
}

static struct cache_entry *begin(struct cache *cache, const char *key)
{
    struct cache_entry *entry = find(cache, key);
    if (!entry)
        entry = oldest(cache);
    if (!entry)
        return NULL;
    snprintf(entry->key, sizeof entry->key, "%s", key);
    entry->generation = cache->generation;
    entry->used = ++cache->uses;
    entry->is_being_made = true;
    entry->is_good = false;
    return entry;
}

/* Waits while somebody else makes the answer. */
static bool wait_and_look(struct cache *cache, const struct cache_wish *wish, struct text *body)
{
    struct cache_entry *entry = find(cache, wish->key);
    if (!entry)
        return false;
    int64_t now_ns = wish->now_ns;
    if (entry->is_being_made)
        now_ns = INT64_MIN; /* however long it takes, it is new then */
    entry->waiting++;
    while (entry->is_being_made)
        pthread_cond_wait(&cache->is_made, &cache->lock);
    entry->waiting--;
    if (now_ns == INT64_MIN)
        now_ns = entry->made_ns;
    if (!is_true(cache, entry, now_ns, wish->must_be_fresh))
        return false;
    entry->used = ++cache->uses;
    text_add_n(body, text_words(&entry->body), entry->body.length);
    return true;
}

bool cache_find(struct cache *cache, const struct cache_wish *wish, struct text *body,
                struct cache_entry **entry)
{
    bool can_be_kept = strlen(wish->key) < CACHE_KEY_SIZE;
    *entry = NULL;
    pthread_mutex_lock(&cache->lock);
    bool is_found = can_be_kept && wait_and_look(cache, wish, body);
    if (!is_found && can_be_kept)
        *entry = begin(cache, wish->key);
    cache->hits += is_found;
    cache->misses += !is_found;
    pthread_mutex_unlock(&cache->lock);
    return is_found;
}

void cache_keep(struct cache *cache, struct cache_entry *entry, int64_t began_ns, int64_t now_ns,
                const struct text *body)
{
    if (!entry)
        return;
    pthread_mutex_lock(&cache->lock);
    text_clear(&entry->body);
    entry->is_good = body && body->length <= CACHE_BODY_MAX;
    if (entry->is_good)
        text_add_n(&entry->body, text_words(body), body->length);
    entry->made_ns = now_ns;
    entry->cost_ns = now_ns > began_ns ? now_ns - began_ns : 0;
    entry->is_being_made = false;
    pthread_cond_broadcast(&cache->is_made);
    pthread_mutex_unlock(&cache->lock);
}

void cache_count(struct cache *cache, uint64_t *hits, uint64_t *misses)
{
    pthread_mutex_lock(&cache->lock);
    *hits = cache->hits;
    *misses = cache->misses;
    pthread_mutex_unlock(&cache->lock);
}
