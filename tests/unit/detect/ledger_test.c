/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "watching.h"

#include <stdio.h>
#include <string.h>

static void repeats_are_one_finding_with_a_count(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 25; i++)
        watching_talk(&w, &(struct talk){.port = 155, .at_s = i * i, .lasts_s = 1});
    watching_end(&w);
    assert_int_equal(w.count, 1);
    const struct finding *finding = watching_find(&w, "listener");
    assert_int_equal(finding->count, 25);
    assert_int_equal(finding->example_flow_count, FINDING_FLOWS_MAX);
    assert_int_equal(finding->last_ns - finding->first_ns, (24 * 24 + 1) * NS_PER_S);
    assert_string_equal(finding->display_filter, "ip.addr == 10.0.1.1 && tcp.port == 155");
    assert_string_equal(finding->capture_filter, "host 10.0.1.1 and tcp port 155");
    assert_string_equal(finding->service, "netsc-dev");
    watching_close(&w);
}

static void the_worst_comes_first(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    watching_talk(&w, &(struct talk){.at_s = 0});
    watching_talk(&w, &(struct talk){.at_s = 5, .client = "198.51.100.1"});
    watching_end(&w);
    assert_true(w.count >= 2);
    for (size_t i = 1; i < w.count; i++)
        assert_true(w.findings[i].severity <= w.findings[i - 1].severity);
    assert_string_equal(w.findings[0].detector, "exposure");
    watching_close(&w);
}

static void beyond_the_bound_of_a_detector_sightings_are_counted_together(void **state)
{
    (void)state;
    struct watching w = {0};
    struct totals totals = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 230; i++) {
        char server[32];
        snprintf(server, sizeof server, "10.0.1.%u", i);
        watching_talk(&w, &(struct talk){.server = server, .port = 155, .at_s = i});
    }
    watching_end(&w);
    detectors_count_limits(w.detectors, &totals);
    assert_int_equal(w.count, 201);
    assert_int_equal(totals.limits_hit[LIMIT_FINDINGS], 30);
    bool has_rest = false;
    for (size_t i = 0; i < w.count; i++)
        has_rest = has_rest || (strcmp(w.findings[i].title, "More findings of listener") == 0 &&
                                w.findings[i].count == 30);
    assert_true(has_rest);
    watching_close(&w);
}

static int64_t second(double s)
{
    return 1700000000 * NS_PER_S + (int64_t)(s * (double)NS_PER_S);
}

static void live_a_finding_is_told_within_a_second_and_repeated_once_an_hour(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    watching_talk(&w, &(struct talk){.port = 155, .at_s = 0});
    int64_t due_ns = w.record.due_ns;
    assert_false(detectors_on_tick(w.detectors, due_ns + 399 * NS_PER_MS));
    assert_true(detectors_hold_findings(w.detectors));
    assert_true(detectors_on_tick(w.detectors, due_ns + 400 * NS_PER_MS));
    assert_false(detectors_hold_findings(w.detectors));
    assert_int_equal(w.count, 1);
    watching_talk(&w, &(struct talk){.port = 155, .at_s = 100});
    detectors_on_tick(w.detectors, due_ns + 399 * NS_PER_MS + 3600 * NS_PER_S);
    assert_int_equal(w.count, 1);
    detectors_on_tick(w.detectors, due_ns + 400 * NS_PER_MS + 3600 * NS_PER_S);
    assert_int_equal(w.count, 2);
    assert_int_equal(w.findings[1].count, 2);
    detectors_on_tick(w.detectors, second(9000));
    watching_end(&w);
    assert_int_equal(w.count, 2);
    watching_close(&w);
}

static void live_what_is_no_part_of_anything_does_not_wait(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    struct flow_record *record = watching_record(&w, &(struct talk){.at_s = 0});
    record->classification.verdict = VERDICT_MASQUERADE;
    watching_show(&w);
    detectors_on_tick(w.detectors, record->due_ns);
    assert_int_equal(watching_count(&w, "masquerade"), 1);
    watching_close(&w);
}

/* One host tries many, so far apart, and the first one answers; time goes on five times a second.
 */
static void connect_to_many(struct watching *w, double apart_s)
{
    int64_t tick_ns = 0;
    for (unsigned i = 0; i < 20; i++) {
        char server[32];
        snprintf(server, sizeof server, "10.0.1.%u", i);
        const struct talk talk = {.client = "10.0.0.9",
                                  .server = server,
                                  .port = 155,
                                  .outcome = i == 0 ? ANSWERED : REFUSED,
                                  .at_s = i * apart_s};
        watching_talk(w, &talk);
        for (; tick_ns < w->record.due_ns; tick_ns += 200 * NS_PER_MS) {
            if (tick_ns == 0)
                tick_ns = w->record.due_ns;
            detectors_on_tick(w->detectors, tick_ns);
        }
    }
    detectors_on_tick(w->detectors, w->record.due_ns + NS_PER_S);
}

