/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "dpi/ndpi_memory.h"
#include "talk.h"

#include <string.h>

struct fixture {
    struct totals totals;
    struct dpi *dpi;
    int64_t live_at_start;
};

static struct fixture fixture_with(struct dpi_options options, struct totals *totals)
{
    struct fixture fixture = {.live_at_start = ndpi_memory_live()};
    struct error error = {0};
    memset(totals, 0, sizeof *totals);
    fixture.dpi = dpi_open(&options, totals, &error);
    assert_non_null(fixture.dpi);
    return fixture;
}

/* Whatever was said, nothing of nDPI's stays behind. */
static void fixture_close(struct fixture *fixture)
{
    dpi_close(fixture->dpi);
    assert_int_equal(ndpi_memory_live(), fixture->live_at_start);
}

static void ssh_is_named_from_its_banners(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 40000, 154);
    talk_handshake(&talk);
    talk_say_words(&talk, TO_INITIATOR, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
    talk_say_words(&talk, TO_RESPONDER, "SSH-2.0-PuTTY_Release_0.78\r\n");
    struct detection found;
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "SSH");
    assert_string_equal(found.protocol, "SSH");
    assert_string_equal(found.category, "RemoteAccess");
    assert_string_equal(found.ssh_server, "SSH-2.0-OpenSSH_9.2p1 Debian-2");
    assert_string_equal(found.ssh_client, "SSH-2.0-PuTTY_Release_0.78");
    assert_int_equal(found.confidence, CONFIDENCE_DPI);
    assert_true(found.risks & (UINT64_C(1) << 5));
    fixture_close(&fixture);
}

static void http_is_named_with_host_url_and_agent(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 40000, 155);
    talk_handshake(&talk);
    talk_say_words(&talk, TO_RESPONDER,
                   "GET /status?verbose=1 HTTP/1.1\r\nHost: www.example.org\r\n"
                   "User-Agent: probe/1.0\r\nAccept: */*\r\n\r\n");
    talk_say_words(&talk, TO_INITIATOR,
                   "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
    struct detection found;
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "HTTP");
    assert_string_equal(found.hostname, "www.example.org");
    assert_string_equal(found.url, "www.example.org/status?verbose=1");
    assert_string_equal(found.user_agent, "probe/1.0");
    fixture_close(&fixture);
}

static void tls_is_named_with_its_server_name(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new_ipv6(fixture.dpi, TRANSPORT_TCP, 40000, 395);
    uint8_t hello[TALK_HELLO_MAX];
    size_t length = talk_tls_hello("vpn.example.org", hello);
    talk_handshake(&talk);
    talk_say(&talk, TO_RESPONDER, hello, length);
    struct detection found;
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "TLS");
    assert_string_equal(found.hostname, "vpn.example.org");
    assert_string_equal(found.tls_version, "TLSv1.2");
    assert_int_equal(strlen(found.ja3_client), 32);
    fixture_close(&fixture);
}

static const uint8_t dns_query[] = "\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
                                   "\x03www\x07"
                                   "example\x03org\x00\x00\x01\x00\x01";

static void dns_on_its_own_port_is_named_with_the_question(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_UDP, 40000, 53);
    talk_say(&talk, TO_RESPONDER, dns_query, sizeof dns_query - 1);
    struct detection found;
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "DNS");
    assert_string_equal(found.hostname, "www.example.org");
    fixture_close(&fixture);
}

static void a_flow_without_packets_is_not_named(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 40000, 154);
    struct detection found;
    memset(&found, 0xff, sizeof found);
    talk_finish(&talk, &found);
    assert_false(detection_is_named(&found));
    assert_int_equal(found.confidence, CONFIDENCE_NONE);
    fixture_close(&fixture);
}

/* The flow whose packets make nDPI 4.2 follow a NULL pointer: it becomes BitTorrent through the
 * cache, and the next packet's data offset leaves the packet. */
static void say_flow_before_the_crash(struct talk *talk)
{
    talk_handshake(talk);
    for (unsigned i = 0; i < 9; i++) {
        uint8_t bytes[60];
        for (unsigned k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)((i + 1) * 97 + k * 53 + (k * k * (i + 3)) % 251);
        talk_say(talk, i % 2 ? TO_INITIATOR : TO_RESPONDER, bytes, sizeof bytes);
    }
}

static void say_bittorrent(struct talk *talk)
{
    talk_handshake(talk);
    uint8_t bytes[68] = "\x13"
                        "BitTorrent protocol";
    memset(bytes + 28, 0x41, 20);
    memcpy(bytes + 48, "-TR2940-abcdefghijkl", 20);
    talk_say(talk, TO_RESPONDER, bytes, sizeof bytes);
    talk_flags(talk, TO_INITIATOR, TCP_ACK);
}

