/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "app/option.h"

#include <string.h>

struct target {
    bool all, quiet;
    const char *word;
    struct words list;
    uint64_t count, size;
    int64_t wait_ns;
};

static const struct option_spec specs[] = {
    {'a', "all", OPTION_FLAG, offsetof(struct target, all), NULL, "every flow"},
    {'q', "quiet", OPTION_FLAG, offsetof(struct target, quiet), NULL, "less"},
    {'w', "word", OPTION_WORD, offsetof(struct target, word), "WORD", "a word"},
    {'o', "output", OPTION_WORDS, offsetof(struct target, list), "X", "many"},
    {'c', "count", OPTION_COUNT, offsetof(struct target, count), "N", "a number"},
    {0, "size", OPTION_SIZE, offsetof(struct target, size), "SIZE", "a size"},
    {0, "wait", OPTION_DURATION, offsetof(struct target, wait_ns), "TIME", "a duration"},
    {0},
};

static struct target target;
static struct words operands;
static struct error error;

static enum option_result parse(int argc, ...)
{
    char *argv[16] = {0};
    static char program[] = "test";
    argv[0] = program;
    va_list words;
    va_start(words, argc);
    for (int i = 1; i <= argc; i++)
        argv[i] = va_arg(words, char *);
    va_end(words);
    words_free(&operands);
    words_free(&target.list);
    target = (struct target){0};
    return options_parse(specs, argc + 1, argv, &target, &operands, &error);
}

static void letters_may_be_joined_and_carry_their_value(void **state)
{
    (void)state;
    assert_int_equal(parse(3, "-aqc5", "file", "-oeve"), OPTIONS_OK);
    assert_true(target.all && target.quiet);
    assert_int_equal(target.count, 5);
    assert_string_equal(target.list.items[0], "eve");
    assert_string_equal(operands.items[0], "file");
}

static void names_take_their_value_with_or_without_an_equals_sign(void **state)
{
    (void)state;
    assert_int_equal(parse(5, "--word=a=b", "--output", "x", "--output=y", "--wait=2m"),
                     OPTIONS_OK);
    assert_string_equal(target.word, "a=b");
    assert_int_equal(target.list.count, 2);
    assert_true(target.wait_ns == INT64_C(120000000000));
}

static void a_lone_dash_is_an_operand_and_two_end_the_options(void **state)
{
    (void)state;
    assert_int_equal(parse(3, "-", "--", "-a"), OPTIONS_OK);
    assert_int_equal(operands.count, 2);
    assert_string_equal(operands.items[1], "-a");
    assert_false(target.all);
}

static void sizes_have_suffixes_and_do_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(parse(2, "--size", "64k"), OPTIONS_OK);
    assert_int_equal(target.size, 65536);
    assert_int_equal(parse(2, "--size", "2G"), OPTIONS_OK);
    assert_true(target.size == UINT64_C(2) << 30);
    assert_int_equal(parse(2, "--size", "99999999999T"), OPTIONS_WRONG);
    assert_int_equal(parse(2, "--size", "5x"), OPTIONS_WRONG);
}

static void mistakes_name_the_word_and_the_nearest_right_one(void **state)
{
    (void)state;
    assert_int_equal(parse(1, "--outptu=eve"), OPTIONS_WRONG);
    assert_non_null(strstr(error.text, "unknown option '--outptu=eve' (did you mean '--output'?)"));
    assert_int_equal(parse(1, "-z"), OPTIONS_WRONG);
    assert_non_null(strstr(error.text, "unknown option '-z'"));
    assert_int_equal(parse(2, "-c", "many"), OPTIONS_WRONG);
    assert_non_null(strstr(error.text, "'many' is not a number"));
    assert_int_equal(parse(1, "--all=yes"), OPTIONS_WRONG);
    assert_non_null(strstr(error.text, "takes no value"));
    assert_int_equal(parse(1, "--word"), OPTIONS_WRONG);
    assert_non_null(strstr(error.text, "needs a value"));
    assert_int_equal(parse(1, "-\x1b[2J"), OPTIONS_WRONG);
    assert_null(strchr(error.text, '\x1b'));
}

static void help_is_asked_for_in_two_ways(void **state)
{
    (void)state;
    assert_int_equal(parse(1, "-h"), OPTIONS_HELP);
    assert_int_equal(parse(2, "file", "--help"), OPTIONS_HELP);
}

static int free_words(void **state)
{
    (void)state;
    words_free(&operands);
    words_free(&target.list);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_may_be_joined_and_carry_their_value),
        cmocka_unit_test(names_take_their_value_with_or_without_an_equals_sign),
        cmocka_unit_test(a_lone_dash_is_an_operand_and_two_end_the_options),
        cmocka_unit_test(sizes_have_suffixes_and_do_not_overflow),
        cmocka_unit_test(mistakes_name_the_word_and_the_nearest_right_one),
        cmocka_unit_test(help_is_asked_for_in_two_ways),
    };
    return cmocka_run_group_tests(tests, NULL, free_words);
}
