/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/text.h"
#include "watching.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "{\"portscope-baseline\": 1, \"version\": 1, "

static const struct mistake {
    const char *json, *sentence;
} mistakes[] = {
    {"", "base.json:1:0: '[' or '{' expected near end of file"},
    {"{", "base.json:1:1: string or '}' expected near end of file"},
    {"[]", "base.json: is no baseline of portscope ('portscope learn' writes one)"},
    {"{}", "base.json: is no baseline of portscope ('portscope learn' writes one)"},
    {"no JSON", "base.json:1:2: '[' or '{' expected near 'no'"},
    {"{\"portscope-baseline\": 1, \"version\": 2}",
     "base.json: baseline of version 2; this program reads 1"},
    {HEAD "\"services\": [], \"pairs\"", "base.json:1:63: ':' expected near end of file"},
    {HEAD "\"services\": []}", "base.json: has no list 'pairs'; is it a baseline of portscope?"},
    {HEAD "\"services\": {}, \"pairs\": []}",
     "base.json: has no list 'services'; is it a baseline of portscope?"},
    {HEAD "\"version\": 1}", "base.json:1:49: duplicate object key near '\"version\"'"},
    {HEAD "\"services\": [1], \"pairs\": []}",
     "base.json: entry 1 of 'services' needs server, port (1-65535) and transport"},
    {HEAD "\"services\": [{\"server\": \"10.0.0.1\", \"port\": 0, \"transport\": \"tcp\"}],"
          " \"pairs\": []}",
     "base.json: entry 1 of 'services' needs server, port (1-65535) and transport"},
    {HEAD "\"services\": [{\"server\": \"10.0.0.300\", \"port\": 154, \"transport\": \"tcp\"}],"
          " \"pairs\": []}",
     "base.json: entry 1 of 'services' needs server, port (1-65535) and transport"},
    {HEAD "\"services\": [{\"server\": \"10.0.0.1\", \"port\": 154, \"transport\": \"tpc\"}],"
          " \"pairs\": []}",
     "base.json: entry 1 of 'services' needs server, port (1-65535) and transport"},
    {HEAD "\"services\": [], "
          "\"pairs\": [{\"server\": \"10.0.0.1\", \"port\": 154, \"transport\": \"tcp\"}]}",
     "base.json: entry 1 of 'pairs' needs client, server, port (1-65535) and transport"},
};

static void each_mistake_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct baseline *baseline = baseline_new();
        struct error error = {0};
        assert_false(baseline_parse(baseline, "base.json", span_of(mistakes[i].json), &error));
        assert_string_equal(error.text, mistakes[i].sentence);
        baseline_free(baseline);
    }
}

static void times_that_cannot_be_are_none(void **state)
{
    struct baseline *baseline = baseline_new();
    struct error error = {0};
    (void)state;
    assert_true(baseline_parse(
        baseline, "base.json",
        span_of(HEAD "\"services\": [{\"server\": \"10.0.0.1\", \"port\": 154, "
                     "\"transport\": \"tcp\", \"first\": 9223372036854775807, "
                     "\"last\": -9223372036854775807, \"flows\": -1}], \"pairs\": []}"),
        &error));
    assert_int_equal(baseline_services(baseline), 1);
    baseline_free(baseline);
}

static void beyond_its_bound_a_baseline_counts_what_it_refuses(void **state)
{
    struct baseline *baseline = baseline_new();
    struct error error = {0};
    struct text json = {0};
    (void)state;
    text_add(&json, HEAD "\"services\": [");
    for (int i = 0; i < 20000; i++)
        text_addf(&json, "%s{\"server\": \"10.0.%d.%d\", \"port\": 154, \"transport\": \"tcp\"}",
                  i > 0 ? "," : "", i / 256, i % 256);
    text_add(&json, "], \"pairs\": []}");
    assert_true(baseline_parse(baseline, "base.json", span_of(text_words(&json)), &error));
    assert_int_equal(baseline_services(baseline), 16384);
    assert_int_equal(baseline_refused(baseline), 20000 - 16384);
    text_free(&json);
    baseline_free(baseline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_told),
        cmocka_unit_test(times_that_cannot_be_are_none),
        cmocka_unit_test(beyond_its_bound_a_baseline_counts_what_it_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
