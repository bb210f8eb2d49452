/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "dpi/ndpi_memory.h"
#include "talk.h"

#include <string.h>

static struct totals totals;
static struct dpi *dpi;

static int open_dpi(void **state)
{
    (void)state;
    struct dpi_options options = {0};
    dpi = dpi_open(&options, &totals, NULL);
    return dpi ? 0 : -1;
}

static int close_dpi(void **state)
{
    (void)state;
    dpi_close(dpi);
    return ndpi_memory_live() == 0 ? 0 : -1;
}

static struct talk new_flow(uint8_t protocol)
{
    memset(&totals, 0, sizeof totals);
    return talk_new(dpi, protocol, 40000, 395);
}

#define SAY(talk, direction, literal) talk_say((talk), (direction), (literal), sizeof(literal) - 1)

#define DNS_QUERY                                                                                  \
    "\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07"                                  \
    "example\x03org\x00\x00\x01\x00\x01"
#define DNS_ANSWER                                                                                 \
    "\x1a\x2b\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x03www\x07"                                  \
    "example\x03org\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04"           \
    "\xc0\x00\x02\x07"
#define SNMP_GET                                                                                   \
    "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e"       \
    "\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00"
#define MODBUS_READ "\x00\x01\x00\x00\x00\x06\x01\x03\x00\x00\x00\x0a"
#define MODBUS_ANSWER "\x00\x01\x00\x00\x00\x05\x01\x03\x02\x00\x2a"

static void dns_on_a_foreign_port_is_found_again(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_UDP);
    struct detection found;
    SAY(&talk, TO_RESPONDER, DNS_QUERY);
    SAY(&talk, TO_INITIATOR, DNS_ANSWER);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "DNS");
    assert_string_equal(found.hostname, "www.example.org");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
    assert_int_equal(found.redissected_port, 53);
    assert_string_equal(found.why, "DNS message from the initiator at packet 1");
    assert_int_equal(totals.redissection_hits, 1);
    assert_int_equal(totals.redissections, 1);
    assert_int_equal(totals.redissection_packets, 2);
    assert_int_equal(totals.redissection_bounds, 0);
}

/* nDPI 4.2 takes it for a Skype call. */
static void snmp_on_a_foreign_port_is_snmp(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_UDP);
    struct detection found;
    SAY(&talk, TO_RESPONDER, SNMP_GET);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "SNMP");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
}

static void modbus_on_a_foreign_port_is_found_again(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    SAY(&talk, TO_RESPONDER, MODBUS_READ);
    SAY(&talk, TO_INITIATOR, MODBUS_ANSWER);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "Modbus");
    assert_int_equal(found.redissected_port, 502);
    assert_string_equal(found.why, "Modbus header from the initiator at packet 4");
}

static void a_banner_split_over_segments_is_found(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    talk_say_words(&talk, TO_INITIATOR, "S");
    talk_say_words(&talk, TO_INITIATOR, "SH-2.0-OpenSSH_5.1\r\n");
    talk_say_words(&talk, TO_RESPONDER, "SS");
    talk_say_words(&talk, TO_RESPONDER, "H-2.0-PuTTY_Release_0.78\r\n");
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "SSH");
    assert_string_equal(found.ssh_server, "SSH-2.0-OpenSSH_5.1");
    assert_string_equal(found.ssh_client, "SSH-2.0-PuTTY_Release_0.78");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
    assert_string_equal(found.why, "SSH banner from the initiator at packet 6");
}

static void an_ssh_banner_is_evidence_at_once(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    talk_say_words(&talk, TO_INITIATOR, "SSH-2.0-OpenSSH_9.2p1\r\n");
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "SSH");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
    assert_int_equal(found.redissected_port, 0);
    assert_string_equal(found.why, "SSH banner from the responder at packet 4");
    assert_int_equal(totals.redissections, 0);
}

/* A hello whose record the snaplen cut: the protocol is told, no detail is made up. */
static void a_cut_hello_is_tls_without_details(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    uint8_t hello[TALK_HELLO_MAX];
    size_t length = talk_tls_hello("a-rather-long-name-of-a-host.example.org", hello);
    talk.snaplen = 82;
    talk_handshake(&talk);
    talk_say(&talk, TO_RESPONDER, hello, length);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "TLS");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
    assert_string_equal(found.ja3_client, "");
    assert_string_equal(found.hostname, "");
}

#define ICE_CHECK                                                                                  \
    "\x00\x01\x00\x08\x21\x12\xa4\x42"                                                             \
    "abcdefghijkl\x00\x24\x00\x04\x6e\x00\x1e\xff"
#define STUN_REQUEST                                                                               \
    "\x00\x01\x00\x00\x21\x12\xa4\x42"                                                             \
    "abcdefghijkl"

/* What ICE opens the way for may come on the same ports. */
static void a_check_of_a_path_is_not_yet_stun(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_UDP);
    struct detection found;
    SAY(&talk, TO_RESPONDER, ICE_CHECK);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "STUN");
    assert_int_equal(found.evidence, EVIDENCE_NONE);
    talk = new_flow(TRANSPORT_UDP);
    SAY(&talk, TO_RESPONDER, STUN_REQUEST);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "STUN");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
}

