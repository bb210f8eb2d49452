/* SPDX-License-Identifier: Apache-2.0
 *
 * Detectors that judge by many flows over time: just enough fires, just not enough is silent.
 */
#include "unit.h"

#include "watching.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A generator of our own: the same numbers everywhere. */
static double chance(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

/* Two hours at 60 s with uniform jitter; sizes are equal. */
static bool finds_beacon(double jitter, uint64_t seed)
{
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (double at_s = 0; at_s < 7200; at_s += 60 * (1 + jitter * (2 * chance(&seed) - 1)))
        watching_talk(&w, &(struct talk){.port = 395, .at_s = at_s, .lasts_s = 0.5});
    watching_end(&w);
    bool is_found = watching_count(&w, "beacon") == 1;
    watching_close(&w);
    return is_found;
}

static void beacons_are_found_with_jitter_up_to_30_percent(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        assert_true(finds_beacon(0, seed));
        assert_true(finds_beacon(0.1, seed));
        assert_true(finds_beacon(0.2, seed));
        assert_true(finds_beacon(0.3, seed));
    }
}

/* People come by chance: gaps are exponential. */
static void nobody_who_comes_by_chance_is_a_beacon(void **state)
{
    (void)state;
    static const double means_s[] = {20, 60, 300};
    unsigned found = 0;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        uint64_t random = seed * 7919;
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (double at_s = 0; at_s < 7200; at_s -= means_s[seed % 3] * log(1 - chance(&random)))
            watching_talk(&w, &(struct talk){.port = 395,
                                             .at_s = at_s,
                                             .lasts_s = 0.5,
                                             .sent = 200 + (uint64_t)(5000 * chance(&random))});
        watching_end(&w);
        found += watching_count(&w, "beacon") > 0;
        watching_close(&w);
    }
    assert_int_equal(found, 0);
}

/* A flow over UDP with a beat every `gap_s`, jittered, of which the latest are kept. */
static void show_beats(struct watching *w, double begin_s, unsigned beats, double gap_s,
                       double jitter, uint64_t *random)
{
    struct flow_record *record = watching_record(
        w, &(struct talk){
               .port = 395, .protocol = TRANSPORT_UDP, .at_s = begin_s, .sent = 64 * beats});
    double at_s = 0;
    for (unsigned i = 1; i < beats; i++) {
        at_s += gap_s * (1 + jitter * (2 * chance(random) - 1));
        record->flow.beats_ms[record->flow.beat_count++ % FLOW_BEATS] = (uint32_t)(at_s * 1000);
    }
    record->flow.last_ns = record->flow.first_ns + (int64_t)(at_s * (double)NS_PER_S);
    watching_show(w);
}

static void beats_within_one_flow_of_udp_are_a_beacon(void **state)
{
    (void)state;
    for (unsigned beats = 11; beats <= 480; beats = beats == 11 ? 12 : beats * 2) {
        uint64_t random = 5;
        struct watching w = {0};
        watching_begin(&w, NULL);
        show_beats(&w, 0, beats, 15, 0.2, &random);
        watching_end(&w);
        assert_int_equal(watching_count(&w, "beacon"), beats >= 12);
        watching_close(&w);
    }
}

/* Around the idle time-out some beats end a flow and some do not; they are told all the same. */
static void a_beat_of_the_length_of_the_idle_time_out_is_a_beacon(void **state)
{
    (void)state;
    uint64_t random = 11;
    struct watching w = {0};
    double at_s = 0;
    watching_begin(&w, NULL);
    for (unsigned flow = 0; flow < 40; flow++) {
        unsigned beats = 1 + (unsigned)(3 * chance(&random));
        show_beats(&w, at_s, beats, 60, 0.1, &random);
        at_s += 60 * beats;
    }
    watching_end(&w);
    assert_int_equal(watching_count(&w, "beacon"), 1);
    watching_close(&w);
}

static void eleven_conversations_are_too_few_for_a_beacon_twelve_are_not(void **state)
{
    (void)state;
    for (unsigned events = 11; events <= 12; events++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned i = 0; i < events; i++)
            watching_talk(&w, &(struct talk){.port = 395, .at_s = i * 60.0});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "beacon"), events == 12);
        watching_close(&w);
    }
}

static void retries_against_a_dead_server_are_no_beacon(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 100; i++)
        watching_talk(&w, &(struct talk){.port = 395, .at_s = i * 60.0, .outcome = SILENT});
    watching_end(&w);
    assert_int_equal(w.count, 0);
    watching_close(&w);
}

/* A policy that allows everything inside. */
static struct site_rule allow_all = {
    .is_allowed = true,
    .transports = SERVICE_TCP | SERVICE_UDP,
    .days = SITE_ALL_DAYS,
    .end = SITE_DAY_END,
    .comment = "all",
    .defined_at = "test:1",
};

