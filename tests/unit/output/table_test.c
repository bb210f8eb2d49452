/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void one_record_is_told_from_finding_to_packets(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    char *told = sample_written("table", &record);
    assert_string_equal(
        told,
        "2 captures (1 damaged): 12,345 packets, 9.9 MB\n"
        "2026-11-20 09:15:00 to 09:47:12 UTC, 32 min 12 s\n"
        "\n"
        "FINDINGS  1 high\n"
        "high       SSH runs on the port of netcp, 3 times\n"
        "    192.0.2.1 -> 192.0.2.2:395\n"
        "    both sides greet with SSH-2.0; nothing else was seen on 395/tcp\n"
        "    Next: Ask the owner of 192.0.2.2 what listens on 395/tcp.\n"
        "    masquerade, confidence 90 %, ATT&CK T1571\n"
        "    Wireshark: tcp.port == 395\n"
        "\n"
        "SERVICES\n"
        "service  port  flows  confirmed  masquerade  unverified  guess  stray  empty   bytes\n"
        "netcp     395      1          -           1           -      -      -      -  1.4 KB\n"
        "\n"
        "DESERVES A LOOK\n"
        "masquerade  SSH on netcp, 395/tcp                                              1 flow, "
        "payload 580 B\n"
        "    395/tcp is netcp, the payload is SSH; both directions say so\n"
        "    client SSH-2.0-OpenSSH_9.2, server SSH-2.0-OpenSSH_8.4\n"
        "          1 flow      580 B  2026-11-20 09:15:00  192.0.2.1 -> 192.0.2.2:395\n"
        "\n"
        "WHAT LIMITS THIS ANSWER\n"
        "  1 capture damaged; what came before the damage is counted\n"
        "  4 packets of link type USER0 (147), which is not decoded\n"
        "  max_flows of 100,000 reached 3 times: the flow idle the longest ended early\n"
        "  1 flow with packets of which the capture holds only a part\n"
        "  1 flow inspected up to the budget only\n"
        "\n"
        "PACKETS\n"
        "  12,345 read = 300 decoded + 12,000 filtered + 36 not IP + 5 malformed + 4 of other "
        "links: balanced\n");
    free(told);
}

static void no_string_of_a_stranger_reaches_the_terminal_raw(void **state)
{
    (void)state;
    struct flow_record record;
    for (size_t i = 0; hostile_strings[i]; i++) {
        sample_flow(&record);
        sample_with_hostile_strings(&record, hostile_strings[i]);
        char *told = sample_written("table", &record);
        for (const char *c = told; *c != '\0'; c++)
            assert_true((*c >= 0x20 && *c < 0x7f) || *c == '\n');
        free(told);
    }
}

static void no_line_is_longer_than_the_page(void **state)
{
    (void)state;
    struct flow_record record;
    sample_flow(&record);
    char string[DETECTION_TEXT_SIZE];
    memset(string, 0xff, sizeof string - 1);
    string[sizeof string - 1] = '\0';
    sample_with_hostile_strings(&record, string);
    assert_true(
        address_parse("2001:db8:1234:5678:9abc:def0:1234:5678", &record.flow.initiator.address));
    assert_true(
        address_parse("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", &record.flow.responder.address));
    char *told = sample_written("table", &record);
    char *rest = told;
    for (char *line; (line = strsep(&rest, "\n"));)
        assert_true(strlen(line) <= 100);
    free(told);
}

/* What the table tells when `offer` has handed it records; the caller frees it. */
static char *told_with(const struct sink_options *options, void (*offer)(struct sinks *sinks),
                       const struct totals *totals)
{
    char path[256], word[300];
    struct error error = {0};
    struct sinks *sinks = sinks_new();
    snprintf(word, sizeof word, "table:%s", sample_path("told", path));
    if (!sinks_open(sinks, word, options, &error))
        fail_msg("%s", error.text);
    offer(sinks);
    sinks_stats(sinks, totals, true);
    assert_true(sinks_close(sinks, &error));
    char *told = sample_read_file(path);
    unlink(path);
    return told;
}

static char *told_of(const struct sink_options *options, void (*offer)(struct sinks *sinks))
{
    struct totals totals;
    sample_totals(&totals);
    return told_with(options, offer, &totals);
}

static const struct sink_options plain = {.may_overwrite = false};

static void offer_nothing(struct sinks *sinks)
{
    (void)sinks;
}

static void an_empty_result_says_so(void **state)
{
    (void)state;
    char *told = told_of(&plain, offer_nothing);
    assert_non_null(strstr(told,
                           "\nNothing was seen on the watched ports: 12,345 packets looked at, "
                           "no flow there.\n"));
    assert_non_null(strstr(told, "balanced\n"));
    assert_null(strstr(told, "SERVICES"));
    free(told);
}

static void offer_similar_flows(struct sinks *sinks)
{
    struct flow_record record;
    sample_flow(&record);
    for (uint16_t i = 0; i < 12; i++) {
        record.flow.initiator.port = i;
        record.flow.first_ns -= 1;
        sinks_flow(sinks, &record);
    }
}

static void similar_flows_are_told_once(void **state)
{
    (void)state;
    char *told = told_of(&plain, offer_similar_flows);
    assert_non_null(strstr(told, "    12 flows     7.0 KB  2026-11-20 09:15:00  192.0.2.1 -> "
                                 "192.0.2.2:395\n\nWHAT LIMITS"));
    free(told);
}

static void offer_confirmed_flow(struct sinks *sinks)
{
    struct flow_record record;
    sample_flow(&record);
    record.classification.verdict = VERDICT_CONFIRMED;
    sinks_flow(sinks, &record);
}

