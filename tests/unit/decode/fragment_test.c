/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "unit.h"

#include <string.h>

#define A4 "192.0.2.1:1000"
#define B4 "192.0.2.2:154"
#define A6 "[2001:db8::1]:1000"
#define B6 "[2001:db8::2]:154"
#define WITH_PORTS "192.0.2.1:1000 > 192.0.2.2:154 17"
#define WITHOUT_PORTS "192.0.2.1:0 > 192.0.2.2:0 17"

enum { RAW = 101, SECOND = 1000000000 };

/* Decodes what the builder holds as a bare packet at a time. */
static void decode_at(struct decoding *d, int64_t time_ns)
{
    struct frame frame = builder_frame(&d->builder, RAW);
    frame.time_ns = time_ns;
    assert_int_equal(decode(d, &frame), DECODE_OK);
}

/* The beginning of a UDP datagram of 8 + 24 + 16 bytes: its header and 24 bytes. */
static void first_at(struct decoding *d, uint16_t id, int64_t time_ns)
{
    builder_begin(&d->builder);
    put_zeros(&d->builder, 40);
    put_udp(&d->builder, A4, B4);
    uint8_t datagram[32];
    memcpy(datagram, d->builder.bytes + d->builder.start, sizeof datagram);
    builder_begin(&d->builder);
    put_bytes(&d->builder, datagram, sizeof datagram);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_UDP, (struct piece){id, 0, true});
    decode_at(d, time_ns);
}

static void later_at(struct decoding *d, struct piece piece, size_t length, int64_t time_ns)
{
    builder_begin(&d->builder);
    put_zeros(&d->builder, length);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_UDP, piece);
    decode_at(d, time_ns);
}

static void last_at(struct decoding *d, uint16_t id, int64_t time_ns)
{
    later_at(d, (struct piece){id, 32, false}, 16, time_ns);
}

static void assert_marks(const struct decoding *d, uint32_t marks)
{
    assert_int_equal(d->packet.marks, marks);
}

static void later_fragments_get_the_ports_of_the_first(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, 0);
    assert_packet(d, WITH_PORTS);
    assert_marks(d, PACKET_FRAGMENT);
    assert_int_equal(d->packet.payload_length, 24);
    last_at(d, 7, SECOND);
    assert_packet(d, WITH_PORTS);
    assert_true(d->packet.has_ports);
    assert_marks(d, PACKET_FRAGMENT);
    assert_int_equal(d->packet.payload_length, 16);
    assert_int_equal(d->packet.transport_offset, 20);
}

static void a_later_fragment_alone_is_an_orphan_without_ports(void **state)
{
    struct decoding *d = *state;
    last_at(d, 7, 0);
    assert_packet(d, WITHOUT_PORTS);
    assert_marks(d, PACKET_FRAGMENT | PACKET_FRAGMENT_ORPHAN);
    first_at(d, 7, 1);
    assert_packet(d, WITH_PORTS);
    assert_marks(d, PACKET_FRAGMENT);
    first_at(d, 8, 0);
    last_at(d, 9, 0); /* another datagram */
    assert_packet(d, WITHOUT_PORTS);
}

static void a_datagram_is_forgotten_after_thirty_seconds(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, 0);
    last_at(d, 7, INT64_C(30) * SECOND);
    assert_packet(d, WITH_PORTS);
    last_at(d, 7, INT64_C(30) * SECOND + 1);
    assert_packet(d, WITHOUT_PORTS);
}

static void times_that_jump_about_do_no_harm(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, INT64_MAX);
    last_at(d, 7, INT64_MIN);
    assert_packet(d, WITHOUT_PORTS);
    first_at(d, 8, 5 * (int64_t)SECOND);
    last_at(d, 8, 4 * (int64_t)SECOND);
    assert_packet(d, WITH_PORTS);
}

