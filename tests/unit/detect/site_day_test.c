/* SPDX-License-Identifier: Apache-2.0
 *
 * What the site policy decides, and a whole day of a site that keeps to it: nothing above info.
 */
#include "unit.h"

#include "watching.h"

#include <stdio.h>
#include <string.h>

enum { PROBES = 12, DAY_S = 24 * 3600, RULES = 2 };

static double chance(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static struct network network(const char *word)
{
    struct network network;
    assert_true(network_parse(word, &network));
    return network;
}

static struct port_set ports_with(uint16_t port)
{
    struct port_set ports = {{0}};
    port_set_add(&ports, port);
    return ports;
}

struct day {
    struct watching w;
    struct network management, probes, clients, components[2];
    struct port_set netcp, prod;
    struct site_rule rules[RULES];
    uint64_t seed;
};

static void begin(struct day *day)
{
    day->management = network("10.20.0.5");
    day->probes = network("10.10.0.0/16");
    day->clients = network("10.40.0.0/16");
    day->netcp = ports_with(395);
    day->prod = ports_with(154);
    const struct site_rule usual = {.is_allowed = true,
                                    .transports = SERVICE_TCP | SERVICE_UDP,
                                    .days = SITE_ALL_DAYS,
                                    .end = SITE_DAY_END,
                                    .comment = "",
                                    .defined_at = "test:1"};
    day->rules[0] = day->rules[1] = usual;
    day->rules[0].from = (struct network_list){&day->management, 1};
    day->rules[0].to = (struct network_list){&day->probes, 1};
    day->rules[0].ports = &day->netcp;
    day->rules[0].is_both_ways = true;
    day->rules[1].from = (struct network_list){&day->clients, 1};
    day->rules[1].to = (struct network_list){&day->probes, 1};
    day->rules[1].ports = &day->prod;
    day->w.site = site_default();
    day->w.site.is_given = true;
    day->components[0] = day->probes;
    day->components[1] = day->management;
    day->w.site.components = (struct network_list){day->components, 2};
    day->w.site.rules = day->rules;
    day->w.site.rule_count = RULES;
    day->seed = 7;
    watching_begin(&day->w, NULL);
}

/* The manager asks each probe every minute; one in a thousand is lost, one probe restarts at noon
 * for five minutes. */
static void poll(struct day *day, unsigned second)
{
    for (unsigned probe = 1; probe <= PROBES; probe++) {
        bool restarts = probe == 3 && second >= DAY_S / 2 && second < DAY_S / 2 + 300;
        bool is_lost = chance(&day->seed) < 0.001;
        char host[32];
        snprintf(host, sizeof host, "10.10.1.%u", probe);
        const struct talk talk = {.client = "10.20.0.5",
                                  .server = host,
                                  .client_port = (uint16_t)(32768 + second % 20000),
                                  .port = 395,
                                  .outcome = restarts  ? REFUSED
                                             : is_lost ? SILENT
                                                       : ANSWERED,
                                  .at_s = second + chance(&day->seed),
                                  .lasts_s = 0.2,
                                  .sent = 80,
                                  .got = 300 + (uint64_t)(200 * chance(&day->seed))};
        watching_talk(&day->w, &talk);
    }
}

/* Six times a day a configuration goes out; clients with new addresses every six hours ask. */
static void push_and_ask(struct day *day, unsigned second)
{
    char host[32], client[32];
    snprintf(host, sizeof host, "10.10.1.%u", 1 + second / 3600 % PROBES);
    snprintf(client, sizeof client, "10.40.0.%u", 10 + second / (6 * 3600));
    if (second % (4 * 3600) == 0)
        watching_talk(&day->w, &(struct talk){.client = "10.20.0.5",
                                              .server = host,
                                              .port = 395,
                                              .at_s = second + 20,
                                              .lasts_s = 4,
                                              .sent = 400000});
    if (chance(&day->seed) < 0.2)
        watching_talk(&day->w, &(struct talk){.client = client,
                                              .server = "10.10.1.1",
                                              .port = 154,
                                              .at_s = second + 30,
                                              .lasts_s = 1});
}

static void a_day_of_a_site_that_keeps_to_its_policy_is_quiet(void **state)
{
    (void)state;
    struct day day = {0};
    begin(&day);
    for (unsigned second = 0; second < DAY_S; second += 60) {
        poll(&day, second);
        push_and_ask(&day, second);
    }
    watching_end(&day.w);
    for (size_t i = 0; i < day.w.count; i++) {
        const struct finding *finding = &day.w.findings[i];
        if (finding->severity > SEVERITY_INFO && strcmp(finding->detector, "port-note") != 0)
            fail_msg("%s: %s", finding->detector, finding->title);
    }
    watching_close(&day.w);
}

static void what_the_policy_does_not_allow_is_unexpected(void **state)
{
    (void)state;
    struct day day = {0};
    begin(&day);
    watching_talk(&day.w, &(struct talk){.client = "10.99.0.1", .server = "10.10.1.1"});
    watching_talk(&day.w,
                  &(struct talk){.client = "10.99.0.2", .server = "10.10.1.1", .outcome = SILENT});
    watching_end(&day.w);
    assert_int_equal(watching_count(&day.w, "unexpected-peer"), 2);
    assert_int_equal(watching_find(&day.w, "unexpected-peer")->severity, SEVERITY_MEDIUM);
    watching_close(&day.w);
}

static void hours_are_kept_and_go_over_midnight(void **state)
{
    (void)state;
    struct site_rule rule = {.transports = SERVICE_TCP,
                             .days = 1 << 0, /* Monday */
                             .begin = 22 * 60,
                             .end = 6 * 60};
    struct site site = {.is_given = true, .rules = &rule, .rule_count = 1};
    struct site_question question = {.protocol = TRANSPORT_TCP, .port = 154};
    static const struct {
        int64_t minutes; /* from Monday, 2026-11-16 00:00 UTC */
        bool is_in;
    } cases[] = {
        {22 * 60 - 1, false},      {22 * 60, true}, {24 * 60 + 5 * 60 + 59, true},
        {24 * 60 + 6 * 60, false}, {5 * 60, false}, {24 * 60 + 22 * 60, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        question.time_ns = (1794787200 + cases[i].minutes * 60) * NS_PER_S;
        assert_int_equal(site_decide(&site, &question) != NULL, cases[i].is_in);
    }
}

static void both_ways_lets_the_other_side_begin(void **state)
{
    (void)state;
    struct day day = {0};
    begin(&day);
    struct site_question question = {.protocol = TRANSPORT_UDP, .port = 395};
    assert_true(address_parse("10.10.1.1", &question.client));
    assert_true(address_parse("10.20.0.5", &question.server));
    assert_ptr_equal(site_decide(&day.w.site, &question), &day.rules[0]);
    day.rules[0].is_both_ways = false;
    assert_null(site_decide(&day.w.site, &question));
    watching_close(&day.w);
}

/* Zones without a policy entry that allows it. */
static void production_and_development_do_not_mix(void **state)
{
    (void)state;
    struct watching w = {0};
    struct network prod = network("10.0.1.0/24");
    w.site = site_default();
    w.site.zones[ZONE_PROD] = (struct network_list){&prod, 1};
    watching_begin(&w, NULL);
    watching_talk(&w, &(struct talk){.port = 154});
    watching_talk(&w, &(struct talk){.port = 155, .outcome = SILENT});
    watching_end(&w);
    assert_int_equal(watching_count(&w, "zone-crossing"), 1);
    assert_int_equal(watching_find(&w, "zone-crossing")->severity, SEVERITY_MEDIUM);
    watching_close(&w);
}

static void one_host_that_serves_both_is_told(void **state)
{
    (void)state;
    struct watching w = {0};
    watching_begin(&w, NULL);
    watching_talk(&w, &(struct talk){.port = 154});
    watching_talk(&w, &(struct talk){.port = 395});
    assert_int_equal(watching_count(&w, "zone-crossing"), 0);
    watching_talk(&w, &(struct talk){.port = 155});
    watching_end(&w);
    assert_int_equal(watching_count(&w, "zone-crossing"), 1);
    watching_close(&w);
}

static void a_baseline_silences_what_it_knows(void **state)
{
    (void)state;
    struct watching w = {.baseline = baseline_new()};
    watching_begin(&w, NULL);
    const struct talk known = {.port = 155};
    struct flow_record *record = watching_record(&w, &known);
    const struct observation seen = observation_of(record, &w.site, &w.rulebook.watched);
    baseline_learn(w.baseline, &seen);
    watching_show(&w);
    watching_end(&w);
    assert_int_equal(w.count, 0);
    watching_talk(&w, &(struct talk){.port = 155, .client = "10.0.0.2"});
    watching_talk(&w, &(struct talk){.port = 395});
    watching_end(&w);
    assert_int_equal(watching_count(&w, "first-seen"), 1);
    assert_int_equal(watching_count(&w, "listener"), 1);
    assert_int_equal(watching_find(&w, "listener")->severity, SEVERITY_MEDIUM);
    watching_close(&w);
    baseline_free(w.baseline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_of_a_site_that_keeps_to_its_policy_is_quiet),
        cmocka_unit_test(what_the_policy_does_not_allow_is_unexpected),
        cmocka_unit_test(hours_are_kept_and_go_over_midnight),
        cmocka_unit_test(both_ways_lets_the_other_side_begin),
        cmocka_unit_test(production_and_development_do_not_mix),
        cmocka_unit_test(one_host_that_serves_both_is_told),
        cmocka_unit_test(a_baseline_silences_what_it_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