static void when_all_is_well_it_says_so(void **state)
{
    (void)state;
    char *told = told_of(&plain, offer_confirmed_flow);
    assert_non_null(strstr(told, "\nNothing on the watched ports deserves a look.\n"));
    free(told);
}

static void offer_every_verdict(struct sinks *sinks)
{
    struct flow_record record;
    for (enum verdict verdict = 0; verdict < VERDICTS; verdict++) {
        sample_flow(&record);
        record.classification.verdict = verdict;
        sinks_flow(sinks, &record);
    }
    record.flow.is_watched = false;
    record.classification.assigned = NULL;
    sinks_flow(sinks, &record);
}

static void the_worst_comes_first(void **state)
{
    (void)state;
    static const char *const order[] = {
        "\nmasquerade  SSH on netcp",          "\nunverified  SSH on netcp",
        "\nguess       perhaps SSH on",        "\nunassigned  SSH on netcp",
        "\nstray       SSH from netcp",        "\nempty       SSH on netcp",
        "\nON OTHER PORTS\ndetected  service", "\nSSH       (no rule)",
    };
    char *told = told_of(&plain, offer_every_verdict);
    const char *at = told;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    assert_null(strstr(told, "\nconfirmed"));
    free(told);
}

static void offer_many_pairs(struct sinks *sinks)
{
    struct flow_record record;
    sample_flow(&record);
    for (unsigned i = 0; i < 10100; i++) {
        record.flow.initiator.address.bytes[2] = (uint8_t)(i >> 8);
        record.flow.initiator.address.bytes[3] = (uint8_t)i;
        sinks_flow(sinks, &record);
    }
}

static void pairs_beyond_the_bound_are_counted(void **state)
{
    (void)state;
    char *told = told_of(&plain, offer_many_pairs);
    assert_non_null(strstr(told, "10,095 more flows between at least 9,995 other pairs; "));
    free(told);
}

static void offer_many_topics(struct sinks *sinks)
{
    struct flow_record record;
    sample_flow(&record);
    for (unsigned i = 0; i < 300; i++) {
        snprintf(record.detection.name, sizeof record.detection.name, "Name%u", i);
        sinks_flow(sinks, &record);
    }
}

static void topics_beyond_the_bound_are_counted(void **state)
{
    (void)state;
    char *told = told_of(&plain, offer_many_topics);
    assert_non_null(strstr(told, "\n280 flows of further kinds; "));
    free(told);
}

static void offer_findings_the_worst_last(struct sinks *sinks)
{
    struct finding finding;
    sample_finding(&finding);
    finding.count = 1;
    for (unsigned i = 0; i < 500; i++) {
        finding.severity = i < 499 ? (enum severity)(i % 3) : SEVERITY_CRITICAL;
        snprintf(finding.title, sizeof finding.title, "finding %u", i);
        sinks_finding(sinks, &finding);
    }
}

static void the_worst_finding_is_first_and_all_are_counted(void **state)
{
    (void)state;
    char *told = told_of(&plain, offer_findings_the_worst_last);
    assert_non_null(strstr(told, "FINDINGS  1 critical, 166 medium, 166 low, 167 info\n"
                                 "critical   finding 499\n"));
    assert_non_null(strstr(told, "\nmedium     finding 2\n"));
    assert_non_null(strstr(told, "\n480 more findings, no worse than these; "));
    free(told);
}

static void every_limit_that_was_hit_is_explained(void **state)
{
    (void)state;
    for (enum limit limit = 0; limit < LIMITS; limit++) {
        struct totals totals = {.capture.inputs = 1};
        char words[100];
        totals.limits_hit[limit] = 2;
        snprintf(words, sizeof words, "\n  %s reached 2 times: ", limit_name(limit));
        char *told = told_with(&plain, offer_nothing, &totals);
        assert_non_null(strstr(told, words));
        free(told);
    }
}

static void chosen_fields_are_rows_with_a_count(void **state)
{
    (void)state;
    struct sink_options options = {.fields = "verdict,dest_port,hostname"};
    char *told = told_of(&options, offer_similar_flows);
    assert_non_null(strstr(told, "\nFLOWS\n"
                                 "flows  verdict     dest_port  hostname\n"
                                 "   12  masquerade        395  -\n"
                                 "\n"));
    assert_null(strstr(told, "DESERVES"));
    free(told);
    options.fields = "src_ip,src_port,input";
    told = told_of(&options, offer_many_pairs);
    assert_non_null(strstr(told, "\n100 more flows that the table has no room for; "));
    free(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_record_is_told_from_finding_to_packets),
        cmocka_unit_test(no_string_of_a_stranger_reaches_the_terminal_raw),
        cmocka_unit_test(no_line_is_longer_than_the_page),
        cmocka_unit_test(an_empty_result_says_so),
        cmocka_unit_test(similar_flows_are_told_once),
        cmocka_unit_test(when_all_is_well_it_says_so),
        cmocka_unit_test(the_worst_comes_first),
        cmocka_unit_test(pairs_beyond_the_bound_are_counted),
        cmocka_unit_test(topics_beyond_the_bound_are_counted),
        cmocka_unit_test(the_worst_finding_is_first_and_all_are_counted),
        cmocka_unit_test(every_limit_that_was_hit_is_explained),
        cmocka_unit_test(chosen_fields_are_rows_with_a_count),
    };
    return cmocka_run_group_tests(tests, sample_make_folder, sample_remove_folder);
}
