/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/window.h"

#include <assert.h>
#include <string.h>

/* With AddressSanitizer, reading outside what is unread or handed out is caught in the act, as if
 * each block were a heap object of its exact size. */
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(start, length) ((void)(start), (void)(length))
#define ASAN_UNPOISON_MEMORY_REGION(start, length) ((void)(start), (void)(length))
#endif

static uint8_t *base_of(const struct block *block)
{
    return block->memory + BLOCK_HEADROOM;
}

static const uint8_t *limit_of(const struct block *block)
{
    return base_of(block) + BLOCK_SIZE;
}

static void guard(const struct window *window)
{
    const struct block *block = window->block;
    const struct cursor *unread = &window->unread;
    ASAN_POISON_MEMORY_REGION(block->memory, (size_t)(unread->at - block->memory));
    ASAN_POISON_MEMORY_REGION(unread->end, (size_t)(limit_of(block) - unread->end));
}

static void unguard(const struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->memory, BLOCK_HEADROOM + BLOCK_SIZE);
}

void window_open(struct window *window, struct stream *stream, bool reads_ahead)
{
    *window = (struct window){.stream = stream, .ahead = read_ahead_open(stream, reads_ahead)};
}

/* Whether the bytes of a short block, as pipes give them, go behind what is unread: cheaper than to
 * move that, however small the pieces. */
static bool fits_behind(const struct window *window, const struct block *next)
{
    return cursor_left(&window->unread) > 0 &&
           (size_t)(limit_of(window->block) - window->unread.end) >= next->length;
}

static void append(struct window *window, struct block *next)
{
    uint8_t *memory = window->block->memory;
    memcpy(memory + (window->unread.end - memory), base_of(next), next->length);
    window->unread.end += next->length;
    read_ahead_give_back(window->ahead, next);
}

/* Moves on to the next block, with what is unread in front of it. */
static void move_to(struct window *window, struct block *next)
{
    size_t left = cursor_left(&window->unread);
    uint8_t *base = base_of(next);
    assert(left <= WINDOW_RECORD_MAX);
    if (left > 0)
        memcpy(base - left, window->unread.at, left);
    if (window->block)
        read_ahead_give_back(window->ahead, window->block);
    window->block = next;
    window->unread = (struct cursor){.at = base - left, .end = base + next->length};
}

static void pass_over(struct window *window)
{
    size_t left = cursor_left(&window->unread);
    size_t step = window->to_skip < left ? (size_t)window->to_skip : left;
    window->unread.at += step;
    window->to_skip -= step;
}

enum stream_status window_refill(struct window *window, struct error *error)
{
    struct block *next;
    enum stream_status status = read_ahead_next(window->ahead, &next, error);
    if (status != STREAM_BYTES)
        return status;
    window->end_offset += next->length;
    if (window->block)
        unguard(window->block);
    if (window->block && fits_behind(window, next))
        append(window, next);
    else
        move_to(window, next);
    guard(window);
    pass_over(window);
    return STREAM_BYTES;
}

enum stream_status window_need(struct window *window, size_t length, struct error *error)
{
    enum stream_status status = STREAM_BYTES;
    while (status == STREAM_BYTES && cursor_left(&window->unread) < length)
        status = window_refill(window, error);
    return status;
}

void window_skip(struct window *window, uint64_t length)
{
    assert(window->to_skip == 0); /* what is skipped is read before anything behind it */
    window->skip_offset = window_offset(window);
    window->to_skip = length;
    pass_over(window);
}

uint64_t window_offset(const struct window *window)
{
    if (window->to_skip > 0)
        return window->skip_offset;
    return window->end_offset - cursor_left(&window->unread);
}

void window_close(struct window *window)
{
    if (window->block)
        unguard(window->block);
    read_ahead_close(window->ahead);
}
