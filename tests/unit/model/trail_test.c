/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "model/trail.h"

enum { FRAME = 100 };

static const uint8_t bytes[TRAIL_FRAME_BYTES + 1000];

static void keep(struct trail_pool *pool, struct trail **trail, int64_t time_ns, size_t length)
{
    const struct frame frame = {
        .bytes = {bytes, length}, .time_ns = time_ns, .wire_length = 5000, .link_type = 1};
    trail_add(pool, trail, trail_keep(pool, &frame));
}

static size_t length_of(const struct kept_frames *frames)
{
    const struct kept_frame *frame;
    size_t length = 0;
    TAILQ_FOREACH(frame, frames, in_trail)
    length++;
    return length;
}

static void a_trail_has_the_first_and_the_latest_frames(void **state)
{
    struct trail_pool *pool = trail_pool_new(1 << 20);
    struct trail *trail = NULL;
    (void)state;
    for (int64_t i = 0; i < 1000; i++)
        keep(pool, &trail, i, FRAME);
    assert_int_equal(length_of(&trail->opening), TRAIL_OPENING);
    assert_int_equal(length_of(&trail->latest), TRAIL_LATEST);
    assert_int_equal(TAILQ_LAST(&trail->opening, kept_frames)->time_ns, TRAIL_OPENING - 1);
    assert_int_equal(TAILQ_FIRST(&trail->latest)->time_ns, 1000 - TRAIL_LATEST);
    assert_int_equal(TAILQ_LAST(&trail->latest, kept_frames)->time_ns, 999);
    assert_int_equal(trail->seen, 1000);
    assert_int_equal(trail_pool_limits(pool).hit, 0);
    trail_release(trail);
    trail_pool_free(pool);
}

static void a_long_frame_is_cut_and_keeps_its_wire_length(void **state)
{
    struct trail_pool *pool = trail_pool_new(1 << 20);
    struct trail *trail = NULL;
    (void)state;
    keep(pool, &trail, 1, sizeof bytes);
    assert_int_equal(TAILQ_FIRST(&trail->opening)->length, TRAIL_FRAME_BYTES);
    assert_int_equal(TAILQ_FIRST(&trail->opening)->wire_length, 5000);
    trail_release(trail);
    trail_pool_free(pool);
}

static void a_full_pool_forgets_the_oldest_frames_of_all_flows(void **state)
{
    struct trail_pool *pool = trail_pool_new(10000);
    struct trail *old = NULL, *young = NULL;
    (void)state;
    for (int64_t i = 0; i < 10; i++)
        keep(pool, &old, i, FRAME);
    for (int64_t i = 0; i < 200; i++)
        keep(pool, &young, i, FRAME);
    assert_int_equal(length_of(&old->opening), 0);
    assert_int_equal(old->seen, 10);
    assert_int_equal(TAILQ_LAST(&young->latest, kept_frames)->time_ns, 199);
    assert_true(trail_pool_limits(pool).hit > 10);
    trail_release(old);
    trail_release(young);
    trail_pool_free(pool);
}

static void what_a_finding_holds_stays(void **state)
{
    struct trail_pool *pool = trail_pool_new(20000);
    struct trail *held = NULL, *other = NULL;
    (void)state;
    for (int64_t i = 0; i < 10; i++)
        keep(pool, &held, i, FRAME);
    assert_true(trail_pin(held));
    trail_release(held); /* by the record */
    for (int64_t i = 0; i < 200; i++)
        keep(pool, &other, i, FRAME);
    assert_int_equal(length_of(&held->opening), 10);
    trail_release(held);
    trail_release(other);
    trail_pool_free(pool);
}

static void a_flow_that_goes_on_adds_to_what_a_finding_holds(void **state)
{
    struct trail_pool *pool = trail_pool_new(40000);
    struct trail *held = NULL, *other = NULL;
    (void)state;
    keep(pool, &held, 0, FRAME);
    assert_true(trail_pin(held));
    for (int64_t i = 1; i < 100; i++)
        keep(pool, &held, i, FRAME);
    for (int64_t i = 0; i < 500; i++)
        keep(pool, &other, i, FRAME);
    assert_int_equal(length_of(&held->opening), TRAIL_OPENING);
    assert_int_equal(TAILQ_LAST(&held->latest, kept_frames)->time_ns, 99);
    trail_release(held);
    trail_release(held);
    trail_release(other);
    trail_pool_free(pool);
}

static void findings_hold_half_of_the_pool_at_most(void **state)
{
    struct trail_pool *pool = trail_pool_new(20000);
    struct trail *trails[10] = {0};
    size_t pinned = 0;
    (void)state;
    for (size_t i = 0; i < 10; i++) {
        for (int64_t frame = 0; frame < 10; frame++)
            keep(pool, &trails[i], frame, FRAME);
        pinned += trail_pin(trails[i]);
    }
    assert_in_range(pinned, 4, 7);
    assert_true(trail_pool_limits(pool).hit > 0);
    for (size_t i = 0; i < 10; i++) {
        trail_release(trails[i]);
        if (i < pinned)
            trail_release(trails[i]);
    }
    trail_pool_free(pool);
}

static void without_a_pool_nothing_is_kept(void **state)
{
    struct trail *trail = NULL;
    (void)state;
    keep(NULL, &trail, 1, FRAME);
    assert_null(trail);
    trail_release(trail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trail_has_the_first_and_the_latest_frames),
        cmocka_unit_test(a_long_frame_is_cut_and_keeps_its_wire_length),
        cmocka_unit_test(a_full_pool_forgets_the_oldest_frames_of_all_flows),
        cmocka_unit_test(what_a_finding_holds_stays),
        cmocka_unit_test(a_flow_that_goes_on_adds_to_what_a_finding_holds),
        cmocka_unit_test(findings_hold_half_of_the_pool_at_most),
        cmocka_unit_test(without_a_pool_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
