/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers that are still true. Twenty people who look at one page ask one question: the first makes
 * the answer, the others wait for it.
 *
 * An answer is used again while the store has not changed. While it does change, once a second when
 * a probe is writing, an answer is used for twenty times as long as it took to make: no question
 * takes more than a twentieth of a processor, and cheap ones are always fresh.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_CACHE_H
#define PORTSCOPE_REVIEW_SERVE_CACHE_H

#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    CACHE_ENTRIES = 512,
    CACHE_KEY_SIZE = 1024,       /* longer questions are not kept */
    CACHE_BODY_MAX = 160 * 1024, /* nor are longer answers */
    CACHE_PATIENCE = 20,
};
#define CACHE_AGE_MAX_NS INT64_C(60000000000) /* "2h" moves on with time */
#define CACHE_SLACK_NS INT64_C(1000000000)    /* made after we looked at the clock; no more */

struct cache_entry {
    char key[CACHE_KEY_SIZE]; /* "": free */
    struct text body;
    uint64_t generation;
    int64_t made_ns, cost_ns;
    uint64_t used; /* a number that grows with each use */
    unsigned waiting;
    bool is_being_made, is_good;
};

struct cache {
    pthread_mutex_t lock;
    pthread_cond_t is_made;
    uint64_t generation, uses;
    uint64_t floor; /* answers of generations before it are untrue */
    uint64_t hits, misses;
    struct cache_entry entries[CACHE_ENTRIES];
};

void cache_open(struct cache *cache);
void cache_close(struct cache *cache);

/* The store has changed. */
void cache_age(struct cache *cache);
/* What it holds was changed by ourselves: nothing is true any more. */
void cache_empty(struct cache *cache);

struct cache_wish {
    const char *key;
    int64_t now_ns;
    bool must_be_fresh; /* of the store as it is now */
};

/* True: the answer was appended to `body`. False: make it, and hand it to cache_keep() with the
 * entry; the entry is NULL when it will not be kept. */
bool cache_find(struct cache *cache, const struct cache_wish *wish, struct text *body,
                struct cache_entry **entry);
/* `body` NULL: no answer could be made. */
void cache_keep(struct cache *cache, struct cache_entry *entry, int64_t began_ns, int64_t now_ns,
                const struct text *body);

void cache_count(struct cache *cache, uint64_t *hits, uint64_t *misses);

#endif
