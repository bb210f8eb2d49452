/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames from interfaces, through libpcap. Other than a saved capture they are handed to a function
 * one by one: a view points into the kernel's ring, and its block goes back to the kernel when the
 * last frame in it has been looked at.
 */
#ifndef PORTSCOPE_CAPTURE_INTERFACE_H
#define PORTSCOPE_CAPTURE_INTERFACE_H

#include "base/error.h"
#include "base/text.h"
#include "model/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTERFACES_MAX = 16 };

struct interface_options {
    const char *const *names; /* "eth0", "any"; borrowed for the call */
    size_t count;
    const char *link_type; /* a name as libpcap has it, NULL: the interface's own */
    const char *direction; /* "in", "out", "inout"; NULL: both */
    uint32_t snaplen;
    uint64_t buffer_bytes; /* of the ring, each interface has one */
    bool is_promiscuous;
};

/* Every frame that the kernel counted is delivered, dropped or unread: received = delivered +
 * dropped + unread. 64 bits wide, whatever the kernel's counters are. */
struct interface_counts {
    uint64_t received, delivered, dropped, unread;
    int64_t missed; /* by the interface itself, from /sys; -1: not known */
};

/* Now, and how the wall clock was set since the start. */
struct interface_clock {
    int64_t now_ns;  /* the wall clock at the start and the time that passed since */
    int64_t step_ns; /* how far the wall clock, and with it the frames' times, is ahead of it */
};

enum interfaces_status {
    INTERFACES_READ, /* frames were handed out */
    INTERFACES_IDLE, /* none came, or a signal did */
    INTERFACES_GONE, /* an interface does not exist any more; what was in its ring has been read */
};

/* False: no more frames for now. */
typedef bool frame_fn(void *context, const struct frame *frame);

struct interfaces;

/* Opens and activates all; from then on the kernel counts. NULL with a sentence. */
struct interfaces *interfaces_open(const struct interface_options *options, struct error *error);
void interfaces_close(struct interfaces *interfaces); /* accepts NULL */

/* Waits at most so long for frames and hands them out. */
enum interfaces_status interfaces_read(struct interfaces *interfaces, int64_t wait_ns,
                                       frame_fn *on_frame, void *context, struct error *error);

/* Reads the clocks. What is older than `now_ns` minus a few blocks' time-out has been handed out
 * when interfaces_read() says INTERFACES_IDLE. */
struct interface_clock interfaces_clock(struct interfaces *interfaces);

/* Of all interfaces together. To be asked for at least once in 2^32 packets. */
struct interface_counts interfaces_counts(struct interfaces *interfaces);

/* The ring of all interfaces together as the kernel gave it, which may be less than was asked for;
 * 0: not known. */
uint64_t interfaces_ring_bytes(const struct interfaces *interfaces);

/* One line for each interface that can be watched: "eth0    up, running    192.0.2.1". */
bool interfaces_list(struct text *out, struct error *error);

#endif
