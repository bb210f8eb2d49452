/* SPDX-License-Identifier: Apache-2.0 */
#include "model/trail.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct trail_pool {
    pthread_mutex_t lock;
    struct kept_frames by_age; /* those that may make room, the one kept longest first */
    uint64_t memory, used, pinned, hit;
};

struct trail_pool *trail_pool_new(uint64_t memory)
{
    struct trail_pool *pool = memory_new(1, sizeof *pool);
    pthread_mutex_init(&pool->lock, NULL);
    TAILQ_INIT(&pool->by_age);
    pool->memory = memory;
    return pool;
}

void trail_pool_free(struct trail_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

struct trail_limits trail_pool_limits(struct trail_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    const struct trail_limits limits = {.memory = pool->memory, .hit = pool->hit};
    pthread_mutex_unlock(&pool->lock);
    return limits;
}

/* --- holding the lock --- */

static size_t size_of(const struct kept_frame *frame)
{
    return sizeof *frame + frame->length;
}

static void discard(struct trail_pool *pool, struct kept_frame *frame)
{
    struct trail *trail = frame->trail;
    if (trail->is_pinned)
        pool->pinned -= size_of(frame);
    else
        TAILQ_REMOVE(&pool->by_age, frame, by_age);
    if (frame->is_opening)
        TAILQ_REMOVE(&trail->opening, frame, in_trail);
    else
        TAILQ_REMOVE(&trail->latest, frame, in_trail);
    if (!frame->is_opening)
        trail->latest_count--;
    pool->used -= size_of(frame);
    free(frame);
}

static bool make_room(struct trail_pool *pool, size_t size)
{
    while (pool->used + size > pool->memory && !TAILQ_EMPTY(&pool->by_age)) {
        discard(pool, TAILQ_FIRST(&pool->by_age));
        pool->hit++;
    }
    bool is_room = pool->used + size <= pool->memory;
    pool->hit += !is_room;
    return is_room;
}

static struct trail *begin(struct trail_pool *pool)
{
    struct trail *trail = memory_new(1, sizeof *trail);
    trail->pool = pool;
    trail->holders = 1;
    TAILQ_INIT(&trail->opening);
    TAILQ_INIT(&trail->latest);
    return trail;
}

static void append(struct trail *trail, struct kept_frame *frame)
{
    frame->trail = trail;
    frame->is_opening = trail->opening_count < TRAIL_OPENING;
    if (trail->is_pinned)
        trail->pool->pinned += size_of(frame);
    else
        TAILQ_INSERT_TAIL(&trail->pool->by_age, frame, by_age);
    if (frame->is_opening) {
        TAILQ_INSERT_TAIL(&trail->opening, frame, in_trail);
        trail->opening_count++;
        return;
    }
    if (trail->latest_count == TRAIL_LATEST)
        discard(trail->pool, TAILQ_FIRST(&trail->latest));
    TAILQ_INSERT_TAIL(&trail->latest, frame, in_trail);
    trail->latest_count++;
}

static uint64_t size_of_all(const struct kept_frames *frames)
{
    const struct kept_frame *frame;
    uint64_t size = 0;
    TAILQ_FOREACH(frame, frames, in_trail)
    size += size_of(frame);
    return size;
}

static void take_from_age(struct trail_pool *pool, struct kept_frames *frames)
{
    struct kept_frame *frame;
    TAILQ_FOREACH(frame, frames, in_trail)
    TAILQ_REMOVE(&pool->by_age, frame, by_age);
}

static bool pin(struct trail_pool *pool, struct trail *trail)
{
    uint64_t size = size_of_all(&trail->opening) + size_of_all(&trail->latest);
    if (pool->pinned + size > pool->memory / 2) {
        pool->hit++;
        return false;
    }
    take_from_age(pool, &trail->opening);
    take_from_age(pool, &trail->latest);
    pool->pinned += size;
    trail->is_pinned = true;
    return true;
}

static void discard_all(struct trail_pool *pool, struct kept_frames *frames)
{
    while (!TAILQ_EMPTY(frames))
        discard(pool, TAILQ_FIRST(frames));
}

static void end(struct trail_pool *pool, struct trail *trail)
{
    discard_all(pool, &trail->opening);
    discard_all(pool, &trail->latest);
    free(trail);
}

/* --- for the caller --- */

struct kept_frame *trail_keep(struct trail_pool *pool, const struct frame *frame)
{
    if (!pool)
        return NULL;
    size_t length = frame->bytes.length;
    if (length > TRAIL_FRAME_BYTES)
        length = TRAIL_FRAME_BYTES;
    pthread_mutex_lock(&pool->lock);
    bool is_room = make_room(pool, sizeof(struct kept_frame) + length);
    if (is_room)
        pool->used += sizeof(struct kept_frame) + length;
    pthread_mutex_unlock(&pool->lock);
    if (!is_room)
        return NULL;
    struct kept_frame *kept = memory_new(1, sizeof *kept + length);
    kept->time_ns = frame->time_ns;
    kept->wire_length = frame->wire_length;
    kept->link_type = frame->link_type;
    kept->length = (uint32_t)length;
    memcpy(kept->bytes, frame->bytes.at, length);
    return kept;
}

void trail_add(struct trail_pool *pool, struct trail **trail, struct kept_frame *frame)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    if (!*trail)
        *trail = begin(pool);
    (*trail)->seen++;
    if (frame)
        append(*trail, frame);
    pthread_mutex_unlock(&pool->lock);
}

bool trail_pin(struct trail *trail)
{
    struct trail_pool *pool = trail->pool;
    pthread_mutex_lock(&pool->lock);
    bool is_pinned = trail->is_pinned || pin(pool, trail);
    trail->holders += is_pinned;
    pthread_mutex_unlock(&pool->lock);
    return is_pinned;
}

void trail_lock(const struct trail *trail)
{
    pthread_mutex_lock(&trail->pool->lock);
}

void trail_unlock(const struct trail *trail)
{
    pthread_mutex_unlock(&trail->pool->lock);
}

void trail_hold(struct trail *trail)
{
    pthread_mutex_lock(&trail->pool->lock);
    trail->holders++;
    pthread_mutex_unlock(&trail->pool->lock);
}

void trail_release(struct trail *trail)
{
    if (!trail)
        return;
    struct trail_pool *pool = trail->pool;
    pthread_mutex_lock(&pool->lock);
    if (--trail->holders == 0)
        end(pool, trail);
    pthread_mutex_unlock(&pool->lock);
}
