/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/suggest.h"

#include <string.h>

static const char *const formats[] = {"table", "eve", "csv", "zeek"};

static void a_slip_finds_its_word(void **state)
{
    (void)state;
    assert_string_equal(suggest_nearest("tabel", formats, 4), "table");
    assert_string_equal(suggest_nearest("EVE", formats, 4), "eve");
    assert_string_equal(suggest_nearest("zek", formats, 4), "zeek");
}

static void exchanged_letters_are_one_slip(void **state)
{
    (void)state;
    static const char *const options[] = {"site", "quiet"};
    assert_string_equal(suggest_nearest("quite", options, 2), "quiet");
}

static void a_different_word_finds_nothing(void **state)
{
    (void)state;
    assert_null(suggest_nearest("parquet", formats, 4));
    assert_null(suggest_nearest("", formats, 4));
    assert_null(suggest_nearest("x", formats, 4));
    char endless[500];
    memset(endless, 'e', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(suggest_nearest(endless, formats, 4));
}

static void the_sentence_is_empty_without_a_word(void **state)
{
    (void)state;
    char out[SUGGESTION_SIZE];
    assert_string_equal(suggestion("tabel", formats, 4, out), " (did you mean 'table'?)");
    assert_string_equal(suggestion("parquet", formats, 4, out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_finds_its_word),
        cmocka_unit_test(exchanged_letters_are_one_slip),
        cmocka_unit_test(a_different_word_finds_nothing),
        cmocka_unit_test(the_sentence_is_empty_without_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