static void a_lying_data_offset_does_not_kill(void **state)
{
    (void)state;
    for (unsigned words = 0; words < 16; words++) {
        struct totals totals;
        struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
        struct talk first = talk_new(fixture.dpi, TRANSPORT_TCP, 43000, 154);
        struct talk second = talk_new(fixture.dpi, TRANSPORT_TCP, 43001, 154);
        say_bittorrent(&first);
        say_flow_before_the_crash(&second);
        second.tcp_words = words;
        talk_flags(&second, TO_INITIATOR, TCP_ACK);
        assert_int_equal(totals.dpi_refused, words == 5 ? 0 : 1);

        struct detection found;
        talk_finish(&first, &found);
        assert_string_equal(found.name, "BitTorrent");
        talk_finish(&second, &found);
        assert_string_equal(found.name, "");
        fixture_close(&fixture);
    }
}

static void a_udp_length_that_cannot_be_is_not_shown(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    for (uint16_t claimed = 0; claimed < 16; claimed++) {
        struct talk talk = talk_new(fixture.dpi, TRANSPORT_UDP, 43000, 154);
        talk.udp_error = (uint16_t)(claimed - 16);
        talk_say(&talk, TO_RESPONDER, "12345678", 8);
        assert_int_equal(totals.dpi_refused, claimed == 0 ? 0 : claimed < 8 ? claimed : 7);
        struct detection found;
        talk_finish(&talk, &found);
    }
    fixture_close(&fixture);
}

static void the_packet_budget_ends_the_inspection(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){.max_packets = 5}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_UDP, 43000, 154);
    for (int i = 0; i < 5; i++)
        talk_say(&talk, TO_RESPONDER, "\xf1\xf2\xf3\xf4", 4);
    assert_false(talk.flow.marks & FLOW_MARK_DPI_BUDGET);
    int64_t undecided = ndpi_memory_live();
    for (int i = 0; i < 20; i++)
        talk_say(&talk, TO_RESPONDER, "\xf1\xf2\xf3\xf4", 4);
    assert_true(talk.flow.marks & FLOW_MARK_DPI_BUDGET);
    assert_true(ndpi_memory_live() < undecided - 500);
    assert_int_equal(totals.dpi_packets, 5);
    assert_int_equal(totals.limits_hit[LIMIT_DPI_PACKETS], 1);
    assert_int_equal(totals.limit_values[LIMIT_DPI_PACKETS], 5);
    struct detection found;
    talk_finish(&talk, &found);
    assert_int_equal(found.packets_inspected, 5);
    fixture_close(&fixture);
}

static void the_byte_budget_ends_the_inspection(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){.max_bytes = 5000}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 43000, 154);
    static const uint8_t big[9000] = {0xf1, 0xf2};
    for (int i = 0; i < 4; i++)
        talk_say(&talk, TO_RESPONDER, big, sizeof big);
    assert_int_equal(totals.dpi_bytes, 2 * 4096);
    assert_int_equal(totals.limits_hit[LIMIT_DPI_BYTES], 1);
    assert_true(talk.flow.marks & FLOW_MARK_DPI_BUDGET);
    assert_true(talk.flow.marks & FLOW_MARK_DPI_CUT);
    struct detection found;
    talk_finish(&talk, &found);
    fixture_close(&fixture);
}

/* A half client hello in segments of 60 kB grows nDPI's buffers to 842 kB when shown as it is. */
static void a_hello_that_never_ends_stays_small(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 43000, 154);
    static uint8_t segment[60000] = {0x16, 0x03, 0x01, 0xff, 0xff, 0x01, 0x00, 0xff, 0xfb, 3, 3};
    int64_t before = ndpi_memory_live();
    talk_handshake(&talk);
    for (int i = 0; i < 20; i++)
        talk_say(&talk, TO_RESPONDER, segment, sizeof segment);
    assert_true(ndpi_memory_live() - before < 40000);
    struct detection found;
    talk_finish(&talk, &found);
    assert_int_equal(ndpi_memory_live(), before);
    fixture_close(&fixture);
}

static void above_the_memory_ceiling_no_flow_is_begun(void **state)
{
    (void)state;
    enum { FLOWS = 200 };
    static struct talk talks[FLOWS];
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){.max_memory = 50000}, &totals);
    int64_t before = ndpi_memory_live();
    for (int i = 0; i < FLOWS; i++) {
        talks[i] = talk_new(fixture.dpi, TRANSPORT_UDP, (uint16_t)(40000 + i), 154);
        talk_say_words(&talks[i], TO_RESPONDER, "\xf1\xf2\xf3\xf4");
    }
    assert_true(ndpi_memory_live() - before < 50000 + 3000);
    assert_true(totals.dpi_flows > 10 && totals.dpi_flows < FLOWS);
    assert_int_equal(totals.dpi_flows + totals.limits_hit[LIMIT_DPI_MEMORY], FLOWS);
    assert_true(talks[FLOWS - 1].flow.marks & FLOW_MARK_DPI_OFF);

    talk_say_words(&talks[0], TO_RESPONDER, "\xf1\xf2\xf3\xf4");
    assert_true(talks[0].flow.marks & FLOW_MARK_DPI_BUDGET);
    struct detection found;
    for (int i = 0; i < FLOWS; i++)
        talk_finish(&talks[i], &found);
    assert_int_equal(ndpi_memory_live(), before);
    fixture_close(&fixture);
}

