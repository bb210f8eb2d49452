/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "unit.h"

#include <string.h>

#define A4 "192.0.2.1:1000"
#define B4 "192.0.2.2:154"
#define A6 "[2001:db8::1]:1000"
#define B6 "[2001:db8::2]:154"

static void assert_payload(const struct packet *packet, const char *text)
{
    assert_int_equal(packet->payload.length, strlen(text));
    assert_int_equal(packet->payload_length, strlen(text));
    assert_memory_equal(packet->payload.at, text, strlen(text));
}

static void a_tcp_segment_gives_addresses_ports_flags_and_payload(void **state)
{
    struct decoding *d = *state;
    struct frame frame = tcp_frame(&d->builder, A4, B4, TCP_PSH | TCP_ACK, "hello");
    frame.time_ns = 77;
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 6");
    assert_payload(&d->packet, "hello");
    assert_int_equal(d->packet.time_ns, 77);
    assert_int_equal(d->packet.tcp_flags, TCP_PSH | TCP_ACK);
    assert_int_equal(d->packet.tcp_sequence, 0x1000);
    assert_int_equal(d->packet.tcp_acknowledgement, 0x2000);
    assert_int_equal(d->packet.tcp_window, 1024);
    assert_int_equal(d->packet.ttl, 64);
    assert_int_equal(d->packet.ip_length, 45);
    assert_int_equal(d->packet.wire_length, 59);
    assert_int_equal(d->packet.transport_offset, 20);
    assert_int_equal(d->packet.network.length, 45);
    assert_int_equal(d->packet.marks, 0);
    assert_true(d->packet.has_ports);
}

/* So that nobody takes flags and numbers of 0 for what the segment said. */
static void a_packet_says_when_its_transport_header_is_not_there(void **state)
{
    struct decoding *d = *state;
    struct frame frame = tcp_frame(&d->builder, A4, B4, TCP_ACK, "hello");
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_false(d->packet.is_headless);
    frame.bytes.length = 14 + 20 + 8; /* cut behind the sequence number */
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_true(d->packet.is_headless);

    builder_begin(&d->builder);
    put_text(&d->builder, "later by far");
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_TCP, (struct piece){7, 64, false});
    assert_int_equal(decode_built(d, 101), DECODE_OK);
    assert_true(d->packet.is_headless);
}

static void a_udp_datagram_over_ipv6_is_read(void **state)
{
    struct decoding *d = *state;
    struct frame frame = udp_frame(&d->builder, A6, B6, "hello");
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_packet(d, "2001:db8::1:1000 > 2001:db8::2:154 17");
    assert_payload(&d->packet, "hello");
    assert_int_equal(d->packet.ip_length, 53);
}

static void sctp_and_dccp_have_ports(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_text(&d->builder, "chunk");
    put_sctp(&d->builder, A4, B4);
    put_ip(&d->builder, A4, B4, TRANSPORT_SCTP);
    assert_int_equal(decode_built(d, 101), DECODE_OK);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 132");
    assert_payload(&d->packet, "chunk");

    builder_begin(&d->builder);
    put_text(&d->builder, "data");
    put_dccp(&d->builder, A4, B4);
    put_ip(&d->builder, A4, B4, TRANSPORT_DCCP);
    assert_int_equal(decode_built(d, 101), DECODE_OK);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 33");
    assert_payload(&d->packet, "data");
}

static void a_protocol_without_ports_is_a_packet_all_the_same(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_text(&d->builder, "12345678");
    put_ip(&d->builder, A4, B4, TRANSPORT_ICMP);
    assert_int_equal(decode_built(d, 101), DECODE_OK);
    assert_packet(d, "192.0.2.1:0 > 192.0.2.2:0 1");
    assert_payload(&d->packet, "12345678");
    assert_false(d->packet.has_ports);
}

static void vlan_tags_are_read_outermost_first(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_tcp(&d->builder, A4, B4, TCP_SYN);
    put_ip(&d->builder, A4, B4, TRANSPORT_TCP);
    put_vlan(&d->builder, 943, 0x0800);
    put_vlan(&d->builder, 0, 0x9100); /* a priority tag is no VLAN */
    put_vlan(&d->builder, 0xe000 | 12, 0x8100);
    put_ethernet(&d->builder, 0x88a8);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 6");
    assert_int_equal(d->packet.vlan_count, 2);
    assert_int_equal(d->packet.vlans[0], 12);
    assert_int_equal(d->packet.vlans[1], 943);
    assert_int_equal(d->packet.wire_length, 14 + 20 + 20); /* as if untagged */
}

