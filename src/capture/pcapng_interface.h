/* SPDX-License-Identifier: Apache-2.0
 *
 * An interface of a pcapng section: link type, snapshot length, and what a tick of its clock means.
 */
#ifndef PORTSCOPE_CAPTURE_PCAPNG_INTERFACE_H
#define PORTSCOPE_CAPTURE_PCAPNG_INTERFACE_H

#include "base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

/* if_tsresol: ticks of 10^-exponent s, or of 2^-exponent s. */
struct tick_clock {
    bool is_binary;
    uint8_t exponent;
    uint64_t ticks_per_s;
    uint64_t ns_per_tick; /* 0 when a tick is not a whole number of nanoseconds */
    int64_t offset_s;     /* if_tsoffset */
};

/* Reads if_tsresol's octet; false when 64 bits cannot count such ticks in a second. */
bool tick_clock_set(struct tick_clock *clock, uint8_t resolution);

/* Nanoseconds since 1970; what does not fit stays at the end of the range. */
int64_t tick_clock_ns(const struct tick_clock *clock, uint64_t ticks);

struct pcapng_interface {
    uint16_t link_type;
    uint32_t snaplen; /* 0: no limit */
    struct tick_clock clock;
};

/* Reads the body of an Interface Description Block. False when it is too short or the clock's
 * resolution is absurd; options that do not add up are left unread. */
bool pcapng_interface_read(struct pcapng_interface *interface, struct cursor body, bool is_swapped);

#endif
