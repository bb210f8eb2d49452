/* SPDX-License-Identifier: Apache-2.0
 *
 * What the figures of `sight` share, and those of flows of which less is seen.
 */
#ifndef PORTSCOPE_BENCH_SIGHT_PARTIAL_H
#define PORTSCOPE_BENCH_SIGHT_PARTIAL_H

#include "sight_flows.h"
#include "sight_lane.h"

struct sight {
    struct sight_lane *alone, *ours;
    bool has_missed;
};

/* The watched port that flow number `index` is moved to. */
uint16_t sight_port(size_t index);
double sight_percent(double part, double whole);

/* Prints one figure against its target, which is the most or the least it may be. */
void sight_judge(struct sight *sight, const char *what, double value, bool is_most, double target);

/* Each flow of both sets cut short in several ways: a name may go, but not become another. */
void sight_measure_partial(struct sight *sight, const struct sight_flows *sets, size_t set_count);

#endif
