/* SPDX-License-Identifier: Apache-2.0
 *
 * CEF and syslog: escapes, and datagrams that arrive.
 */
#include "unit.h"

#include "base/text.h"
#include "output/sink_types.h"
#include "samples.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket that waits for datagrams on a port of its own. */
static int receiver(char target[64])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int made = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(made, (const struct sockaddr *)(const void *)&address, size), 0);
    assert_int_equal(getsockname(made, (struct sockaddr *)(void *)&address, &size), 0);
    snprintf(target, 64, "udp://127.0.0.1:%u", ntohs(address.sin_port));
    return made;
}

/* What one finding becomes on the wire. */
static void send_one(const struct sink_type *type, const struct finding *finding, char *out,
                     size_t room)
{
    char target[64];
    struct error error;
    int waiting = receiver(target);
    struct sink_options options = {.target = target};
    void *state = type->open(&options, &error);
    assert_non_null(state);
    assert_true(type->finding(state, finding, &error));
    ssize_t length = recv(waiting, out, room - 1, 0);
    assert_true(length > 0);
    out[length] = '\0';
    assert_int_equal(type->lost(state), 0);
    assert_true(type->close(state, &error));
    close(waiting);
}

static void a_syslog_message_has_its_parts_and_escapes(void **state)
{
    (void)state;
    struct finding finding;
    char message[4096];
    sample_finding(&finding);
    snprintf(finding.display_filter, sizeof finding.display_filter, "a \"b\" ]c\\");
    send_one(&syslog_sink, &finding, message, sizeof message);
    unsigned priority = 0;
    assert_int_equal(sscanf(message, "<%u>1 ", &priority), 1);
    assert_int_equal(priority / 8, 16);
    assert_non_null(strstr(message, " - portscope - "));
    assert_non_null(strstr(message, " filter=\"a \\\"b\\\" \\]c\\\\\"] "));
}

static void a_cef_message_escapes_bars_and_equals_signs(void **state)
{
    (void)state;
    struct finding finding;
    char message[4096];
    sample_finding(&finding);
    snprintf(finding.title, sizeof finding.title, "a|b=c\\d\n\x1b");
    snprintf(finding.why[0], sizeof finding.why[0], "x=1|y");
    finding.why_count = 1;
    send_one(&cef_sink, &finding, message, sizeof message);
    assert_non_null(strstr(message, "|a\\|b=c\\\\d??|"));
    assert_non_null(strstr(message, " msg=x\\=1|y"));
    for (const char *c = message; *c; c++)
        assert_true(*c >= ' ' && *c <= '~');
}

/* Many clients of one service: the service is named all the same. */
static void a_finding_about_a_service_names_its_address_and_port(void **state)
{
    (void)state;
    struct finding finding;
    char message[4096], address[ADDRESS_TEXT_SIZE], wanted[200];
    sample_finding(&finding);
    finding.has_flow = false;
    address_text(&finding.responder.address, address);
    snprintf(wanted, sizeof wanted, " dst=%s dpt=%u proto=%s", address, finding.responder.port,
             transport_name(finding.protocol));
    send_one(&cef_sink, &finding, message, sizeof message);
    assert_non_null(strstr(message, wanted));
    assert_null(strstr(message, " spt="));
    snprintf(wanted, sizeof wanted, " dst=\"%s\" dpt=\"%u\"", address, finding.responder.port);
    send_one(&syslog_sink, &finding, message, sizeof message);
    assert_non_null(strstr(message, wanted));
    assert_null(strstr(message, " spt="));
}

static void a_target_that_is_none_is_told(void **state)
{
    (void)state;
    static const char *const targets[] = {"udp://", "udp://host", "udp://:514",
                                          "udp://127.0.0.1:", "udp://2001:db8::1:514"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct sink_options options = {.target = targets[i]};
        struct error error;
        assert_null(syslog_sink.open(&options, &error));
        assert_non_null(strstr(error.text, "is not udp://HOST:PORT"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syslog_message_has_its_parts_and_escapes),
        cmocka_unit_test(a_cef_message_escapes_bars_and_equals_signs),
        cmocka_unit_test(a_finding_about_a_service_names_its_address_and_port),
        cmocka_unit_test(a_target_that_is_none_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