static void bytes_brought_twice_are_an_overlap(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, 0);
    later_at(d, (struct piece){7, 24, true}, 16, 1);
    assert_marks(d, PACKET_FRAGMENT | PACKET_FRAGMENT_OVERLAP);
    later_at(d, (struct piece){7, 48, true}, 8, 2);
    assert_marks(d, PACKET_FRAGMENT);
    later_at(d, (struct piece){7, 40, true}, 8, 3); /* fills the hole */
    assert_marks(d, PACKET_FRAGMENT);
    later_at(d, (struct piece){7, 16, true}, 40, 4);
    assert_marks(d, PACKET_FRAGMENT | PACKET_FRAGMENT_OVERLAP);
}

static void the_same_frame_captured_twice_is_no_overlap_but_other_bytes_are(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, 0);
    first_at(d, 7, 0);
    assert_marks(d, PACKET_FRAGMENT);
    last_at(d, 7, 0);
    last_at(d, 7, 0);
    assert_marks(d, PACKET_FRAGMENT);
    builder_begin(&d->builder);
    put_text(&d->builder, "other 16 bytes..");
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_UDP, (struct piece){7, 32, false});
    decode_at(d, 0);
    assert_marks(d, PACKET_FRAGMENT | PACKET_FRAGMENT_OVERLAP);
    assert_packet(d, WITH_PORTS); /* a second beginning does not change the ports */
}

static void an_identification_used_again_is_a_new_datagram(void **state)
{
    struct decoding *d = *state;
    for (int64_t i = 0; i < 3; i++) {
        first_at(d, 7, i * 20 * SECOND);
        assert_marks(d, PACKET_FRAGMENT);
        last_at(d, 7, i * 20 * SECOND);
        assert_packet(d, WITH_PORTS);
        assert_marks(d, PACKET_FRAGMENT);
    }
}

static void more_pieces_than_are_remembered_are_counted(void **state)
{
    struct decoding *d = *state;
    for (uint16_t i = 0; i < 17; i++)
        later_at(d, (struct piece){7, (uint16_t)(8 + i * 16), true}, 8, 0);
    assert_int_equal(d->totals.limits_hit[LIMIT_FRAGMENTS], 1);
}

static void a_fragment_flood_drops_the_oldest_and_counts(void **state)
{
    struct decoding *d = *state;
    const struct decoder_options options = {.key = {{1, 2}}, .max_fragments = 4};
    decoder_free(d->decoder);
    d->decoder = decoder_new(&options, &d->totals);
    for (uint16_t id = 0; id < 4; id++)
        first_at(d, id, 0);
    last_at(d, 0, 1); /* used again: now 1 is the oldest */
    assert_int_equal(d->totals.limits_hit[LIMIT_FRAGMENTS], 0);
    first_at(d, 4, 2);
    assert_int_equal(d->totals.limits_hit[LIMIT_FRAGMENTS], 1);
    last_at(d, 0, 3);
    assert_packet(d, WITH_PORTS);
    last_at(d, 1, 3);
    assert_packet(d, WITHOUT_PORTS);
    assert_int_equal(d->totals.limits_hit[LIMIT_FRAGMENTS], 2);
    for (uint16_t id = 100; id < 104; id++) /* those that are too old cost nothing */
        first_at(d, id, INT64_C(60) * SECOND);
    assert_int_equal(d->totals.limits_hit[LIMIT_FRAGMENTS], 2);
    assert_int_equal(d->totals.limit_values[LIMIT_FRAGMENTS], 4);
}

static void a_tiny_first_fragment_is_marked(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_tcp(&d->builder, A4, B4, TCP_SYN);
    uint8_t header[8];
    memcpy(header, d->builder.bytes + d->builder.start, sizeof header);
    builder_begin(&d->builder);
    put_bytes(&d->builder, header, sizeof header);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_TCP, (struct piece){7, 0, true});
    decode_at(d, 0);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 6");
    assert_marks(d, PACKET_FRAGMENT | PACKET_TINY_FRAGMENT);

    builder_begin(&d->builder);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_TCP, (struct piece){8, 0, true});
    decode_at(d, 0);
    assert_packet(d, "192.0.2.1:0 > 192.0.2.2:0 6");
    assert_marks(d, PACKET_FRAGMENT | PACKET_TINY_FRAGMENT);
}