/* 2605 is a routing daemon's port in nDPI's list: it says "BGP.HTTP". */
static void a_port_of_the_client_is_no_carrier(void **state)
{
    (void)state;
    struct talk talk = talk_new(dpi, TRANSPORT_TCP, 2605, 395);
    struct detection found;
    talk_handshake(&talk);
    talk_say_words(&talk, TO_RESPONDER, "GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
    talk_say_words(&talk, TO_INITIATOR, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "HTTP");
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
}

/* A name that a protocol cannot have without its form is not evidence for itself when cut. */
static void what_is_cut_corroborates_nothing_of_its_own(void **state)
{
    (void)state;
    uint8_t bytes[200];
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    memset(bytes, 4, sizeof bytes);
    talk.snaplen = 96;
    talk_handshake(&talk);
    for (int i = 0; i < 6; i++)
        talk_say(&talk, i % 2 ? TO_INITIATOR : TO_RESPONDER, bytes, sizeof bytes);
    talk_finish(&talk, &found);
    assert_int_equal(found.evidence, EVIDENCE_NONE);
}

#define LDAP_BOUND "\x30\x0c\x02\x01\x07\x61\x07\x0a\x01\x00\x04\x00\x04\x00"
#define LDAP_SEARCH                                                                                \
    "\x30\x1e\x02\x01\x09\x63\x19\x04\x00\x0a\x01\x00\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01"     \
    "\x01\x00\x87\x03oid\x30\x00"
#define LDAP_FOUND "\x30\x0c\x02\x01\x09\x65\x07\x0a\x01\x00\x04\x00\x04\x00"

/* nDPI 4.2 knows two encodings of LDAP's bind and none of a search's. */
static void a_form_that_ndpi_does_not_know_names_by_itself(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    SAY(&talk, TO_RESPONDER, LDAP_SEARCH);
    SAY(&talk, TO_INITIATOR, LDAP_FOUND);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "LDAP");
    assert_int_equal(found.confidence, CONFIDENCE_NONE);
    assert_int_equal(found.evidence, EVIDENCE_STRUCTURE);
}

static void a_request_whose_answer_is_another_s_is_no_ldap(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    SAY(&talk, TO_RESPONDER, LDAP_SEARCH);
    SAY(&talk, TO_INITIATOR, LDAP_BOUND);
    talk_finish(&talk, &found);
    assert_int_equal(found.evidence, EVIDENCE_NONE);
}

static void an_ipv6_host_keeps_its_brackets(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    talk_say_words(&talk, TO_RESPONDER, "GET /a HTTP/1.1\r\nHost: [2001:db8::1]:154\r\n\r\n");
    talk_say_words(&talk, TO_INITIATOR, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    talk_finish(&talk, &found);
    assert_string_equal(found.hostname, "[2001:db8::1]");
}

static void an_unwatched_flow_costs_nothing_extra(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_UDP);
    struct detection found;
    talk.flow.is_watched = false;
    SAY(&talk, TO_RESPONDER, DNS_QUERY);
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "");
    assert_int_equal(totals.redissections, 0);
}

/* Type, length, value, as private protocols have it; nDPI 4.2 says STUN of some. */
static void a_name_against_the_form_is_withdrawn(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    for (int i = 0; i < 3; i++) {
        talk_say_words(&talk, TO_RESPONDER, "PING\r\n");
        talk_say_words(&talk, TO_INITIATOR, "STATUS 4711\r\n");
    }
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "");
    assert_int_equal(found.evidence, EVIDENCE_NONE);
    assert_string_equal(found.why, "not Nats as nDPI said: no NATS line");
}

/* nDPI says Cassandra of sixteen equal bytes, however often they come. */
static void constant_bytes_are_not_a_database(void **state)
{
    (void)state;
    struct talk talk = new_flow(TRANSPORT_TCP);
    struct detection found;
    talk_handshake(&talk);
    for (int i = 0; i < 6; i++)
        SAY(&talk, i % 2, "\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04");
    talk_finish(&talk, &found);
    assert_string_equal(found.name, "");
}

static void what_waits_for_evidence_is_given_back(void **state)
{
    (void)state;
    int64_t before = ndpi_memory_live();
    struct talk talk = new_flow(TRANSPORT_UDP);
    struct detection found;
    for (int i = 0; i < 4; i++)
        SAY(&talk, i % 2, "\xf1\xf2\xf3\xf4\xf5\xf6");
    assert_true(ndpi_memory_live() > before);
    talk_finish(&talk, &found);
    assert_int_equal(ndpi_memory_live(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dns_on_a_foreign_port_is_found_again),
        cmocka_unit_test(snmp_on_a_foreign_port_is_snmp),
        cmocka_unit_test(modbus_on_a_foreign_port_is_found_again),
        cmocka_unit_test(a_banner_split_over_segments_is_found),
        cmocka_unit_test(an_ssh_banner_is_evidence_at_once),
        cmocka_unit_test(a_cut_hello_is_tls_without_details),
        cmocka_unit_test(a_check_of_a_path_is_not_yet_stun),
        cmocka_unit_test(a_port_of_the_client_is_no_carrier),
        cmocka_unit_test(what_is_cut_corroborates_nothing_of_its_own),
        cmocka_unit_test(a_form_that_ndpi_does_not_know_names_by_itself),
        cmocka_unit_test(a_request_whose_answer_is_another_s_is_no_ldap),
        cmocka_unit_test(an_ipv6_host_keeps_its_brackets),
        cmocka_unit_test(an_unwatched_flow_costs_nothing_extra),
        cmocka_unit_test(a_name_against_the_form_is_withdrawn),
        cmocka_unit_test(constant_bytes_are_not_a_database),
        cmocka_unit_test(what_waits_for_evidence_is_given_back),
    };
    return cmocka_run_group_tests(tests, open_dpi, close_dpi);
}
