/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/steady_clock.h"

#include "base/timestamp.h"

/* A process that is stopped between its two looks at the clocks sees a difference, too. */
#define STEP_MIN_NS (500 * NS_PER_MS)

void steady_clock_start(struct steady_clock *clock, int64_t wall_ns, int64_t monotonic_ns)
{
    *clock = (struct steady_clock){.wall_ns = wall_ns, .monotonic_ns = monotonic_ns};
}

int64_t steady_clock_read(struct steady_clock *clock, int64_t wall_ns, int64_t monotonic_ns)
{
    int64_t now_ns = clock->wall_ns + (monotonic_ns - clock->monotonic_ns);
    int64_t step_ns = wall_ns - now_ns;
    int64_t change_ns = step_ns - clock->step_ns;
    if (change_ns > STEP_MIN_NS || change_ns < -STEP_MIN_NS)
        clock->step_ns = step_ns;
    return now_ns;
}