static void a_packet_of_another_protocol_is_not_shown(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 43000, 154);
    struct packet quoted = {.protocol = TRANSPORT_ICMP};
    dpi_inspect(fixture.dpi, &talk.flow, &quoted, TO_RESPONDER);
    assert_int_equal(totals.dpi_refused, 1);
    assert_int_equal(totals.dpi_packets, 0);
    assert_null(talk.flow.dpi);
    fixture_close(&fixture);
}

/* Cut at every length: never read beyond, and still named while the words are there. */
static void truncated_packets_are_read_to_their_end_only(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    for (size_t snaplen = 41; snaplen < 110; snaplen++) {
        struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 43000, 154);
        talk.snaplen = snaplen;
        talk_handshake(&talk);
        talk_say_words(&talk, TO_INITIATOR, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
        talk_say_words(&talk, TO_RESPONDER, "SSH-2.0-PuTTY_Release_0.78\r\n");
        struct detection found;
        talk_finish(&talk, &found);
        assert_true(snaplen < 60 || strcmp(found.name, "SSH") == 0);
        if (snaplen < 68)
            assert_true(talk.flow.marks & FLOW_MARK_DPI_CUT);
    }
    fixture_close(&fixture);
}

/* The same flows in two orders: a cache between them would show. */
static void the_order_of_flows_does_not_change_answers(void **state)
{
    (void)state;
    char names[2][2][DETECTION_NAME_SIZE];
    for (int order = 0; order < 2; order++) {
        struct totals totals;
        struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
        for (int turn = 0; turn < 2; turn++) {
            int which = turn ^ order;
            struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, (uint16_t)(43000 + which), 154);
            if (which == 0)
                say_bittorrent(&talk);
            else
                say_flow_before_the_crash(&talk);
            struct detection found;
            talk_finish(&talk, &found);
            memcpy(names[order][which], found.name, sizeof found.name);
        }
        fixture_close(&fixture);
    }
    assert_string_equal(names[0][0], names[1][0]);
    assert_string_equal(names[0][1], names[1][1]);
    assert_string_equal(names[0][0], "BitTorrent");
}

static void a_name_outlives_the_active_time_out(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    struct talk talk = talk_new(fixture.dpi, TRANSPORT_TCP, 40000, 154);
    struct detection found;
    talk_handshake(&talk);
    talk_say_words(&talk, TO_INITIATOR, "SSH-2.0-OpenSSH_9.2p1\r\n");
    talk.flow.end = FLOW_ACTIVE_TIMEOUT;
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "SSH");
    talk_say_words(&talk, TO_INITIATOR, "\xf1\xf2\xf3");
    talk.flow.end = FLOW_CLOSED;
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "SSH");
    assert_null(talk.flow.dpi);
    fixture_close(&fixture);
}

static void count_ssh(void *context, uint16_t id, const char *name, const char *category)
{
    int *found = context;
    *found += id == 92 && strcmp(name, "SSH") == 0 && strcmp(category, "RemoteAccess") == 0;
}

static void the_protocols_of_the_library_are_listed(void **state)
{
    (void)state;
    struct totals totals;
    struct fixture fixture = fixture_with((struct dpi_options){0}, &totals);
    int found = 0;
    dpi_each_protocol(fixture.dpi, count_ssh, &found);
    assert_int_equal(found, 1);
    assert_int_equal(dpi_version()[1], '.');
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ssh_is_named_from_its_banners),
        cmocka_unit_test(http_is_named_with_host_url_and_agent),
        cmocka_unit_test(tls_is_named_with_its_server_name),
        cmocka_unit_test(dns_on_its_own_port_is_named_with_the_question),
        cmocka_unit_test(a_flow_without_packets_is_not_named),
        cmocka_unit_test(a_lying_data_offset_does_not_kill),
        cmocka_unit_test(a_udp_length_that_cannot_be_is_not_shown),
        cmocka_unit_test(the_packet_budget_ends_the_inspection),
        cmocka_unit_test(the_byte_budget_ends_the_inspection),
        cmocka_unit_test(a_hello_that_never_ends_stays_small),
        cmocka_unit_test(above_the_memory_ceiling_no_flow_is_begun),
        cmocka_unit_test(a_packet_of_another_protocol_is_not_shown),
        cmocka_unit_test(truncated_packets_are_read_to_their_end_only),
        cmocka_unit_test(the_order_of_flows_does_not_change_answers),
        cmocka_unit_test(a_name_outlives_the_active_time_out),
        cmocka_unit_test(the_protocols_of_the_library_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