static void live_the_parts_of_a_fast_scan_are_counted_with_it(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    connect_to_many(&w, 0.005);
    assert_int_equal(watching_count(&w, "scan"), 1);
    assert_int_equal(watching_count(&w, "listener"), 0);
    const struct finding *scan = watching_find(&w, "scan");
    assert_non_null(strstr(scan->why[scan->why_count - 1], "counted in here: "));
    watching_close(&w);
}

static void live_the_parts_of_a_slow_scan_are_told_before_it(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    connect_to_many(&w, 0.5);
    assert_int_equal(watching_count(&w, "scan"), 1);
    assert_int_equal(watching_count(&w, "listener"), 1);
    watching_close(&w);
}

static void live_a_flow_shown_before_its_end_is_counted_once(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    struct flow_record *record = watching_record(&w, &(struct talk){.at_s = 0, .port = 155});
    record->is_early = true;
    watching_show(&w); /* answered */
    record->classification.verdict = VERDICT_MASQUERADE;
    watching_show(&w); /* named */
    detectors_on_tick(w.detectors, record->due_ns);
    assert_int_equal(watching_count(&w, "masquerade"), 1);
    record->is_early = false;
    watching_show(&w);
    watching_talk(&w, &(struct talk){.at_s = 10, .port = 155});
    detectors_on_tick(w.detectors, record->due_ns + 7200 * NS_PER_S);
    assert_int_equal(watching_find(&w, "masquerade")->count, 1);
    assert_int_equal(watching_find(&w, "listener")->count, 2);
    watching_close(&w);
}

static void live_what_gets_worse_is_told_again_at_once(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    const struct talk asked = {.client = "198.51.100.1", .outcome = SILENT};
    const struct talk answered = {.client = "198.51.100.1", .at_s = 60};
    watching_talk(&w, &asked);
    detectors_on_tick(w.detectors, w.record.due_ns + NS_PER_S);
    assert_int_equal(watching_find(&w, "exposure")->severity, SEVERITY_LOW);
    watching_talk(&w, &answered);
    detectors_on_tick(w.detectors, w.record.due_ns + NS_PER_S);
    assert_int_equal(watching_count(&w, "exposure"), 2);
    detectors_on_tick(w.detectors, w.record.due_ns + 2 * NS_PER_S);
    assert_int_equal(watching_count(&w, "exposure"), 2);
    watching_close(&w);
}

static void what_is_quiet_long_enough_is_forgotten_and_news_again(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    watching_talk(&w, &(struct talk){.port = 155, .at_s = 0});
    detectors_on_tick(w.detectors, second(60));
    detectors_on_tick(w.detectors, second(7300));
    watching_talk(&w, &(struct talk){.port = 155, .at_s = 8000});
    watching_end(&w);
    assert_int_equal(w.count, 2);
    assert_int_equal(w.findings[1].count, 1);
    watching_close(&w);
}

static void settings_are_read_or_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *sentence;
    } cases[] = {
        {"scn=off", "--set: unknown detector 'scn' (did you mean 'scan'?)"},
        {"scan.walks=3", "--set: the detector scan has no setting 'walks' (did you mean 'walk'?)"},
        {"scan.walk=many", "--set scan.walk: 'many' is not a whole number"},
        {"scan.window=x", "--set scan.window: 'x' is not a duration such as 90s or 5m"},
        {"scan", "--set: 'scan' is neither NAME.SETTING=VALUE nor NAME=on|off"},
        {"half-open.drift=nan", "--set half-open.drift: 'nan' is not a number"},
    };
    struct watching w = {0};
    w.site = site_default();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error;
        const struct detectors_options options = {.site = &w.site,
                                                  .rulebook = &w.rulebook,
                                                  .settings = &cases[i].setting,
                                                  .setting_count = 1};
        assert_null(detectors_new(&options, &error));
        assert_string_equal(error.text, cases[i].sentence);
    }
}

static void a_detector_that_is_off_is_silent(void **state)
{
    (void)state;
    static const char *const off[] = {"listener=off", NULL};
    struct watching w = {0};
    watching_begin(&w, off);
    watching_talk(&w, &(struct talk){.port = 155});
    watching_end(&w);
    assert_int_equal(w.count, 0);
    watching_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_are_one_finding_with_a_count),
        cmocka_unit_test(the_worst_comes_first),
        cmocka_unit_test(beyond_the_bound_of_a_detector_sightings_are_counted_together),
        cmocka_unit_test(live_a_finding_is_told_within_a_second_and_repeated_once_an_hour),
        cmocka_unit_test(live_what_is_no_part_of_anything_does_not_wait),
        cmocka_unit_test(live_the_parts_of_a_fast_scan_are_counted_with_it),
        cmocka_unit_test(live_the_parts_of_a_slow_scan_are_told_before_it),
        cmocka_unit_test(live_a_flow_shown_before_its_end_is_counted_once),
        cmocka_unit_test(live_what_gets_worse_is_told_again_at_once),
        cmocka_unit_test(what_is_quiet_long_enough_is_forgotten_and_news_again),
        cmocka_unit_test(settings_are_read_or_refused_in_words),
        cmocka_unit_test(a_detector_that_is_off_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
