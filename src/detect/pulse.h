/* SPDX-License-Identifier: Apache-2.0
 *
 * The pulse of a pair: when it was last heard, and its latest gaps.
 */
#ifndef PORTSCOPE_DETECT_PULSE_H
#define PORTSCOPE_DETECT_PULSE_H

#include "model/flow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PULSE_GAPS = 32 };

struct pulse {
    int64_t last_ns;
    uint64_t beats;
    uint32_t gap_count; /* in all; the latest PULSE_GAPS are kept */
    double gaps_s[PULSE_GAPS];
};

/* Median of gaps, and how far they lie from it, in seconds. */
struct rhythm {
    size_t gaps;
    double median_s, deviation_s;
};

enum { PULSE_TIMES_MAX = FLOW_BEATS + 1 };

/* When the client of a flow spoke up, in order: a connection does once; UDP also within the flow,
 * after each pause, of which the latest are known. Returns how many times there are; a continued
 * connection has none. */
size_t pulse_times(const struct flow *flow, int64_t times_ns[PULSE_TIMES_MAX]);

/* A beat; returns the gap before it in seconds, 0 for the first or one that came out of order. */
double pulse_beat(struct pulse *pulse, int64_t now_ns);

/* Of the gaps kept, leaving out the latest `skip`, at most `most` of them. */
struct rhythm pulse_rhythm(const struct pulse *pulse, size_t skip, size_t most);

/* Whether the gaps differ from their median by less than half of it, as chance does not. */
bool rhythm_is_regular(const struct rhythm *rhythm);

/* The silence that is too long for a rhythm: three periods, or six deviations more than one. */
double rhythm_patience_s(const struct rhythm *rhythm);

#endif
