/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "unit.h"

#include <string.h>

/* Outside 198.51.100.0/24, inside 192.0.2.0/24. */
#define OUT_A "198.51.100.1:50000"
#define OUT_B "198.51.100.2"
#define IN_A "192.0.2.1:1000"
#define IN_B "192.0.2.2:154"
#define IN_WORDS "192.0.2.1:1000 > 192.0.2.2:154 6"

static struct builder *begin_inner(struct decoding *d)
{
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_tcp(&d->builder, IN_A, IN_B, TCP_ACK);
    put_ip(&d->builder, IN_A, IN_B, TRANSPORT_TCP);
    return &d->builder;
}

static struct builder *begin_inner_frame(struct decoding *d)
{
    struct builder *b = begin_inner(d);
    put_ethernet(b, 0x0800);
    return b;
}

static void put_outer(struct builder *b, uint8_t protocol)
{
    put_ip(b, OUT_A, OUT_B, protocol);
    put_ethernet(b, 0x0800);
}

/* `to` is an endpoint of the outer network. */
static void put_outer_udp(struct builder *b, const char *to)
{
    put_udp(b, OUT_A, to);
    put_outer(b, TRANSPORT_UDP);
}

static void check_tunnel(struct decoding *d, enum tunnel_kind kind, uint32_t id)
{
    struct frame frame = builder_frame(&d->builder, 1);
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_packet(d, IN_WORDS);
    assert_int_equal(d->packet.tunnel.kind, kind);
    assert_int_equal(d->packet.tunnel.id, id);
    assert_int_equal(d->packet.tunnel.depth, 1);
    assert_int_equal(d->packet.payload.length, 5);
    assert_memory_equal(d->packet.payload.at, "hello", 5);
    assert_int_equal(d->packet.ip_length, 45);
    assert_int_equal(d->packet.marks, 0);
    check_every_cut(d, &frame);
}

static void check_stays_outside(struct decoding *d, const char *words)
{
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, words);
    assert_int_equal(d->packet.tunnel.kind, TUNNEL_NONE);
}

static void ip_in_ip_in_both_versions(void **state)
{
    struct decoding *d = *state;
    begin_inner(d);
    put_outer(&d->builder, 4);
    check_tunnel(d, TUNNEL_IPIP, 0);

    begin_inner(d);
    put_ip(&d->builder, "2001:db8::1", "2001:db8::2", 4);
    put_ethernet(&d->builder, 0x86dd);
    check_tunnel(d, TUNNEL_IPIP, 0);

    builder_begin(&d->builder);
    put_udp(&d->builder, "[2001:db8::1]:1000", "[2001:db8::2]:154");
    put_ip(&d->builder, "2001:db8::1", "2001:db8::2", TRANSPORT_UDP);
    put_outer(&d->builder, 41);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "2001:db8::1:1000 > 2001:db8::2:154 17");
}

static void gre_with_every_optional_field(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner(d);
    put_be32(b, 0x00000800);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 0);

    b = begin_inner(d);
    put_be32(b, 5);     /* sequence */
    put_be32(b, 70000); /* key */
    put_be32(b, 0);     /* checksum */
    put_be32(b, 0xb0000800);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 70000);

    b = begin_inner(d);
    put_be32(b, 0); /* end of the source routes */
    put_be32(b, 0); /* what a route says */
    put_be32(b, 0x08000004);
    put_be32(b, 0); /* checksum, offset */
    put_be32(b, 0x40000800);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 0);
}

static void ethernet_in_gre_has_its_key_or_a_virtual_subnet_as_id(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner_frame(d);
    put_be32(b, 100);
    put_be32(b, 0x20006558);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 100);

    b = begin_inner_frame(d);
    put_be32(b, 5000u << 8 | 77); /* NVGRE: the flow id differs from flow to flow */
    put_be32(b, 0x20006558);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 5000);
}

static void wccp_with_and_without_its_own_header(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner(d);
    put_be32(b, 0x0000883e);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 0);
    b = begin_inner(d);
    put_be32(b, 0);
    put_be32(b, 0x0000883e);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 0);
}

static void pptp_carries_ppp(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner(d);
    put_bytes(b, "\xff\x03\x00\x21", 4);
    unsigned length = (unsigned)builder_length(b);
    put_be32(b, 9); /* acknowledgement */
    put_be32(b, 8); /* sequence */
    put_be16(b, 4711);
    put_be16(b, length);
    put_be32(b, 0x3081880b);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_GRE, 0);
}

static void gre_without_a_packet_inside_is_a_packet_of_its_own(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_be32(&d->builder, 0x00000000); /* keep-alive */
    put_outer(&d->builder, 47);
    check_stays_outside(d, "198.51.100.1:0 > 198.51.100.2:0 47");
    assert_int_equal(d->packet.payload.length, 4);
}

