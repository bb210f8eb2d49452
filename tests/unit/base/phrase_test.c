/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/phrase.h"

static void words_and_numbers_stand_one_behind_the_other(void **state)
{
    (void)state;
    char out[64];
    struct phrase phrase = phrase_into(out, sizeof out);
    assert_string_equal(out, "");
    phrase_add(&phrase, "port ");
    phrase_add_u64(&phrase, 0);
    phrase_add_n(&phrase, "/tcp", 2);
    phrase_add_u64(&phrase, UINT64_MAX);
    phrase_add_hex(&phrase, 0x0f);
    assert_string_equal(out, "port 0/t184467440737095516150f");
}

static void what_does_not_fit_is_left_out(void **state)
{
    (void)state;
    char out[8];
    for (size_t size = 1; size <= sizeof out; size++) {
        memset(out, '#', sizeof out);
        struct phrase phrase = phrase_into(out, size);
        phrase_add(&phrase, "abc");
        phrase_add_u64(&phrase, 1234);
        phrase_add(&phrase, "more");
        assert_int_equal(strlen(out), size - 1);
        assert_memory_equal(out, "abc1234", size - 1);
        assert_true(size == sizeof out || out[size] == '#');
    }
}

static void one_string_is_copied_as_far_as_it_fits(void **state)
{
    (void)state;
    char out[4];
    assert_string_equal(phrase_copy(out, sizeof out, "abcdef"), "abc");
    assert_string_equal(phrase_copy(out, sizeof out, ""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_numbers_stand_one_behind_the_other),
        cmocka_unit_test(what_does_not_fit_is_left_out),
        cmocka_unit_test(one_string_is_copied_as_far_as_it_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