static void use_policy(struct watching *w, struct site_rule *rule, struct network *component)
{
    w->site = site_default();
    w->site.is_given = true;
    w->site.rules = rule;
    w->site.rule_count = 1;
    assert_true(network_parse("10.0.0.0/16", component));
    w->site.components = (struct network_list){component, 1};
}

/* `beats` heartbeats a minute apart, then silence until `end_s`, when another host is heard. */
static void beat(struct watching *w, unsigned beats, double end_s)
{
    for (unsigned i = 0; i < beats; i++)
        watching_talk(w, &(struct talk){.port = 395, .at_s = i * 60.0});
    watching_talk(w, &(struct talk){.server = "10.0.9.9", .port = 395, .at_s = end_s});
}

static void a_heartbeat_is_lost_after_three_periods(void **state)
{
    (void)state;
    static const struct {
        unsigned beats;
        double silence_s;
        bool is_lost;
    } cases[] = {{20, 179, false}, {20, 181, true}, {9, 181, true}, {8, 181, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct watching w = {0};
        struct network component;
        use_policy(&w, &allow_all, &component);
        watching_begin(&w, NULL);
        beat(&w, cases[i].beats, (cases[i].beats - 1) * 60.0 + cases[i].silence_s);
        watching_end(&w);
        assert_int_equal(w.count, cases[i].is_lost);
        if (cases[i].is_lost)
            assert_int_equal(watching_find(&w, "heartbeat-lost")->severity, SEVERITY_MEDIUM);
        watching_close(&w);
    }
}

static void a_pause_that_ended_only_informs(void **state)
{
    (void)state;
    struct watching w = {0};
    struct network component;
    use_policy(&w, &allow_all, &component);
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 40; i++)
        watching_talk(&w, &(struct talk){.port = 395, .at_s = i * 60.0 + (i >= 20 ? 600 : 0)});
    watching_end(&w);
    assert_int_equal(w.count, 1);
    assert_int_equal(watching_find(&w, "heartbeat-lost")->severity, SEVERITY_INFO);
    watching_close(&w);
}

static void a_rhythm_has_changed_beyond_a_quarter(void **state)
{
    (void)state;
    for (unsigned period_s = 74; period_s <= 76; period_s += 2) {
        struct watching w = {0};
        struct network component;
        use_policy(&w, &allow_all, &component);
        watching_begin(&w, NULL);
        double at_s = 0;
        for (unsigned i = 0; i < 40; i++, at_s += i < 20 ? 60 : period_s)
            watching_talk(&w, &(struct talk){.port = 395, .at_s = at_s});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "heartbeat-changed"), period_s == 76);
        watching_close(&w);
    }
}

static void twenty_half_open_connections_are_no_flood_twentyone_are(void **state)
{
    (void)state;
    for (unsigned count = 20; count <= 21; count++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned i = 0; i < count; i++)
            watching_talk(&w, &(struct talk){.port = 155, .outcome = HALF_OPEN});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "half-open"), count == 21);
        watching_close(&w);
    }
}

static void a_retry_a_second_is_no_flood(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 500; i++)
        watching_talk(&w, &(struct talk){.port = 155, .outcome = SILENT, .at_s = i});
    watching_end(&w);
    assert_int_equal(w.count, 0);
    watching_close(&w);
}

static void four_hours_open_are_long_less_is_not(void **state)
{
    (void)state;
    static const struct {
        double hours;
        int severity;
    } cases[] = {{3.99, -1}, {4, SEVERITY_LOW}, {7.99, SEVERITY_LOW}, {8, SEVERITY_MEDIUM}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        watching_talk(&w, &(struct talk){.port = 155, .lasts_s = cases[i].hours * 3600});
        watching_end(&w);
        const struct finding *finding = watching_find(&w, "long-connection");
        assert_int_equal(finding ? (int)finding->severity : -1, cases[i].severity);
        watching_close(&w);
    }
}

static void records_of_a_divided_connection_are_added_up(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    for (unsigned i = 0; i < 5; i++) {
        struct flow_record *record =
            watching_record(&w, &(struct talk){.port = 155, .at_s = i * 3600.0, .lasts_s = 3600});
        record->flow.end = i < 4 ? FLOW_ACTIVE_TIMEOUT : FLOW_CLOSED;
        record->flow.marks = i > 0 ? FLOW_MARK_CONTINUED : 0;
        watching_show(&w);
    }
    watching_end(&w);
    assert_int_equal(watching_count(&w, "long-connection"), 1);
    watching_close(&w);
}

