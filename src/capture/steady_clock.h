/* SPDX-License-Identifier: Apache-2.0
 *
 * A clock that shows the time of day and cannot be set: it takes over the wall clock once and goes
 * on with the monotonic one. How far the wall clock was moved meanwhile is known as well, because
 * the frames' times move with it.
 */
#ifndef PORTSCOPE_CAPTURE_STEADY_CLOCK_H
#define PORTSCOPE_CAPTURE_STEADY_CLOCK_H

#include <stdint.h>

struct steady_clock {
    int64_t wall_ns, monotonic_ns; /* at the start */
    int64_t step_ns;
};

void steady_clock_start(struct steady_clock *clock, int64_t wall_ns, int64_t monotonic_ns);

/* The time now; notices when the wall clock was set. What NTP slews is no step. */
int64_t steady_clock_read(struct steady_clock *clock, int64_t wall_ns, int64_t monotonic_ns);

#endif
