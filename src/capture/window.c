/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/window.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
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

enum {
    MEMORY_SIZE = WINDOW_RECORD_MAX + WINDOW_BLOCK,
    ROOM_MIN = 64 * 1024, /* a pipe's usual size; with less room behind it, what is left moves */
};

static uint8_t *base_of(const struct window *window)
{
    return window->memory + WINDOW_RECORD_MAX;
}

static uint8_t *limit_of(const struct window *window)
{
    return window->memory + MEMORY_SIZE;
}

static void place(struct window *window, const uint8_t *at, const uint8_t *end)
{
    window->unread.at = at;
    window->unread.end = end;
}

void window_open(struct window *window, struct stream *stream)
{
    *window = (struct window){.memory = memory_new(MEMORY_SIZE, 1), .stream = stream};
    place(window, base_of(window), base_of(window));
}

/* Room for a read: behind what is unread, or a whole block after moving that into the headroom.
 * Pipes come in small pieces, hence no move for each of them. Returns where to read to. */
static uint8_t *make_room(struct window *window)
{
    size_t left = cursor_left(&window->unread);
    size_t used = (size_t)(window->unread.end - window->memory);
    assert(left <= WINDOW_RECORD_MAX);
    if (left > 0 && MEMORY_SIZE - used >= ROOM_MIN)
        return window->memory + used;
    uint8_t *base = base_of(window);
    if (left > 0)
        memmove(base - left, window->unread.at, left);
    place(window, base - left, base);
    return base;
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
    ASAN_UNPOISON_MEMORY_REGION(window->memory, MEMORY_SIZE);
    uint8_t *room = make_room(window);
    size_t length;
    enum stream_status status =
        stream_read(window->stream, room, (size_t)(limit_of(window) - room), &length, error);
    window->unread.end = room + length;
    window->end_offset += length;
    ASAN_POISON_MEMORY_REGION(window->memory, (size_t)(window->unread.at - window->memory));
    ASAN_POISON_MEMORY_REGION(room + length, (size_t)(limit_of(window) - (room + length)));
    pass_over(window);
    return status;
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
    stream_close(window->stream);
    free(window->memory);
}
