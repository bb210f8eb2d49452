/* SPDX-License-Identifier: Apache-2.0
 *
 * How much a row of connections looks like a beacon: RITA v5's score, with fractional seconds.
 * Parts that cannot be computed do not count, and the others weigh more.
 */
#ifndef PORTSCOPE_DETECT_BEACON_SCORE_H
#define PORTSCOPE_DETECT_BEACON_SCORE_H

#include <stdbool.h>
#include <stddef.h>

enum { BEACON_EVENTS_MAX = 256, BEACON_BINS = 24 };

struct beacon_event {
    double at_s;
    double bytes; /* sent by the client */
};

struct beacon_score {
    double timing;      /* regularity of gaps */
    double sizes;       /* regularity of bytes sent */
    double histogram;   /* evenness over 24 parts of the data set */
    double duration;    /* how much of the data set it fills */
    bool has_histogram; /* there was at least one event a part */
    double total;
    double median_gap_s;
    double dispersion; /* median distance from the median gap, over that gap */
};

/* `events` in order of time, at least 4 with 3 gaps; begin and end of the data set in seconds. */
struct beacon_score beacon_score_of(const struct beacon_event *events, size_t count, double begin_s,
                                    double end_s);

#endif
