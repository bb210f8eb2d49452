/* SPDX-License-Identifier: Apache-2.0
 *
 * The blocks of a capture, in order, read ahead of whoever walks over them.
 *
 *     block.memory     BLOCK_HEADROOM                 + BLOCK_SIZE
 *       |                |  what was read  |              |
 *
 * With a helper, which is a thread, the blocks of a plain file are read by both: the helper goes
 * ahead, and who finds the next block not there yet reads another one instead of waiting. What
 * comes only in order (a pipe, compressed bytes) comes through the helper alone. Without one, each
 * block is read when it is asked for. The bytes, the end, faults and their words are the same.
 */
#ifndef PORTSCOPE_CAPTURE_READ_AHEAD_H
#define PORTSCOPE_CAPTURE_READ_AHEAD_H

#include "capture/stream.h"

#include <stdbool.h>

enum {
    BLOCK_SIZE = 256 * 1024,     /* a few of them stay in a core's own cache */
    BLOCK_HEADROOM = 512 * 1024, /* in front of what was read: for the rest of the block before */
};

/* Where what was read begins: at memory + BLOCK_HEADROOM. */
struct block {
    uint8_t *memory;
    size_t length;
    enum stream_status then; /* what comes behind it; `error` belongs to STREAM_FAILED */
    struct error error;
    struct source_statistics statistics; /* when it had been read */
    bool is_filled;
};

struct read_ahead;

/* Takes the stream over. Without a thread, too, when the capture is short or none can be had. */
struct read_ahead *read_ahead_open(struct stream *stream, bool wants_helper);

/* The next block, the caller's until given back; of those it has at most two. With STREAM_BYTES
 * alone `block` is set. After the end and after a fault the answer stays the same. */
enum stream_status read_ahead_next(struct read_ahead *ahead, struct block **block,
                                   struct error *error);
void read_ahead_give_back(struct read_ahead *ahead, struct block *block);

/* As of the last block that was handed out. */
struct source_statistics read_ahead_statistics(const struct read_ahead *ahead);

void read_ahead_close(struct read_ahead *ahead); /* accepts NULL */

#endif
