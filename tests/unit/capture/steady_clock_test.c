/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/timestamp.h"
#include "capture/steady_clock.h"

#define WALL_NS (INT64_C(1800000000) * NS_PER_S)
#define MONOTONIC_NS (INT64_C(5000) * NS_PER_S)

/* The time after so much has passed while the wall clock was set by `wall_ns` in all, from the
 * start. */
static int64_t after(struct steady_clock *clock, int64_t passed_ns, int64_t wall_ns)
{
    int64_t now_ns =
        steady_clock_read(clock, WALL_NS + passed_ns + wall_ns, MONOTONIC_NS + passed_ns);
    return now_ns - WALL_NS;
}

static void it_shows_the_time_of_day_of_the_start_and_what_passed_since(void **state)
{
    (void)state;
    struct steady_clock clock;
    steady_clock_start(&clock, WALL_NS, MONOTONIC_NS);
    assert_int_equal(after(&clock, 0, 0), 0);
    assert_int_equal(after(&clock, 90 * NS_PER_S, 0), 90 * NS_PER_S);
    assert_int_equal(clock.step_ns, 0);
}

static void it_cannot_be_set(void **state)
{
    (void)state;
    static const int64_t steps_ns[] = {
        NS_PER_S, -NS_PER_S, 3600 * NS_PER_S, -WALL_NS, INT64_C(86400) * 36500 * NS_PER_S, 0};
    struct steady_clock clock;
    steady_clock_start(&clock, WALL_NS, MONOTONIC_NS);
    for (size_t i = 0; i < sizeof steps_ns / sizeof steps_ns[0]; i++) {
        int64_t passed_ns = (int64_t)(i + 1) * NS_PER_S;
        assert_int_equal(after(&clock, passed_ns, steps_ns[i]), passed_ns);
        assert_int_equal(clock.step_ns, steps_ns[i]);
    }
}

static void what_is_slewed_is_no_step_until_it_adds_up(void **state)
{
    (void)state;
    struct steady_clock clock;
    steady_clock_start(&clock, WALL_NS, MONOTONIC_NS);
    after(&clock, NS_PER_S, 500 * NS_PER_MS);
    assert_int_equal(clock.step_ns, 0);
    after(&clock, NS_PER_S, -500 * NS_PER_MS);
    assert_int_equal(clock.step_ns, 0);
    after(&clock, NS_PER_S, 501 * NS_PER_MS);
    assert_int_equal(clock.step_ns, 501 * NS_PER_MS);
    after(&clock, NS_PER_S, 2 * NS_PER_MS);
    assert_int_equal(clock.step_ns, 501 * NS_PER_MS);
    after(&clock, NS_PER_S, 0);
    assert_int_equal(clock.step_ns, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_the_time_of_day_of_the_start_and_what_passed_since),
        cmocka_unit_test(it_cannot_be_set),
        cmocka_unit_test(what_is_slewed_is_no_step_until_it_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