static void erspan_of_types_one_two_and_three(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner_frame(d);
    put_be32(b, 0x000088be);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_ERSPAN, 0);

    b = begin_inner_frame(d);
    put_be32(b, 0);
    put_be32(b, 0x10000000 | 99); /* version 1, session 99 */
    put_be32(b, 1);               /* sequence */
    put_be32(b, 0x100088be);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_ERSPAN, 99);

    b = begin_inner_frame(d);
    put_zeros(b, 8); /* platform header, announced by the lowest bit */
    put_be32(b, 0x00000001);
    put_be32(b, 0);
    put_be32(b, 0x20000000 | 1023);
    put_be32(b, 1);
    put_be32(b, 0x100022eb);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_ERSPAN, 1023);

    b = begin_inner(d); /* frame type 2: IP */
    put_be32(b, 2u << 10);
    put_be32(b, 0);
    put_be32(b, 0x20000000 | 5);
    put_be32(b, 1);
    put_be32(b, 0x100022eb);
    put_outer(b, 47);
    check_tunnel(d, TUNNEL_ERSPAN, 5);
}

static void put_vxlan(struct builder *b, uint32_t id)
{
    put_be32(b, id << 8);
    put_be32(b, 0x08000000);
}

static void vxlan_on_both_of_its_ports(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner_frame(d);
    put_vxlan(b, 0xabcdef);
    put_outer_udp(b, OUT_B ":4789");
    check_tunnel(d, TUNNEL_VXLAN, 0xabcdef);
    b = begin_inner_frame(d);
    put_vxlan(b, 1);
    put_outer_udp(b, OUT_B ":8472");
    check_tunnel(d, TUNNEL_VXLAN, 1);
    b = begin_inner_frame(d);
    put_be32(b, 7u << 8);
    put_be32(b, 0x88000063); /* group policy */
    put_outer_udp(b, OUT_B ":4789");
    check_tunnel(d, TUNNEL_VXLAN, 7);
}

static void vlan_ids_outside_stand_before_those_inside(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner(d);
    put_vlan(b, 20, 0x0800);
    put_ethernet(b, 0x8100);
    put_vxlan(b, 1);
    put_udp(b, OUT_A, OUT_B ":4789");
    put_ip(b, OUT_A, OUT_B, TRANSPORT_UDP);
    put_vlan(b, 10, 0x0800);
    put_ethernet(b, 0x8100);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, IN_WORDS);
    assert_int_equal(d->packet.vlan_count, 2);
    assert_int_equal(d->packet.vlans[0], 10);
    assert_int_equal(d->packet.vlans[1], 20);
}

static void geneve_with_options_and_ip_or_ethernet_inside(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner(d);
    put_be32(b, 42u << 8);
    put_be32(b, 0x00000800);
    put_outer_udp(b, OUT_B ":6081");
    check_tunnel(d, TUNNEL_GENEVE, 42);

    b = begin_inner_frame(d);
    put_be32(b, 0xdeadbeef);
    put_be32(b, 0x01020001); /* an option of one word */
    put_be32(b, 0x01020000); /* and one of none */
    put_be32(b, 42u << 8);
    put_be32(b, 0x03406558);
    put_outer_udp(b, OUT_B ":6081");
    check_tunnel(d, TUNNEL_GENEVE, 42);

    b = begin_inner_frame(d);
    put_be32(b, 0x01020003); /* an option longer than all options */
    put_be32(b, 42u << 8);
    put_be32(b, 0x01006558);
    put_outer_udp(b, OUT_B ":6081");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:6081 17");
}

static void put_gtpu(struct builder *b, unsigned flags, unsigned type)
{
    unsigned length = (unsigned)builder_length(b);
    put_be32(b, 0x11223344);
    put_be16(b, length);
    put_u8(b, type);
    put_u8(b, flags);
}

static void gtpu_user_packets_with_extension_headers(void **state)
{
    struct decoding *d = *state;
    put_gtpu(begin_inner(d), 0x30, 255);
    put_outer_udp(&d->builder, OUT_B ":2152");
    check_tunnel(d, TUNNEL_GTPU, 0);

    struct builder *b = begin_inner(d);
    put_be32(b, 0x01000900);                 /* one word, no next */
    put_bytes(b, "\x02\0\0\0\0\0\0\x85", 8); /* two words, next of type 0x85 */
    put_be32(b, 0x00010040);                 /* sequence, N-PDU, next of type 0x40 */
    put_gtpu(b, 0x34, 255);
    put_outer_udp(b, OUT_B ":2152");
    check_tunnel(d, TUNNEL_GTPU, 0);
}

