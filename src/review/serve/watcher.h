/* SPDX-License-Identifier: Apache-2.0
 *
 * Looks at the store once a second: has it changed, and is there a finding that nobody has seen?
 */
#ifndef PORTSCOPE_REVIEW_SERVE_WATCHER_H
#define PORTSCOPE_REVIEW_SERVE_WATCHER_H

#include "review/serve/cache.h"
#include "review/serve/events.h"
#include "store/question.h"

struct keyed_table;

struct watcher {
    struct store *store; /* NULL: what is served does not change */
    struct cache *cache;
    struct events *events;
    uint64_t changes;  /* the store's number, when last asked */
    int64_t newest_ns; /* when the newest telling was stored */
    struct keyed_table *known;
    bool knows; /* which findings there were at the start */
    uint64_t failures;
};

void watcher_open(struct watcher *watcher, struct store *store, struct cache *cache,
                  struct events *events);
void watcher_close(struct watcher *watcher);

void watcher_look(struct watcher *watcher);

#endif
