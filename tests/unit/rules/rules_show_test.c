/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rulebook *rulebook;
static struct error error;
static char *words;

static int load(void **state)
{
    (void)state;
    const struct rules_options options = {.directory = SHIPPED_RULES, .watch = "9000"};
    rulebook = rules_load(&options, &error);
    return rulebook ? 0 : -1;
}

static int forget(void **state)
{
    (void)state;
    free(words);
    rules_free(rulebook);
    return 0;
}

typedef bool printer(const struct rulebook *rules, const char *word, FILE *out,
                     struct error *problem);

/* What is printed for the word; the sentence of the error when it fails. */
static const char *printed(printer *print, const char *word)
{
    size_t length = 0;
    free(words);
    words = NULL;
    FILE *out = open_memstream(&words, &length);
    error.text[0] = '\0';
    bool is_printed = print(rulebook, word, out, &error);
    fclose(out);
    assert_true(is_printed == (error.text[0] == '\0'));
    return is_printed ? words : error.text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

static void a_service_is_shown_with_the_source_of_every_value(void **state)
{
    (void)state;
    const char *text = printed(rules_show, "netsc-prod");
    assert_has(text, "\n   application-group : other                            [own]\n");
    assert_has(text, "\n       traffic-class : bulk-data                        [port-page]\n");
    assert_has(text, "\n      application-id : 3:154                            [documented]\n");
    assert_has(text, "\n            port-map : tcp/udp 154                      [documented]\n");
    assert_has(text, "\n             expects : nothing that is known\n");
}

static void a_word_may_be_a_service_and_an_application(void **state)
{
    (void)state;
    const char *text = printed(rules_show, "SNMP");
    assert_has(text, "             service : snmp ");
    assert_has(text, "         application : SNMP\n");
}

static void a_port_shows_its_services(void **state)
{
    (void)state;
    const char *text = printed(rules_show, "514");
    assert_has(text, " : shell ");
    assert_has(text, " : syslog ");
    text = printed(rules_show, "514/udp");
    assert_null(strstr(text, " : shell "));
    assert_has(text, " : syslog ");
}

static void an_attribute_shows_its_closed_list(void **state)
{
    (void)state;
    assert_string_equal(printed(rules_show, "business-relevance"),
                        "business-irrelevant\nbusiness-relevant\ndefault\n");
    assert_has(printed(rules_show, "traffic-class"),
               "real-time-interactive (or realtime-interactive)\n");
}

static void the_table_marks_what_is_watched(void **state)
{
    (void)state;
    const char *text = printed(rules_show, NULL);
    assert_has(text, "\n*  154 tcp/udp      netsc-prod      3:154    other ");
    assert_has(text, "\n   161 tcp/udp      snmp            3:161    net-admin ");
}

static void an_unknown_word_is_told(void **state)
{
    (void)state;
    assert_string_equal(printed(rules_show, "netsk-prod"),
                        "'netsk-prod' is no service, port, application, category or attribute of "
                        "the rules (did you mean 'netsc-prod'?)");
    assert_string_equal(
        printed(rules_show, "740"),
        "no service on port 740; 'portscope rules explain 740' tells what is known");
    assert_string_equal(printed(rules_explain, "http"), "'http' is not a port number");
    assert_string_equal(printed(rules_explain, "80/icmp"),
                        "unknown transport 'icmp'; it is tcp, udp, sctp or dccp");
}

static void explain_tells_history_rarity_and_what_to_do(void **state)
{
    (void)state;
    const char *text = printed(rules_explain, "154/tcp");
    assert_has(text, "RFC 1060 (March 1990)");
    assert_has(text, "0.000000 on TCP");
    assert_has(text, "unsubstantiated");
    assert_has(text, "153 sgmp below, 155 netsc-dev above");
    assert_has(text, "watched : yes");
    assert_has(text, "if it shows up : ");
    text = printed(rules_explain, "395");
    assert_has(text, "RFC 1340 (July 1992) on 740");
    assert_has(text, "Singhal");
    assert_null(strstr(text, "trojan"));
}

static void explain_tells_of_ports_without_a_service(void **state)
{
    (void)state;
    const char *text = printed(rules_explain, "740");
    assert_has(text, "nothing in the rules");
    assert_has(text, "once the port of netcp, now on 395: a hint, never taken for netcp");
    assert_has(text, "--watch 740");
    assert_has(printed(rules_explain, "9000"), "watched : yes");
    assert_has(printed(rules_explain, "50000"), "never assigned");
}

static void nothing_is_wider_than_100_columns(void **state)
{
    (void)state;
    for (int port = 0; port <= 1100; port++) {
        char word[16];
        snprintf(word, sizeof word, "%d", port);
        const char *text = port == 0 ? printed(rules_show, NULL) : printed(rules_explain, word);
        while (*text) {
            size_t length = strcspn(text, "\n");
            if (length > 100)
                fail_msg("%zu columns: %.*s", length, (int)length, text);
            text += length + 1;
        }
    }
}

static void the_summary_counts(void **state)
{
    (void)state;
    size_t length = 0;
    free(words);
    words = NULL;
    FILE *out = open_memstream(&words, &length);
    rules_summary(rulebook, out);
    fclose(out);
    assert_has(words, " services, ");
    assert_has(words, "watched ports: 154, 155, 395, 9000\n");
    assert_null(strstr(words, "note:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_is_shown_with_the_source_of_every_value),
        cmocka_unit_test(a_word_may_be_a_service_and_an_application),
        cmocka_unit_test(a_port_shows_its_services),
        cmocka_unit_test(an_attribute_shows_its_closed_list),
        cmocka_unit_test(the_table_marks_what_is_watched),
        cmocka_unit_test(an_unknown_word_is_told),
        cmocka_unit_test(explain_tells_history_rarity_and_what_to_do),
        cmocka_unit_test(explain_tells_of_ports_without_a_service),
        cmocka_unit_test(nothing_is_wider_than_100_columns),
        cmocka_unit_test(the_summary_counts),
    };
    return cmocka_run_group_tests(tests, load, forget);
}
