/* SPDX-License-Identifier: Apache-2.0
 *
 * The store's handles, each for one question at a time: whoever comes when all are busy waits.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_POOL_H
#define PORTSCOPE_REVIEW_SERVE_POOL_H

#include "store/store.h"

#include <pthread.h>
#include <stddef.h>

enum { POOL_MAX = 8 };

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t is_back;
    struct store *free[POOL_MAX];
    size_t free_count;
};

void pool_open(struct pool *pool, struct store *const *stores, size_t count);
void pool_close(struct pool *pool); /* the stores are the caller's */

struct store *pool_take(struct pool *pool);
void pool_give_back(struct pool *pool, struct store *store);

#endif