static void fragments_that_cannot_be_are_marked(void **state)
{
    struct decoding *d = *state;
    later_at(d, (struct piece){7, 8, true}, 13, 0); /* not the last, not a multiple of 8 */
    assert_marks(d, PACKET_FRAGMENT | PACKET_FRAGMENT_ORPHAN | PACKET_BAD_LENGTH);
    later_at(d, (struct piece){8, 65528, false}, 100, 0); /* "ping of death" */
    assert_marks(d, PACKET_FRAGMENT | PACKET_FRAGMENT_ORPHAN | PACKET_BAD_LENGTH);
}

static void put_later6(struct builder *b, uint8_t next, struct piece piece)
{
    builder_begin(b);
    put_zeros(b, 16);
    put_ip6_fragment(b, next, piece);
    put_ip(b, A6, B6, 44);
}

static void ipv6_fragments_behind_an_extension_header_keep_together(void **state)
{
    struct decoding *d = *state;
    struct builder *b = &d->builder;
    builder_begin(b);
    put_zeros(b, 8);
    put_udp(b, A6, B6);
    put_bytes(b, "\x11\0\0\0\0\0\0\0", 8); /* destination options, then UDP */
    put_ip6_fragment(b, 60, (struct piece){7, 0, true});
    put_ip(b, A6, B6, 44);
    decode_at(d, 0);
    assert_packet(d, "2001:db8::1:1000 > 2001:db8::2:154 17");
    assert_marks(d, PACKET_FRAGMENT);
    put_later6(b, 60, (struct piece){7, 24, false});
    decode_at(d, 0);
    assert_packet(d, "2001:db8::1:1000 > 2001:db8::2:154 17");
    put_later6(b, 17, (struct piece){8, 24, false});
    decode_at(d, 0);
    assert_packet(d, "2001:db8::1:0 > 2001:db8::2:0 17");
}

static void an_atomic_fragment_is_a_whole_packet(void **state)
{
    struct decoding *d = *state;
    struct builder *b = &d->builder;
    builder_begin(b);
    put_udp(b, A6, B6);
    put_ip6_fragment(b, TRANSPORT_UDP, (struct piece){7, 0, false});
    put_ip(b, A6, B6, 44);
    decode_at(d, 0);
    assert_packet(d, "2001:db8::1:1000 > 2001:db8::2:154 17");
    assert_marks(d, 0);
}

static void a_first_fragment_whose_headers_do_not_end_is_tiny(void **state)
{
    struct decoding *d = *state;
    struct builder *b = &d->builder;
    builder_begin(b);
    put_bytes(b, "\x11\x05\0\0\0\0\0\0", 8); /* options that go on in the next fragment */
    put_ip6_fragment(b, 60, (struct piece){7, 0, true});
    put_ip(b, A6, B6, 44);
    decode_at(d, 0);
    assert_packet(d, "2001:db8::1:0 > 2001:db8::2:0 60");
    assert_marks(d, PACKET_FRAGMENT | PACKET_TINY_FRAGMENT);
}

static void fragments_of_portless_protocols_are_no_orphans(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_zeros(&d->builder, 32);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_ICMP, (struct piece){7, 0, true});
    decode_at(d, 0);
    builder_begin(&d->builder);
    put_zeros(&d->builder, 8);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_ICMP, (struct piece){7, 32, false});
    decode_at(d, 0);
    assert_packet(d, "192.0.2.1:0 > 192.0.2.2:0 1");
    assert_marks(d, PACKET_FRAGMENT);
}

/* A VXLAN datagram whose inner packet does not fit: the first fragment shows the inner ports. */
static void a_tunnel_is_entered_in_its_first_fragment(void **state)
{
    struct decoding *d = *state;
    struct builder *b = &d->builder;
    builder_begin(b);
    put_zeros(b, 200);
    put_udp(b, "192.0.2.11:1000", "192.0.2.12:395");
    put_ip(b, "192.0.2.11", "192.0.2.12", TRANSPORT_UDP);
    put_ethernet(b, 0x0800);
    put_be32(b, 5u << 8);
    put_be32(b, 0x08000000);
    put_udp(b, A4, "192.0.2.2:4789");
    uint8_t datagram[128];
    memcpy(datagram, b->bytes + b->start, sizeof datagram);
    builder_begin(b);
    put_bytes(b, datagram, sizeof datagram);
    put_ip4_fragment(b, A4, B4, TRANSPORT_UDP, (struct piece){7, 0, true});
    decode_at(d, 0);
    assert_packet(d, "192.0.2.11:1000 > 192.0.2.12:395 17");
    assert_marks(d, PACKET_FRAGMENT | PACKET_TRUNCATED);
    assert_int_equal(d->packet.payload_length, 200);
    later_at(d, (struct piece){7, 128, false}, 130, 0);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:4789 17");
    assert_marks(d, PACKET_FRAGMENT);
}

