/* SPDX-License-Identifier: Apache-2.0
 *
 * When outputs turn: the sinks are the test's own, and only count.
 */
#include "unit.h"

#include "app/rotation.h"
#include "base/timestamp.h"

#include <string.h>

struct sinks {
    uint64_t size;
    bool fails;
    unsigned turns, keep;
    char aside[64];
};

uint64_t sinks_size(const struct sinks *sinks)
{
    return sinks->size;
}

bool sinks_turn(struct sinks *sinks, const struct sink_turn *turn, struct error *error)
{
    sinks->turns++;
    sinks->keep = turn->keep;
    strncpy(sinks->aside, turn->aside, sizeof sinks->aside - 1);
    return !sinks->fails || error_set(error, "the disk is gone");
}

static void words_are_a_time_a_size_and_how_many_to_keep(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        struct rotation rotation;
    } table[] = {
        {"1h", {.interval_ns = 3600 * NS_PER_S}},
        {"1s", {.interval_ns = NS_PER_S}},
        {"100M", {.size = 100 << 20}},
        {"1k", {.size = 1024}},
        {"1h,100M", {.interval_ns = 3600 * NS_PER_S, .size = 100 << 20}},
        {"1G,30m,keep=24", {.interval_ns = 1800 * NS_PER_S, .size = UINT64_C(1) << 30, .keep = 24}},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct rotation rotation;
        struct error error;
        assert_true(rotation_parse(table[i].words, &rotation, &error));
        assert_int_equal(rotation.interval_ns, table[i].rotation.interval_ns);
        assert_int_equal(rotation.size, table[i].rotation.size);
        assert_int_equal(rotation.keep, table[i].rotation.keep);
    }
}

static void words_without_sense_are_refused(void **state)
{
    (void)state;
    static const char *const table[] = {
        "",
        "keep=5",
        "1h,keep=0",
        "1h,keep=",
        "999ms",
        "0s",
        "0M",
        "-1h",
        "1h,,100M",
        "100MB",
        "100m100",
        "1h,keep=-1",
        "99999999999999999T",
        "1h,keep=99999999999",
        "M",
        "1h keep=3",
        "keep",
        "1h,sometimes",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct rotation rotation;
        struct error error;
        if (rotation_parse(table[i], &rotation, &error))
            fail_msg("'%s' was taken", table[i]);
        assert_non_null(strstr(error.text, "1h,100M,keep=24"));
    }
}

static void look(struct rotation *rotation, struct sinks *sinks, int64_t now_ns)
{
    struct notices notices = {.is_quiet = true};
    rotation_look(rotation, sinks, now_ns, now_ns + 1700000000 * NS_PER_S, &notices);
    assert_int_equal(notices.status, sinks->fails ? EXIT_OUTPUT_FAILED : EXIT_DONE);
}

static void files_turn_when_the_time_is_over_and_not_before(void **state)
{
    (void)state;
    struct sinks sinks = {0};
    struct rotation rotation = {.interval_ns = 10 * NS_PER_S, .keep = 3};
    look(&rotation, &sinks, NS_PER_S);
    look(&rotation, &sinks, 11 * NS_PER_S - 1);
    assert_int_equal(sinks.turns, 0);
    look(&rotation, &sinks, 11 * NS_PER_S);
    assert_int_equal(sinks.turns, 1);
    assert_int_equal(sinks.keep, 3);
    assert_string_equal(sinks.aside, "20231114T221331.000000Z");
    look(&rotation, &sinks, 21 * NS_PER_S - 1);
    assert_int_equal(sinks.turns, 1);
    look(&rotation, &sinks, 21 * NS_PER_S);
    assert_int_equal(sinks.turns, 2);
}

static void files_turn_when_the_largest_is_large_enough(void **state)
{
    (void)state;
    struct sinks sinks = {.size = 999};
    struct rotation rotation = {.size = 1000};
    look(&rotation, &sinks, NS_PER_S);
    assert_int_equal(sinks.turns, 0);
    sinks.size = 1000;
    look(&rotation, &sinks, 2 * NS_PER_S);
    assert_int_equal(sinks.turns, 1);
}

static void after_a_failure_it_waits_a_minute(void **state)
{
    (void)state;
    struct sinks sinks = {.fails = true};
    struct rotation rotation = {.interval_ns = 10 * NS_PER_S};
    struct notices quiet = {.is_quiet = true};
    rotation_look(&rotation, &sinks, NS_PER_S, NS_PER_S, &quiet);
    look(&rotation, &sinks, 11 * NS_PER_S);
    assert_int_equal(sinks.turns, 1);
    rotation_look(&rotation, &sinks, 71 * NS_PER_S - 1, NS_PER_S, &quiet);
    assert_int_equal(sinks.turns, 1);
    look(&rotation, &sinks, 71 * NS_PER_S);
    assert_int_equal(sinks.turns, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_a_time_a_size_and_how_many_to_keep),
        cmocka_unit_test(words_without_sense_are_refused),
        cmocka_unit_test(files_turn_when_the_time_is_over_and_not_before),
        cmocka_unit_test(files_turn_when_the_largest_is_large_enough),
        cmocka_unit_test(after_a_failure_it_waits_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
