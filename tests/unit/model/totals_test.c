/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "model/totals.h"

static void a_lost_packet_is_noticed(void **state)
{
    (void)state;
    struct totals totals = {.capture = {.packets_read = 5, .decoded = 2, .filtered = 2}};
    assert_false(totals_balance(&totals));
    totals.capture.malformed = 1;
    assert_true(totals_balance(&totals));
}

static void merging_adds_and_keeps_the_time_range(void **state)
{
    (void)state;
    struct totals sum = {0};
    struct totals a = {.capture = {.packets_read = 1, .decoded = 1, .first_ns = 50, .last_ns = 60}};
    struct totals b = {.capture = {.packets_read = 2, .not_ip = 2, .first_ns = 10, .last_ns = 20}};
    totals_count_link(&a, 147, 3);
    totals_count_link(&b, 147, 4);
    totals_merge(&sum, &a);
    totals_merge(&sum, &b);
    assert_true(totals_balance(&sum));
    assert_int_equal(sum.capture.packets_read, 3);
    assert_int_equal(sum.capture.first_ns, 10);
    assert_int_equal(sum.capture.last_ns, 60);
    assert_int_equal(sum.unsupported_count, 1);
    assert_int_equal(sum.unsupported[0].packets, 7);
}

static void link_types_beyond_the_cap_are_counted_as_a_hit_limit(void **state)
{
    (void)state;
    struct totals totals = {0};
    for (uint16_t type = 0; type < TOTALS_LINK_TYPES_MAX + 5; type++)
        totals_count_link(&totals, type, 1);
    assert_int_equal(totals.unsupported_count, TOTALS_LINK_TYPES_MAX);
    assert_int_equal(totals.limits_hit[LIMIT_LINK_TYPES], 5);
}

static void every_limit_has_its_words(void **state)
{
    (void)state;
    for (enum limit limit = 0; limit < LIMITS; limit++) {
        assert_non_null(limit_name(limit));
        assert_non_null(limit_effect(limit));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_limit_has_its_words),
        cmocka_unit_test(a_lost_packet_is_noticed),
        cmocka_unit_test(merging_adds_and_keeps_the_time_range),
        cmocka_unit_test(link_types_beyond_the_cap_are_counted_as_a_hit_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
