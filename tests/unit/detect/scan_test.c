/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "watching.h"

#include <stdio.h>
#include <string.h>

/* The talk with one of many hosts. */
static void try_host(struct watching *w, unsigned number, struct talk talk)
{
    char host[32];
    snprintf(host, sizeof host, "10.0.%u.%u", 2 + number / 200, 1 + number % 200);
    talk.server = host;
    talk.at_s = number;
    watching_talk(w, &talk);
}

static void four_failures_in_a_row_are_a_scan_three_are_not(void **state)
{
    (void)state;
    for (unsigned failures = 3; failures <= 4; failures++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned i = 0; i < failures; i++)
            try_host(&w, i, (struct talk){.outcome = SILENT});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "scan"), failures == 4);
        assert_int_equal(w.count, failures == 4);
        watching_close(&w);
    }
}

static void each_success_asks_for_one_more_failure(void **state)
{
    (void)state;
    for (unsigned failures = 4; failures <= 5; failures++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        try_host(&w, 0, (struct talk){.outcome = REFUSED});
        try_host(&w, 100, (struct talk){.outcome = ANSWERED});
        for (unsigned i = 1; i < failures; i++)
            try_host(&w, i, (struct talk){.outcome = REFUSED});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "scan"), failures == 5);
        watching_close(&w);
    }
}

static void the_same_dead_host_again_and_again_is_no_scan(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 50; i++)
        watching_talk(&w, &(struct talk){.outcome = SILENT, .at_s = i * 30});
    watching_end(&w);
    assert_int_equal(watching_count(&w, "scan"), 0);
    watching_close(&w);
}

static void silence_on_udp_takes_ten_hosts(void **state)
{
    (void)state;
    for (unsigned hosts = 9; hosts <= 10; hosts++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned i = 0; i < hosts; i++)
            try_host(&w, i, (struct talk){.protocol = TRANSPORT_UDP, .outcome = SILENT});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "scan"), hosts == 10);
        watching_close(&w);
    }
}

static void fifteen_ports_of_one_host_are_a_scan_fourteen_are_not(void **state)
{
    (void)state;
    for (uint16_t ports = 14; ports <= 15; ports++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (uint16_t i = 0; i < ports; i++)
            watching_talk(&w, &(struct talk){.outcome = REFUSED, .port = (uint16_t)(1000 + i)});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "scan"), ports == 15);
        watching_close(&w);
    }
}

static void a_slow_scan_of_ports_has_no_window(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (uint16_t i = 0; i < 30; i++)
        watching_talk(
            &w, &(struct talk){.outcome = REFUSED, .port = (uint16_t)(1000 + i), .at_s = i * 60.0});
    watching_end(&w);
    assert_int_equal(watching_count(&w, "scan"), 0);
    watching_close(&w);
}

static void a_source_that_rested_begins_anew(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 3; i++)
        try_host(&w, i, (struct talk){.outcome = SILENT});
    try_host(&w, 3000, (struct talk){.outcome = SILENT});
    watching_end(&w);
    assert_int_equal(watching_count(&w, "scan"), 0);
    watching_close(&w);
}

static void a_scan_swallows_its_parts_and_says_who_answered(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 30; i++)
        try_host(&w, i,
                 (struct talk){.outcome = i == 20 ? ANSWERED : SILENT, .client = "198.51.100.7"});
    watching_end(&w);
    const struct finding *scan = watching_find(&w, "scan");
    assert_non_null(scan);
    assert_int_equal(watching_count(&w, "listener"), 0);
    assert_int_equal(watching_count(&w, "exposure"), 0);
    assert_int_equal(scan->severity, SEVERITY_HIGH);
    assert_int_equal(scan->count, 30);
    assert_int_equal(scan->hosts_total, 31);
    assert_int_equal(scan->first_ns, 1700000000 * NS_PER_S);
    assert_string_equal(scan->title, "198.51.100.7 scans 30 hosts");
    assert_string_equal(scan->display_filter, "ip.addr == 198.51.100.7");
    bool says_who = false, says_parts = false;
    for (size_t i = 0; i < scan->why_count; i++) {
        says_who = says_who || strstr(scan->why[i], "10.0.2.21 on port 154");
        says_parts = says_parts || strstr(scan->why[i], "1 listener");
    }
    assert_true(says_who && says_parts);
    watching_close(&w);
}

static void a_capture_of_one_direction_makes_no_scanner(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 30; i++) {
        char host[32];
        snprintf(host, sizeof host, "10.0.2.%u", i + 1);
        struct flow_record *record =
            watching_record(&w, &(struct talk){.outcome = SILENT, .server = host});
        record->flow.sides[TO_RESPONDER].payload_bytes = 40;
        record->flow.sides[TO_RESPONDER].tcp_flags = TCP_SYN | TCP_ACK;
        watching_show(&w);
    }
    watching_end(&w);
    assert_int_equal(watching_count(&w, "scan"), 0);
    watching_close(&w);
}

static void a_million_sources_do_not_grow_memory_or_findings(void **state)
{
    (void)state;
    struct watching w = {0};
    struct totals totals = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 1000000; i++) {
        char client[32];
        snprintf(client, sizeof client, "198.%u.%u.%u", 18 + (i >> 16), i >> 8 & 255, i & 255);
        watching_talk(&w, &(struct talk){.client = client, .outcome = SILENT, .at_s = i * 0.0001});
    }
    watching_end(&w);
    detectors_count_limits(w.detectors, &totals);
    assert_int_equal(watching_count(&w, "scan"), 0);
    assert_int_equal(watching_count(&w, "half-open"), 1);
    assert_true(totals.limits_hit[LIMIT_DETECTOR_STATE] > 500000);
    assert_true(w.count < 10);
    watching_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_failures_in_a_row_are_a_scan_three_are_not),
        cmocka_unit_test(each_success_asks_for_one_more_failure),
        cmocka_unit_test(the_same_dead_host_again_and_again_is_no_scan),
        cmocka_unit_test(silence_on_udp_takes_ten_hosts),
        cmocka_unit_test(fifteen_ports_of_one_host_are_a_scan_fourteen_are_not),
        cmocka_unit_test(a_slow_scan_of_ports_has_no_window),
        cmocka_unit_test(a_source_that_rested_begins_anew),
        cmocka_unit_test(a_scan_swallows_its_parts_and_says_who_answered),
        cmocka_unit_test(a_capture_of_one_direction_makes_no_scanner),
        cmocka_unit_test(a_million_sources_do_not_grow_memory_or_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
