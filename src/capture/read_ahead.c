/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/read_ahead.h"

#include "base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum {
    BLOCKS = 8,       /* two for the walker, the others on their way */
    BLOCKS_ALONE = 2, /* without a helper none is on its way */
};

struct read_ahead {
    struct stream *stream;
    bool is_seekable;

    /* The walker's alone. */
    struct source_statistics statistics;
    enum stream_status then; /* what comes behind the block handed out last */
    struct error error;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t filled;
    pthread_cond_t given_back;
    struct block blocks[BLOCKS];
    struct block *spare[BLOCKS];
    size_t spare_count;
    struct block *coming[BLOCKS]; /* by number, modulo BLOCKS: being filled, or filled */
    uint64_t next_to_fill, next_to_hand_out;
    bool has_ended; /* a block was the last: no more are filled */
    bool is_closing;

    pthread_t helper;
    bool has_helper;
};

static struct source_statistics statistics_at(const struct read_ahead *ahead, uint64_t offset)
{
    struct source_statistics statistics = stream_statistics(ahead->stream);
    statistics.input_bytes = statistics.capture_bytes = offset;
    return statistics;
}

static void fill(struct read_ahead *ahead, struct block *block, uint64_t number)
{
    uint8_t *out = block->memory + BLOCK_HEADROOM;
    if (ahead->is_seekable) {
        uint64_t offset = number * BLOCK_SIZE;
        block->then =
            stream_read_at(ahead->stream, offset, out, BLOCK_SIZE, &block->length, &block->error);
        block->statistics = statistics_at(ahead, offset + block->length);
    } else {
        block->then = stream_read(ahead->stream, out, BLOCK_SIZE, &block->length, &block->error);
        block->statistics = stream_statistics(ahead->stream);
    }
}

/* Fills the next block that nobody fills; false when that cannot be now. Holds the lock, but not
 * while it reads. */
static bool fill_next(struct read_ahead *ahead)
{
    if (ahead->spare_count == 0 || ahead->has_ended)
        return false;
    uint64_t number = ahead->next_to_fill++;
    struct block *block = ahead->spare[--ahead->spare_count];
    block->is_filled = false;
    ahead->coming[number % BLOCKS] = block;
    pthread_mutex_unlock(&ahead->lock);
    fill(ahead, block, number);
    pthread_mutex_lock(&ahead->lock);
    block->is_filled = true;
    ahead->has_ended |= block->then == STREAM_END || block->then == STREAM_FAILED;
    return true;
}

static void *help(void *argument)
{
    struct read_ahead *ahead = argument;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->is_closing) {
        if (fill_next(ahead))
            pthread_cond_signal(&ahead->filled);
        else
            pthread_cond_wait(&ahead->given_back, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

/* Signals are for the threads that look at the flags. */
static bool start_helper(struct read_ahead *ahead)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_create(&ahead->helper, NULL, help, ahead) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started;
}

/* A pipe's length is not known, and may be any. */
static bool is_long(const struct read_ahead *ahead)
{
    uint64_t size = ahead->statistics.input_size;
    uint64_t few = ahead->is_seekable ? 2 * BLOCK_SIZE : BLOCK_SIZE / 16; /* compressed */
    return size == 0 || size > few;
}

static void add_block(struct read_ahead *ahead)
{
    struct block *block = &ahead->blocks[ahead->spare_count];
    block->memory = memory_new(BLOCK_HEADROOM + BLOCK_SIZE, 1);
    ahead->spare[ahead->spare_count++] = block;
}

struct read_ahead *read_ahead_open(struct stream *stream, bool wants_helper)
{
    struct read_ahead *ahead = memory_new(1, sizeof *ahead);
    ahead->stream = stream;
    ahead->is_seekable = stream_is_seekable(stream);
    ahead->statistics = ahead->is_seekable ? statistics_at(ahead, 0) : stream_statistics(stream);
    ahead->then = STREAM_BYTES;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->filled, NULL);
    pthread_cond_init(&ahead->given_back, NULL);
    bool is_helped = wants_helper && is_long(ahead);
    for (size_t i = 0; i < (is_helped ? BLOCKS : BLOCKS_ALONE); i++)
        add_block(ahead);
    ahead->has_helper = is_helped && start_helper(ahead);
    return ahead;
}

/* The next block once it is filled; whoever fills it. */
static struct block *wait_for_next(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    uint64_t number = ahead->next_to_hand_out++;
    struct block **next = &ahead->coming[number % BLOCKS];
    bool may_fill = ahead->is_seekable || !ahead->has_helper;
    while (number >= ahead->next_to_fill || !(*next)->is_filled) {
        if (!may_fill || !fill_next(ahead))
            pthread_cond_wait(&ahead->filled, &ahead->lock);
    }
    struct block *block = *next;
    pthread_mutex_unlock(&ahead->lock);
    return block;
}

enum stream_status read_ahead_next(struct read_ahead *ahead, struct block **block,
                                   struct error *error)
{
    if (ahead->then == STREAM_BYTES) {
        *block = wait_for_next(ahead);
        ahead->statistics = (*block)->statistics;
        ahead->then = (*block)->then;
        if (ahead->then == STREAM_FAILED)
            ahead->error = (*block)->error;
        if ((*block)->length > 0)
            return STREAM_BYTES;
        read_ahead_give_back(ahead, *block);
    }
    enum stream_status status = ahead->then;
    if (status == STREAM_INTERRUPTED)
        ahead->then = STREAM_BYTES;
    if (status == STREAM_FAILED)
        *error = ahead->error;
    return status;
}

void read_ahead_give_back(struct read_ahead *ahead, struct block *block)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->spare[ahead->spare_count++] = block;
    if (ahead->has_helper)
        pthread_cond_signal(&ahead->given_back);
    pthread_mutex_unlock(&ahead->lock);
}

struct source_statistics read_ahead_statistics(const struct read_ahead *ahead)
{
    return ahead->statistics;
}

static void stop_helper(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->is_closing = true;
    pthread_cond_signal(&ahead->given_back);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->helper, NULL);
}

void read_ahead_close(struct read_ahead *ahead)
{
    if (!ahead)
        return;
    if (ahead->has_helper)
        stop_helper(ahead);
    if (ahead->is_seekable)
        stream_leave_at(ahead->stream, ahead->statistics.input_bytes);
    pthread_cond_destroy(&ahead->given_back);
    pthread_cond_destroy(&ahead->filled);
    pthread_mutex_destroy(&ahead->lock);
    for (size_t i = 0; i < BLOCKS; i++)
        free(ahead->blocks[i].memory);
    stream_close(ahead->stream);
    free(ahead);
}