/* GRE does not say how long it is: what the inner packet claims is believed. */
static void gre_in_a_first_fragment_is_no_lie(void **state)
{
    struct decoding *d = *state;
    struct builder *b = &d->builder;
    builder_begin(b);
    put_zeros(b, 200);
    put_udp(b, "192.0.2.11:1000", "192.0.2.12:395");
    put_ip(b, "192.0.2.11", "192.0.2.12", TRANSPORT_UDP);
    put_be32(b, 0x00000800);
    uint8_t datagram[64];
    memcpy(datagram, b->bytes + b->start, sizeof datagram);
    builder_begin(b);
    put_bytes(b, datagram, sizeof datagram);
    put_ip4_fragment(b, A4, B4, 47, (struct piece){7, 0, true});
    decode_at(d, 0);
    assert_packet(d, "192.0.2.11:1000 > 192.0.2.12:395 17");
    assert_marks(d, PACKET_FRAGMENT | PACKET_TRUNCATED);
    assert_int_equal(d->packet.payload_length, 200);
    builder_begin(b);
    put_zeros(b, 168);
    put_ip4_fragment(b, A4, B4, 47, (struct piece){7, 64, false});
    decode_at(d, 0);
    assert_packet(d, "192.0.2.1:0 > 192.0.2.2:0 47");
    assert_marks(d, PACKET_FRAGMENT);
}

static void the_same_datagram_on_another_vlan_is_another(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, 0);
    builder_begin(&d->builder);
    put_zeros(&d->builder, 16);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_UDP, (struct piece){7, 32, false});
    put_vlan(&d->builder, 5, 0x0800);
    put_ethernet(&d->builder, 0x8100);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, WITHOUT_PORTS);
    assert_true(d->packet.marks & PACKET_FRAGMENT_ORPHAN);
}

static void fragments_cut_anywhere_are_cut_packets_or_malformed(void **state)
{
    struct decoding *d = *state;
    first_at(d, 7, 0);
    struct frame frame = builder_frame(&d->builder, RAW);
    check_every_cut(d, &frame);
    last_at(d, 7, 0);
    frame = builder_frame(&d->builder, RAW);
    check_every_cut(d, &frame);
}

#define test(name) cmocka_unit_test_setup_teardown(name, decoding_begin, decoding_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(later_fragments_get_the_ports_of_the_first),
        test(a_later_fragment_alone_is_an_orphan_without_ports),
        test(a_datagram_is_forgotten_after_thirty_seconds),
        test(times_that_jump_about_do_no_harm),
        test(bytes_brought_twice_are_an_overlap),
        test(the_same_frame_captured_twice_is_no_overlap_but_other_bytes_are),
        test(an_identification_used_again_is_a_new_datagram),
        test(more_pieces_than_are_remembered_are_counted),
        test(a_fragment_flood_drops_the_oldest_and_counts),
        test(a_tiny_first_fragment_is_marked),
        test(fragments_that_cannot_be_are_marked),
        test(ipv6_fragments_behind_an_extension_header_keep_together),
        test(an_atomic_fragment_is_a_whole_packet),
        test(a_first_fragment_whose_headers_do_not_end_is_tiny),
        test(fragments_of_portless_protocols_are_no_orphans),
        test(a_tunnel_is_entered_in_its_first_fragment),
        test(gre_in_a_first_fragment_is_no_lie),
        test(the_same_datagram_on_another_vlan_is_another),
        test(fragments_cut_anywhere_are_cut_packets_or_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
