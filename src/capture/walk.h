/* SPDX-License-Identifier: Apache-2.0
 *
 * What a capture format provides: how to begin, and how to walk from record to record over what
 * the window shows.
 */
#ifndef PORTSCOPE_CAPTURE_WALK_H
#define PORTSCOPE_CAPTURE_WALK_H

#include "capture/record_run.h"
#include "capture/window.h"
#include "model/frame.h"

/* No frame is longer; libpcap and Wireshark draw the same line. A longer claim is damage. */
enum { FRAME_BYTES_MAX = 262144 };

/* One walk: fills `frames` from the records that are whole in the window and moves on behind them.
 */
struct walk {
    struct window *window;
    struct frame *frames; /* SOURCE_BATCH_FRAMES of them */
    size_t count;
    uint64_t packets_before; /* handed out by the walks before this one */
    struct error *error;
};

enum walk_status {
    WALK_ON,     /* with no frame: the window has to be refilled */
    WALK_DAMAGED /* at the next record; the frames before it are good */
};

struct capture_format {
    const char *name;
    size_t header_size; /* bytes that begin() needs */
    /* NULL with a sentence when the header is none that can be read. */
    void *(*begin)(struct window *window, struct error *error);
    enum walk_status (*walk)(void *state, struct walk *walk);
    /* What is in the window as a run of at least one record; false when that cannot be. May be
     * NULL. */
    bool (*run)(void *state, const struct window *window, struct record_run *run);
    void (*end)(void *state);
};

extern const struct capture_format pcap_format;
extern const struct capture_format pcapng_format;

/* What is wrong with the next record, as "FILE: packet 18 at byte 1234 " or, when it is a block
 * that need not be a packet, "FILE: the block at byte 1234, behind packet 17, " and the given
 * words. Always false. */
__attribute__((format(printf, 2, 3))) bool packet_fault(const struct walk *walk, const char *format,
                                                        ...);
__attribute__((format(printf, 2, 3))) bool block_fault(const struct walk *walk, const char *format,
                                                       ...);

#endif