static void a_flow_stands_out_by_its_floor_and_after_eight(void **state)
{
    (void)state;
    static const struct {
        unsigned before;
        uint64_t sent;
        bool stands_out;
    } cases[] = {{8, 50099, false}, {8, 50100, true}, {7, 9000000, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned flow = 0; flow < cases[i].before; flow++)
            watching_talk(&w, &(struct talk){.port = 155, .at_s = flow * flow, .sent = 100});
        watching_talk(&w, &(struct talk){.port = 155, .at_s = 900, .sent = cases[i].sent});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "volume"), cases[i].stands_out);
        watching_close(&w);
    }
}

static void a_burst_takes_sixty_a_minute(void **state)
{
    (void)state;
    for (unsigned count = 59; count <= 60; count++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned minute = 0; minute < 10; minute++)
            watching_talk(&w, &(struct talk){.port = 155, .at_s = 40 + minute * 60.0});
        for (unsigned i = 0; i < count; i++)
            watching_talk(&w, &(struct talk){.port = 155, .at_s = 640 + i * 0.5});
        watching_end(&w);
        assert_int_equal(watching_count(&w, "burst"), count == 60);
        watching_close(&w);
    }
}

static void an_amplifier_answers_ten_for_one(void **state)
{
    (void)state;
    for (uint64_t got = 999; got <= 1000; got++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        for (unsigned i = 0; i < 10; i++) {
            struct flow_record *record =
                watching_record(&w, &(struct talk){.port = 155,
                                                   .protocol = TRANSPORT_UDP,
                                                   .at_s = i * i,
                                                   .sent = 100,
                                                   .got = got});
            record->flow.sides[TO_INITIATOR].payload_packets = 1;
            watching_show(&w);
        }
        watching_end(&w);
        assert_int_equal(watching_count(&w, "reflection"), got == 1000);
        watching_close(&w);
    }
}

static void six_hops_are_another_ttl_five_are_not(void **state)
{
    (void)state;
    for (uint8_t ttl = 58; ttl <= 59; ttl++) {
        struct watching w = {0};
        watching_begin(&w, NULL);
        watching_talk(&w, &(struct talk){.port = 155});
        struct flow_record *record = watching_record(&w, &(struct talk){.port = 155, .at_s = 9});
        record->flow.sides[TO_RESPONDER].ttl_min = ttl;
        watching_show(&w);
        watching_end(&w);
        assert_int_equal(watching_count(&w, "ttl-change"), ttl == 58);
        watching_close(&w);
    }
}

/* 128 bytes of a generator are random; the same, each bit pattern halved, are not. */
static void random_bytes_are_told_from_text_and_short_samples(void **state)
{
    (void)state;
    static const struct {
        uint16_t length;
        uint8_t mask;
        bool is_random;
    } cases[] = {{128, 0xff, true}, {127, 0xff, false}, {512, 0xff, true}, {512, 0x7f, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct watching w = {0};
        uint64_t seed = 42;
        watching_begin(&w, NULL);
        struct flow_record *record = watching_record(&w, &(struct talk){.port = 155});
        record->flow.sample = &record->sample;
        record->sample.length[TO_RESPONDER] = cases[i].length;
        for (size_t at = 0; at < cases[i].length; at++)
            record->sample.bytes[TO_RESPONDER][at] = (uint8_t)(chance(&seed) * 256) & cases[i].mask;
        watching_show(&w);
        watching_end(&w);
        assert_int_equal(watching_count(&w, "entropy"), cases[i].is_random);
        watching_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beacons_are_found_with_jitter_up_to_30_percent),
        cmocka_unit_test(nobody_who_comes_by_chance_is_a_beacon),
        cmocka_unit_test(beats_within_one_flow_of_udp_are_a_beacon),
        cmocka_unit_test(a_beat_of_the_length_of_the_idle_time_out_is_a_beacon),
        cmocka_unit_test(eleven_conversations_are_too_few_for_a_beacon_twelve_are_not),
        cmocka_unit_test(retries_against_a_dead_server_are_no_beacon),
        cmocka_unit_test(a_heartbeat_is_lost_after_three_periods),
        cmocka_unit_test(a_pause_that_ended_only_informs),
        cmocka_unit_test(a_rhythm_has_changed_beyond_a_quarter),
        cmocka_unit_test(twenty_half_open_connections_are_no_flood_twentyone_are),
        cmocka_unit_test(a_retry_a_second_is_no_flood),
        cmocka_unit_test(four_hours_open_are_long_less_is_not),
        cmocka_unit_test(records_of_a_divided_connection_are_added_up),
        cmocka_unit_test(a_flow_stands_out_by_its_floor_and_after_eight),
        cmocka_unit_test(a_burst_takes_sixty_a_minute),
        cmocka_unit_test(an_amplifier_answers_ten_for_one),
        cmocka_unit_test(six_hops_are_another_ttl_five_are_not),
        cmocka_unit_test(random_bytes_are_told_from_text_and_short_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