static void gtpu_control_messages_and_lies_stay_outside(void **state)
{
    struct decoding *d = *state;
    put_gtpu(begin_inner(d), 0x30, 1); /* echo request */
    put_outer_udp(&d->builder, OUT_B ":2152");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:2152 17");

    struct builder *b = begin_inner(d);
    put_u8(b, 0x00); /* an extension header of no length */
    put_be32(b, 0x00010085);
    put_gtpu(b, 0x34, 255);
    put_outer_udp(b, OUT_B ":2152");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:2152 17");

    b = begin_inner(d);
    put_gtpu(b, 0x30, 255);
    b->bytes[b->start + 3]++; /* a length that is not true */
    put_outer_udp(b, OUT_B ":2152");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:2152 17");
}

static struct builder *begin_teredo(struct decoding *d, const char *from)
{
    builder_begin(&d->builder);
    put_udp(&d->builder, from, "[2001:db8::2]:154");
    put_ip(&d->builder, from, "[2001:db8::2]:154", TRANSPORT_UDP);
    return &d->builder;
}

static void teredo_with_both_indications(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_teredo(d, "[2001:0:1::1]:1000");
    put_bytes(b, "\0\0\x12\x34\1\2\3\4", 8);
    put_zeros(b, 9);
    put_bytes(b, "idvalue", 7);
    put_be32(b, 0x00010205);
    put_outer_udp(b, OUT_B ":3544");
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "2001:0:1::1:1000 > 2001:db8::2:154 17");
    assert_int_equal(d->packet.tunnel.kind, TUNNEL_TEREDO);

    begin_teredo(d, "[2001:db8::1]:1000"); /* IPv6, but nobody is a Teredo client */
    put_outer_udp(&d->builder, OUT_B ":3544");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:3544 17");
}

static void a_port_alone_makes_no_tunnel(void **state)
{
    struct decoding *d = *state;
    static const char *const ports[] = {OUT_B ":4789", OUT_B ":6081", OUT_B ":2152", OUT_B ":3544",
                                        OUT_B ":8472"};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        struct frame frame = udp_frame(&d->builder, OUT_A, ports[i], "only some words");
        assert_int_equal(decode(d, &frame), DECODE_OK);
        assert_int_equal(d->packet.tunnel.depth, 0);
        assert_int_equal(d->packet.payload.length, 15);
        assert_int_equal(d->packet.source_port, 50000);
        assert_int_equal(d->packet.marks, 0);
        check_every_cut(d, &frame);
    }
}

static void an_inner_length_that_does_not_fit_leaves_udp_as_it_is(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_inner(d);
    b->bytes[b->start + 3]++; /* total length one more than there is */
    put_ethernet(b, 0x0800);
    put_vxlan(b, 1);
    put_outer_udp(b, OUT_B ":4789");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:4789 17");
    assert_int_equal(d->packet.marks, 0);
}

/* Segments above 64 KiB ("BIG TCP") have no length that would fit, outside nor inside. */
static void offloaded_segments_in_vxlan_have_no_lengths(void **state)
{
    struct decoding *d = *state;
    for (int outside = 0; outside < 2; outside++) {
        struct builder *b = begin_inner(d);
        b->bytes[b->start + 3] = 0;
        put_ethernet(b, 0x0800);
        put_vxlan(b, 1);
        put_udp(b, OUT_A, OUT_B ":4789");
        b->bytes[b->start + 5] = 0;
        put_ip(b, OUT_A, OUT_B, TRANSPORT_UDP);
        if (outside)
            b->bytes[b->start + 3] = 0;
        put_ethernet(b, 0x0800);
        assert_int_equal(decode_built(d, 1), DECODE_OK);
        assert_int_equal(d->packet.tunnel.depth, outside);
    }
    assert_packet(d, IN_WORDS);
    assert_int_equal(d->packet.marks, PACKET_LENGTH_ZERO);
    assert_int_equal(d->packet.payload_length, 5);
}

static void arp_in_vxlan_is_a_packet_of_the_tunnel(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_zeros(&d->builder, 28);
    put_ethernet(&d->builder, 0x0806);
    put_vxlan(&d->builder, 1);
    put_outer_udp(&d->builder, OUT_B ":4789");
    check_stays_outside(d, "198.51.100.1:50000 > 198.51.100.2:4789 17");
    assert_int_equal(d->packet.payload.length, 50);
}

static void a_portless_packet_inside_does_not_inherit_the_ports_outside(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_text(&d->builder, "12345678");
    put_ip(&d->builder, IN_A, IN_B, TRANSPORT_ICMP);
    put_ethernet(&d->builder, 0x0800);
    put_vxlan(&d->builder, 1);
    put_outer_udp(&d->builder, OUT_B ":4789");
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "192.0.2.1:0 > 192.0.2.2:0 1");
}

