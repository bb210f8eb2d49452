/* SPDX-License-Identifier: Apache-2.0
 *
 * A view that moves over a capture. What is in it can be handed out without copying; it moves on
 * only when asked to, and then what was handed out before is gone.
 *
 *     memory        base                              limit
 *       |  headroom  |  block, read in one go           |
 *              |.....|..................|.........|
 *              ^ the rest of a record that the last block cut, moved here
 */
#ifndef PORTSCOPE_CAPTURE_WINDOW_H
#define PORTSCOPE_CAPTURE_WINDOW_H

#include "base/cursor.h"
#include "capture/stream.h"

enum {
    WINDOW_BLOCK = 512 * 1024,      /* with the headroom it stays in a core's own cache */
    WINDOW_RECORD_MAX = 512 * 1024, /* what is asked for in one piece is never longer */
};

struct window {
    struct cursor unread; /* readers move its `at` */
    uint64_t end_offset;  /* where in the capture unread.end is */
    uint64_t to_skip;     /* bytes behind unread.end that nobody wants */
    uint64_t skip_offset; /* where in the capture what is skipped began */
    uint8_t *memory;
    struct stream *stream;
};

/* Takes the stream over. */
void window_open(struct window *window, struct stream *stream);

/* Makes at least one more byte unread, or passes over bytes that were to be skipped, which ends as
 * STREAM_BYTES too. Only for a window that holds less than one record. */
enum stream_status window_refill(struct window *window, struct error *error);

/* Refills until `length` bytes are unread. STREAM_END when the capture is shorter. */
enum stream_status window_need(struct window *window, size_t length, struct error *error);

/* Passes over bytes, those not yet read too. */
void window_skip(struct window *window, uint64_t length);

/* Where in the capture the next record begins: the one that is being skipped, else the first unread
 * byte. */
uint64_t window_offset(const struct window *window);

void window_close(struct window *window);

#endif