static void put_tags(struct builder *builder, unsigned count)
{
    builder_begin(builder);
    put_tcp(builder, A4, B4, TCP_SYN);
    put_ip(builder, A4, B4, TRANSPORT_TCP);
    for (unsigned i = 0; i < count; i++)
        put_vlan(builder, (uint16_t)(100 + i), i == 0 ? 0x0800 : 0x8100);
    put_ethernet(builder, count > 0 ? 0x8100 : 0x0800);
}

static void more_tags_than_are_kept_are_counted_and_too_many_are_malformed(void **state)
{
    struct decoding *d = *state;
    put_tags(&d->builder, 4);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 0);
    put_tags(&d->builder, 8);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_int_equal(d->packet.vlan_count, PACKET_VLANS_MAX);
    assert_int_equal(d->packet.vlans[0], 107);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
    put_tags(&d->builder, 9);
    assert_int_equal(decode_built(d, 1), DECODE_MALFORMED);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 2);
}

static void padding_behind_the_packet_is_not_payload(void **state)
{
    struct decoding *d = *state;
    struct frame whole = tcp_frame(&d->builder, A4, B4, TCP_ACK, "");
    uint8_t padded[60] = {0};
    memcpy(padded, whole.bytes.at, whole.bytes.length);
    struct frame frame = {.bytes = {padded, sizeof padded}, .wire_length = 60, .link_type = 1};
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_int_equal(d->packet.payload.length, 0);
    assert_int_equal(d->packet.payload_length, 0);
    assert_int_equal(d->packet.network.length, 40);
    assert_int_equal(d->packet.marks, 0);
}

static void a_snapped_packet_keeps_its_claimed_length(void **state)
{
    struct decoding *d = *state;
    struct frame frame = udp_frame(&d->builder, A4, B4, "0123456789");
    frame.bytes.length -= 6;
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_int_equal(d->packet.payload.length, 4);
    assert_int_equal(d->packet.payload_length, 10);
    assert_int_equal(d->packet.marks, PACKET_TRUNCATED);
    assert_int_equal(d->totals.decode_marks[0], 1);
}

static void a_wire_length_beyond_any_frame_is_not_counted(void **state)
{
    struct decoding *d = *state;
    struct frame frame = udp_frame(&d->builder, A4, B4, "0123456789");
    uint32_t captured = (uint32_t)frame.bytes.length;
    frame.wire_length = 512 * 1024; /* a super-packet */
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_int_equal(d->packet.wire_length, 512 * 1024);
    assert_int_equal(d->packet.marks, 0);
    frame.wire_length = UINT32_MAX;
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_int_equal(d->packet.wire_length, captured);
    assert_int_equal(d->packet.marks, PACKET_BAD_LENGTH);
}

static void frames_cut_anywhere_are_cut_packets_or_malformed(void **state)
{
    struct decoding *d = *state;
    struct frame frame = tcp_frame(&d->builder, A4, B4, TCP_ACK, "hello");
    check_every_cut(d, &frame);
    frame = udp_frame(&d->builder, A6, B6, "hello");
    check_every_cut(d, &frame);
    put_tags(&d->builder, 5);
    frame = builder_frame(&d->builder, 1);
    check_every_cut(d, &frame);
}

static void what_is_not_ip_is_said_to_be_so(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_zeros(&d->builder, 46);
    put_ethernet(&d->builder, 0x0806);
    assert_int_equal(decode_built(d, 1), DECODE_NOT_IP);
    assert_int_equal(decode_built(d, 9999), DECODE_UNSUPPORTED_LINK);
    assert_false(decode_knows_link_type(9999));
    assert_true(decode_knows_link_type(1));
}

#define test(name) cmocka_unit_test_setup_teardown(name, decoding_begin, decoding_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_tcp_segment_gives_addresses_ports_flags_and_payload),
        test(a_packet_says_when_its_transport_header_is_not_there),
        test(a_udp_datagram_over_ipv6_is_read),
        test(sctp_and_dccp_have_ports),
        test(a_protocol_without_ports_is_a_packet_all_the_same),
        test(vlan_tags_are_read_outermost_first),
        test(more_tags_than_are_kept_are_counted_and_too_many_are_malformed),
        test(padding_behind_the_packet_is_not_payload),
        test(a_snapped_packet_keeps_its_claimed_length),
        test(a_wire_length_beyond_any_frame_is_not_counted),
        test(frames_cut_anywhere_are_cut_packets_or_malformed),
        test(what_is_not_ip_is_said_to_be_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