static void a_watched_port_outside_keeps_the_tunnel_shut(void **state)
{
    struct decoding *d = *state;
    const struct decoder_options options = {.key = {{1, 2}}, .watched = &d->usual};
    decoder_free(d->decoder);
    d->decoder = decoder_new(&options, &d->totals);
    struct builder *b = begin_inner_frame(d);
    put_vxlan(b, 1);
    put_udp(b, "198.51.100.1:395", OUT_B ":4789");
    put_outer(b, TRANSPORT_UDP);
    check_stays_outside(d, "198.51.100.1:395 > 198.51.100.2:4789 17");

    b = begin_inner_frame(d);
    put_vxlan(b, 1);
    put_udp(b, "198.51.100.1:4789", OUT_B ":154");
    put_outer(b, TRANSPORT_UDP);
    check_stays_outside(d, "198.51.100.1:4789 > 198.51.100.2:154 17");
}

static void answers_come_from_the_port_of_the_tunnel(void **state)
{
    struct decoding *d = *state;
    begin_teredo(d, "[2001:0:1::1]:1000");
    put_udp(&d->builder, "198.51.100.1:3544", OUT_B ":50000");
    put_outer(&d->builder, TRANSPORT_UDP);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "2001:0:1::1:1000 > 2001:db8::2:154 17");

    struct builder *b = begin_inner_frame(d); /* two such ports: the source's is right */
    put_vxlan(b, 1);
    put_udp(b, "198.51.100.1:4789", OUT_B ":2152");
    put_outer(b, TRANSPORT_UDP);
    check_tunnel(d, TUNNEL_VXLAN, 1);
}

static void nest(struct builder *b, unsigned tunnels)
{
    for (unsigned i = 0; i < tunnels; i++) {
        put_ethernet(b, 0x0800);
        put_vxlan(b, i);
        put_udp(b, OUT_A, OUT_B ":4789");
        put_ip(b, OUT_A, OUT_B, TRANSPORT_UDP);
    }
}

static void four_tunnels_deep_is_read_and_the_fifth_is_not(void **state)
{
    struct decoding *d = *state;
    nest(begin_inner(d), 4);
    put_ethernet(&d->builder, 0x0800);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, IN_WORDS);
    assert_int_equal(d->packet.tunnel.depth, 4);
    assert_int_equal(d->packet.tunnel.id, 0);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 0);

    nest(begin_inner(d), 5);
    put_ethernet(&d->builder, 0x0800);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "198.51.100.1:50000 > 198.51.100.2:4789 17");
    assert_int_equal(d->packet.tunnel.depth, 4);
    assert_int_equal(d->packet.tunnel.id, 1);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
}

/* Labels behind labels, each of which could be read in three ways. */
static void guesses_within_guesses_cost_no_more_than_the_layers_allow(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    for (unsigned i = 0; i < 2000; i++) {
        put_be32(&d->builder, 0x00000140);
        put_ethernet(&d->builder, 0x8847);
        put_zeros(&d->builder, 2);
        put_be16(&d->builder, 0x8847);
    }
    put_ethernet(&d->builder, 0x8847);
    assert_int_not_equal(decode_built(d, 1), DECODE_OK);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
}

#define test(name) cmocka_unit_test_setup_teardown(name, decoding_begin, decoding_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(ip_in_ip_in_both_versions),
        test(gre_with_every_optional_field),
        test(ethernet_in_gre_has_its_key_or_a_virtual_subnet_as_id),
        test(wccp_with_and_without_its_own_header),
        test(pptp_carries_ppp),
        test(gre_without_a_packet_inside_is_a_packet_of_its_own),
        test(erspan_of_types_one_two_and_three),
        test(vxlan_on_both_of_its_ports),
        test(vlan_ids_outside_stand_before_those_inside),
        test(geneve_with_options_and_ip_or_ethernet_inside),
        test(gtpu_user_packets_with_extension_headers),
        test(gtpu_control_messages_and_lies_stay_outside),
        test(teredo_with_both_indications),
        test(a_port_alone_makes_no_tunnel),
        test(an_inner_length_that_does_not_fit_leaves_udp_as_it_is),
        test(offloaded_segments_in_vxlan_have_no_lengths),
        test(arp_in_vxlan_is_a_packet_of_the_tunnel),
        test(a_portless_packet_inside_does_not_inherit_the_ports_outside),
        test(a_watched_port_outside_keeps_the_tunnel_shut),
        test(answers_come_from_the_port_of_the_tunnel),
        test(four_tunnels_deep_is_read_and_the_fifth_is_not),
        test(guesses_within_guesses_cost_no_more_than_the_layers_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
