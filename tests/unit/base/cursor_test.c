/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/cursor.h"

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static struct cursor over_all(void)
{
    return cursor_over((struct span){bytes, sizeof bytes});
}

static void both_byte_orders_are_read(void **state)
{
    (void)state;
    struct cursor c = over_all();
    assert_int_equal(cursor_be16(&c), 0x0102);
    assert_int_equal(cursor_le16(&c), 0x0403);
    assert_int_equal(cursor_u8(&c), 5);
    assert_int_equal(cursor_be32(&c), 0x06070809);
    assert_true(cursor_ok(&c));
    c = over_all();
    assert_true(cursor_be64(&c) == UINT64_C(0x0102030405060708));
    c = over_all();
    assert_true(cursor_le64(&c) == UINT64_C(0x0807060504030201));
    c = over_all();
    assert_int_equal(cursor_be24(&c), 0x010203);
}

static void a_read_past_the_end_gives_zero_moves_nothing_and_is_remembered(void **state)
{
    (void)state;
    struct cursor c = over_all();
    assert_true(cursor_skip(&c, 7));
    assert_int_equal(cursor_be32(&c), 0);
    assert_int_equal(cursor_left(&c), 2);
    assert_int_equal(cursor_be16(&c), 0x0809);
    assert_false(cursor_ok(&c));
}

static void huge_lengths_do_not_wrap(void **state)
{
    (void)state;
    struct cursor c = over_all();
    assert_null(cursor_take(&c, SIZE_MAX));
    assert_int_equal(cursor_left(&c), sizeof bytes);
    assert_int_equal(cursor_peek(&c, SIZE_MAX), -1);
}

static void a_limit_only_shortens(void **state)
{
    (void)state;
    struct cursor c = over_all();
    cursor_limit(&c, 100);
    assert_int_equal(cursor_left(&c), sizeof bytes);
    cursor_limit(&c, 3);
    assert_int_equal(cursor_left(&c), 3);
    assert_int_equal(cursor_peek(&c, 2), 3);
    assert_int_equal(cursor_peek(&c, 3), -1);
}

static void a_short_copy_is_all_zeros(void **state)
{
    (void)state;
    struct cursor c = over_all();
    uint8_t out[10] = {9, 9, 9};
    assert_false(cursor_copy(&c, out, sizeof out));
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_byte_orders_are_read),
        cmocka_unit_test(a_read_past_the_end_gives_zero_moves_nothing_and_is_remembered),
        cmocka_unit_test(huge_lengths_do_not_wrap),
        cmocka_unit_test(a_limit_only_shortens),
        cmocka_unit_test(a_short_copy_is_all_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
