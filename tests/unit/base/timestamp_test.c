/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/timestamp.h"

#include <time.h>

static void times_have_the_forms_of_their_formats(void **state)
{
    (void)state;
    char text[TIMESTAMP_TEXT_SIZE];
    int64_t time_ns = INT64_C(1795165200123456789);
    assert_string_equal(timestamp_eve(time_ns, text), "2026-11-20T09:00:00.123456+0000");
    assert_string_equal(timestamp_rfc3339(time_ns, text), "2026-11-20T09:00:00.123456Z");
    assert_string_equal(timestamp_human(time_ns, text), "2026-11-20 09:00:00");
    assert_string_equal(timestamp_epoch(time_ns, text), "1795165200.123456");
    assert_string_equal(timestamp_eve(-1, text), "1969-12-31T23:59:59.999999+0000");
    assert_string_equal(timestamp_epoch(-1500000000, text), "-1.500000");
}

static void every_day_is_the_c_librarys(void **state)
{
    (void)state;
    char text[TIMESTAMP_TEXT_SIZE], expected[TIMESTAMP_TEXT_SIZE];
    for (time_t day = -106750; day <= 106750; day++) {
        time_t seconds = day * 86400 + 86399 * (day & 1);
        struct tm date;
        assert_non_null(gmtime_r(&seconds, &date));
        strftime(expected, sizeof expected, "%Y-%m-%d %H:%M:%S", &date);
        assert_string_equal(timestamp_human(seconds * NS_PER_S, text), expected);
    }
}

static void extreme_times_do_no_harm(void **state)
{
    (void)state;
    char text[TIMESTAMP_TEXT_SIZE];
    assert_string_equal(timestamp_eve(INT64_MIN, text), "1677-09-21T00:12:43.145224+0000");
    timestamp_epoch(INT64_MIN, text);
    assert_string_equal(timestamp_human(INT64_MAX, text), "2262-04-11 23:47:16");
}

static void durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        int64_t ns;
    } cases[] = {
        {"90", 90 * NS_PER_S},      {"1.5m", 90 * NS_PER_S},  {"2h", 7200 * NS_PER_S},
        {"250ms", 250 * NS_PER_MS}, {"1d", 86400 * NS_PER_S}, {"0", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ns = -1;
        assert_true(duration_parse(cases[i].word, &ns));
        assert_true(ns == cases[i].ns);
    }
}

static void nonsense_is_no_duration(void **state)
{
    (void)state;
    static const char *const words[] = {"", "-1s", "h", "1x", "1 s", "1e99d", "nan", "inf"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        int64_t ns;
        assert_false(duration_parse(words[i], &ns));
    }
}

static void durations_are_written_for_people(void **state)
{
    (void)state;
    char text[TIMESTAMP_TEXT_SIZE];
    assert_string_equal(duration_human(250 * NS_PER_MS, text), "250 ms");
    assert_string_equal(duration_human(1500 * NS_PER_MS, text), "1.5 s");
    assert_string_equal(duration_human(125 * NS_PER_S, text), "2 min 5 s");
    assert_string_equal(duration_human(12000 * NS_PER_S, text), "3 h 20 min");
    assert_string_equal(duration_human(352800 * NS_PER_S, text), "4 d 2 h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_the_forms_of_their_formats),
        cmocka_unit_test(every_day_is_the_c_librarys),
        cmocka_unit_test(extreme_times_do_no_harm),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(nonsense_is_no_duration),
        cmocka_unit_test(durations_are_written_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
