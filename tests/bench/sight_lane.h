/* SPDX-License-Identifier: Apache-2.0
 *
 * A lane of the pipeline for one flow at a time: flow table, inspection, verdict.
 */
#ifndef PORTSCOPE_BENCH_SIGHT_LANE_H
#define PORTSCOPE_BENCH_SIGHT_LANE_H

#include "dpi/dpi.h"
#include "model/rulebook.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct sight_lane;

struct sight_result {
    struct detection detection;
    enum verdict verdict;
    bool is_detected; /* with the evidence that its name needs */
    double cpu_us;    /* of inspection alone */
};

/* `is_watching`: whether the watched ports are watched; without it nDPI speaks alone. */
struct sight_lane *sight_lane_open(const struct rulebook *rulebook, bool is_watching,
                                   struct error *error);
void sight_lane_close(struct sight_lane *lane); /* accepts NULL */

/* How a flow is played. Zeroes: as it was. */
struct sight_play {
    uint16_t port;       /* instead of the service's */
    size_t payloads_max; /* stops behind so many packets with payload */
    size_t snaplen;      /* cuts each packet to so many bytes, Ethernet's 14 counted */
};

struct sight_flow;
struct sight_result sight_lane_play(struct sight_lane *lane, const struct sight_flow *flow,
                                    const struct sight_play *play);

#endif
