/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/pool.h"

#include <assert.h>

void pool_open(struct pool *pool, struct store *const *stores, size_t count)
{
    assert(count > 0 && count <= POOL_MAX);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->is_back, NULL);
    for (size_t i = 0; i < count; i++)
        pool->free[i] = stores[i];
    pool->free_count = count;
}

void pool_close(struct pool *pool)
{
    pthread_cond_destroy(&pool->is_back);
    pthread_mutex_destroy(&pool->lock);
}

struct store *pool_take(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->free_count == 0)
        pthread_cond_wait(&pool->is_back, &pool->lock);
    struct store *store = pool->free[--pool->free_count];
    pthread_mutex_unlock(&pool->lock);
    return store;
}

void pool_give_back(struct pool *pool, struct store *store)
{
    pthread_mutex_lock(&pool->lock);
    pool->free[pool->free_count++] = store;
    pthread_cond_signal(&pool->is_back);
    pthread_mutex_unlock(&pool->lock);
}
