/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        "    both sides greet with SSH-2.0\n"
        "    nothing else was seen on 395/tcp\n"
        "    Next: Ask the owner of 192.0.2.2 what listens on 395/tcp.\n"
        "    masquerade, confidence 90 %, ATT&CK T1571, Wireshark: tcp.port == 395\n"
        "\n"
        "SERVICES\n"
        "service  port  flows  confirmed  masquerade  unverified  guess  stray  empty   bytes\n"
        "netcp     395      1          -           1           -      -      -      -  1.4 KB\n"
        "\n"
        "DESERVES A LOOK\n"
        "masquerade  SSH on netcp, 395/tcp                                              1 flow, "
        "payload 580 B\n"
        "    395/tcp is netcp, the payload is SSH\n"
        "    both directions say so\n"
        "    client SSH-2.0-OpenSSH_9.2, server SSH-2.0-OpenSSH_8.4\n"
        "          1 flow      580 B  2026-11-20 09:15:00  192.0.2.1 -> 192.0.2.2:395\n"
        "\n"
        "WHAT LIMITS THIS ANSWER\n"
        "  1 capture damaged; what came before the damage is counted\n"
        "  4 packets of link type USER0 (147), which is not decoded\n"
        "  max_flows of 100,000 reached 3 times: the flow idle the longest ended early\n"
        "  1 flow with packets cut by the capture's snapshot length\n"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_record_is_told_from_finding_to_packets),
        cmocka_unit_test(no_string_of_a_stranger_reaches_the_terminal_raw),
        cmocka_unit_test(no_line_is_longer_than_the_page),
    };
    return cmocka_run_group_tests(tests, sample_make_folder, sample_remove_folder);
}
