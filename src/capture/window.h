/* SPDX-License-Identifier: Apache-2.0
 *
 * A view that moves over a capture, block by block. What is in it can be handed out without
 * copying; it moves on only when asked to, and then what was handed out before is gone.
 *
 *     |  headroom  |  what was read   |
 *            |.....|..................|
 *            ^ the rest of a record that the block before cut, copied here
 */
#ifndef PORTSCOPE_CAPTURE_WINDOW_H
#define PORTSCOPE_CAPTURE_WINDOW_H

#include "base/cursor.h"
#include "capture/read_ahead.h"

/* What is asked for in one piece is never longer. */
enum { WINDOW_RECORD_MAX = BLOCK_HEADROOM };

struct window {
    struct cursor unread; /* readers move its `at` */
    uint64_t end_offset;  /* where in the capture unread.end is */
    uint64_t to_skip;     /* bytes behind unread.end that nobody wants */
    uint64_t skip_offset; /* where in the capture what is skipped began */
    struct block *block;  /* that the unread bytes are in; NULL: none yet */
    struct read_ahead *ahead;
    const struct stream *stream; /* for its name; `ahead` has it */
};

/* Takes the stream over. */
void window_open(struct window *window, struct stream *stream, bool reads_ahead);

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
