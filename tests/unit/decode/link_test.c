/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "unit.h"

#include <string.h>

#define A4 "192.0.2.1:1000"
#define B4 "192.0.2.2:154"
#define A6 "[2001:db8::1]:1000"
#define B6 "[2001:db8::2]:154"

/* Begins with an IP packet; the test puts its link header in front. */
static struct builder *begin_packet(struct decoding *d, const char *from, const char *to)
{
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_udp(&d->builder, from, to);
    put_ip(&d->builder, from, to, TRANSPORT_UDP);
    return &d->builder;
}

static struct builder *begin_ip4(struct decoding *d)
{
    return begin_packet(d, A4, B4);
}

static struct builder *begin_ip6(struct decoding *d)
{
    return begin_packet(d, A6, B6);
}

static void check_link(struct decoding *d, uint16_t link_type, const char *words)
{
    struct frame frame = builder_frame(&d->builder, link_type);
    assert_true(decode_knows_link_type(link_type));
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_packet(d, words);
    assert_int_equal(d->packet.payload.length, 5);
    assert_int_equal(d->packet.marks, 0);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 0);
    check_every_cut(d, &frame);
}

static void is_ip4_on(struct decoding *d, uint16_t link_type)
{
    check_link(d, link_type, "192.0.2.1:1000 > 192.0.2.2:154 17");
}

static void is_ip6_on(struct decoding *d, uint16_t link_type)
{
    check_link(d, link_type, "2001:db8::1:1000 > 2001:db8::2:154 17");
}

static void bare_ip_goes_by_its_version(void **state)
{
    struct decoding *d = *state;
    static const uint16_t raw[] = {12, 14, 101};
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++) {
        begin_ip4(d);
        is_ip4_on(d, raw[i]);
        begin_ip6(d);
        is_ip6_on(d, raw[i]);
    }
    begin_ip4(d);
    is_ip4_on(d, 228);
    assert_int_equal(decode_built(d, 229), DECODE_MALFORMED);
    begin_ip6(d);
    is_ip6_on(d, 229);
    assert_int_equal(decode_built(d, 228), DECODE_MALFORMED);
}

static void loopback_families_are_known_in_both_byte_orders(void **state)
{
    struct decoding *d = *state;
    static const uint32_t ip6[] = {10, 23, 24, 28, 30};
    for (size_t i = 0; i < sizeof ip6 / sizeof ip6[0]; i++) {
        put_le32(begin_ip6(d), ip6[i]);
        is_ip6_on(d, 0);
        put_be32(begin_ip6(d), ip6[i]);
        is_ip6_on(d, 108);
    }
    put_be32(begin_ip4(d), 2);
    is_ip4_on(d, 0);
    put_le32(begin_ip4(d), 2);
    is_ip4_on(d, 0);
    put_le32(begin_ip4(d), 7);
    assert_int_equal(decode_built(d, 0), DECODE_NOT_IP);
}

static void llc_and_snap_frames_lead_to_ip(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_be16(b, 0x0800);
    put_bytes(b, "\xaa\xaa\x03\0\0\0", 6);
    put_ethernet(b, (uint16_t)builder_length(b));
    is_ip4_on(d, 1);

    b = begin_ip4(d);
    put_bytes(b, "\x06\x06\x03", 3);
    put_ethernet(b, (uint16_t)builder_length(b));
    is_ip4_on(d, 1);

    b = begin_ip4(d);
    put_bytes(b, "\x42\x42\x03", 3); /* spanning tree */
    put_ethernet(b, (uint16_t)builder_length(b));
    assert_int_equal(decode_built(d, 1), DECODE_NOT_IP);
}

static void put_label(struct builder *b, uint32_t label, bool is_bottom)
{
    put_be32(b, label << 12 | (uint32_t)is_bottom << 8 | 64);
}

static void mpls_labels_lead_to_ip_or_to_a_pseudowire(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip6(d);
    put_label(b, 2, true);
    put_label(b, 17, false);
    put_ethernet(b, 0x8847);
    is_ip6_on(d, 1);

    b = begin_ip4(d);
    put_ethernet(b, 0x0800);
    put_be32(b, 0); /* control word */
    put_label(b, 17, true);
    put_ethernet(b, 0x8847);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 17");

    b = begin_ip4(d);
    put_ethernet(b, 0x0800);
    put_label(b, 17, true);
    put_ethernet(b, 0x8848);
    assert_int_equal(decode_built(d, 1), DECODE_OK);
    assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 17");
}

static void a_label_stack_without_end_is_malformed_and_counted(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_label(b, 17, true);
    for (unsigned i = 0; i < 8; i++)
        put_label(b, 17, false);
    put_ethernet(b, 0x8847);
    assert_int_equal(decode_built(d, 1), DECODE_MALFORMED);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
}

static void put_pppoe(struct builder *b, unsigned code)
{
    put_be16(b, (unsigned)builder_length(b));
    put_be16(b, 0x0101); /* session */
    put_u8(b, code);
    put_u8(b, 0x11);
}

static void ppp_in_all_its_wrappers(void **state)
{
    struct decoding *d = *state;
    static const uint16_t plain[] = {9, 50};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        put_bytes(begin_ip4(d), "\xff\x03\x00\x21", 4);
        is_ip4_on(d, plain[i]);
        put_bytes(begin_ip6(d), "\x57", 1); /* everything compressed */
        is_ip6_on(d, plain[i]);
        put_bytes(begin_ip4(d), "\x0f\x00\x08\x00", 4); /* Cisco HDLC instead */
        is_ip4_on(d, plain[i]);
    }
    put_bytes(begin_ip4(d), "\x01\xff\x03\x00\x21", 5);
    is_ip4_on(d, 204);
    put_bytes(begin_ip4(d), "\x8f\x00\x08\x00", 4);
    is_ip4_on(d, 104);
    put_bytes(begin_ip4(d), "\xff\x03\xc0\x21", 4); /* link control */
    assert_int_equal(decode_built(d, 9), DECODE_NOT_IP);
}

static void pppoe_sessions_carry_ppp_and_discovery_does_not(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_bytes(b, "\x00\x21", 2);
    put_pppoe(b, 0);
    is_ip4_on(d, 51);
    put_ethernet(b, 0x8864);
    is_ip4_on(d, 1);

    b = begin_ip4(d);
    put_pppoe(b, 0x09);
    assert_int_equal(decode_built(d, 51), DECODE_NOT_IP);
    put_u8(b, 0x99);
    assert_int_equal(decode_built(d, 51), DECODE_MALFORMED);
}

static void frame_relay_in_its_two_encapsulations(void **state)
{
    struct decoding *d = *state;
    put_bytes(begin_ip4(d), "\x18\x41\x03\xcc", 4);
    is_ip4_on(d, 107);
    put_bytes(begin_ip6(d), "\x18\x40\x00\x01\x03\x8e", 6);
    is_ip6_on(d, 107);
    put_bytes(begin_ip4(d), "\x18\x41\x03\x00\x80\x00\x00\x00\x08\x00", 10);
    is_ip4_on(d, 107);
    put_bytes(begin_ip4(d), "\x18\x41\x08\x00", 4);
    is_ip4_on(d, 107);
    put_bytes(begin_ip4(d), "\x18\x40\x00\x00\x00", 5); /* an address without end */
    assert_int_equal(decode_built(d, 107), DECODE_MALFORMED);
}

static void cooked_linux_frames(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_be16(b, 0x0800);
    put_zeros(b, 8);
    put_bytes(b, "\x00\x04\x00\x01\x00\x06", 6);
    is_ip4_on(d, 113);

    b = begin_ip6(d);
    put_bytes(b, "\x00\x01\x04\x06", 4);
    put_zeros(b, 12);
    put_be32(b, 0x86dd0000);
    is_ip6_on(d, 276);
}

static void netlink_is_not_ip(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_bytes(&d->builder, "\xaa\xaa\x03\0\0\0\x08\0", 8);
    put_be16(&d->builder, 4); /* a netlink family, not LLC */
    put_zeros(&d->builder, 10);
    put_be32(&d->builder, 824);
    assert_int_equal(decode_built(d, 113), DECODE_NOT_IP);
}

static void put_snap(struct builder *b, uint16_t ethertype)
{
    put_be16(b, ethertype);
    put_bytes(b, "\xaa\xaa\x03\0\0\0", 6);
}

/* Frame control, then duration, three addresses, sequence control. */
static void put_wifi(struct builder *b, uint16_t control)
{
    put_zeros(b, 22);
    put_le16(b, control);
}

static void wireless_data_frames_of_every_kind(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_snap(b, 0x0800);
    put_wifi(b, 0x0208);
    is_ip4_on(d, 105);

    b = begin_ip6(d);
    put_snap(b, 0x86dd);
    put_zeros(b, 2); /* QoS */
    put_wifi(b, 0x0188);
    is_ip6_on(d, 105);

    b = begin_ip4(d);
    put_snap(b, 0x0800);
    put_zeros(b, 6 + 2 + 4); /* fourth address, QoS, HT control */
    put_wifi(b, 0x8388);
    is_ip4_on(d, 105);
}

static void wireless_frames_that_hide_or_hold_no_ip(void **state)
{
    struct decoding *d = *state;
    static const uint16_t controls[] = {0x4008, 0x0048, 0x0080, 0x00b4, 0x000b};
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++) {
        struct builder *b = begin_ip4(d);
        put_snap(b, 0x0800);
        put_wifi(b, controls[i]);
        assert_int_equal(decode_built(d, 105), DECODE_NOT_IP);
    }
    struct builder *b = begin_ip4(d);
    put_le16(b, 0x0011); /* the second fragment: no LLC header in it */
    put_zeros(b, 20);
    put_le16(b, 0x0008);
    assert_int_equal(decode_built(d, 105), DECODE_NOT_IP);
}

/* An aggregate of one packet, with so many bytes behind it. */
static void put_aggregate(struct decoding *d, size_t behind)
{
    struct builder *b = begin_ip4(d);
    put_snap(b, 0x0800);
    unsigned length = (unsigned)builder_length(b);
    uint8_t packet[256];
    memcpy(packet, b->bytes + b->start, length);
    builder_begin(b);
    put_zeros(b, behind);
    put_bytes(b, packet, length);
    put_be16(b, length);
    put_zeros(b, 12);
    put_le16(b, 0x0080);
    put_wifi(b, 0x0088);
}

static void the_first_packet_of_a_wireless_aggregate_is_read_and_others_are_counted(void **state)
{
    struct decoding *d = *state;
    for (unsigned others = 0; others < 2; others++) {
        put_aggregate(d, others ? 100 : 7); /* 7: padding and checksum */
        assert_int_equal(decode_built(d, 105), DECODE_OK);
        assert_packet(d, "192.0.2.1:1000 > 192.0.2.2:154 17");
        assert_int_equal(d->packet.payload.length, 5);
        assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], others);
    }
}

static void radiotap_says_whether_the_card_padded_the_header(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_snap(b, 0x0800);
    put_wifi(b, 0x0008);
    put_zeros(b, 5);
    put_le32(b, 0x00000004); /* rate only */
    put_le16(b, 13);
    put_le16(b, 0);
    is_ip4_on(d, 127);

    b = begin_ip4(d);
    put_snap(b, 0x0800);
    put_zeros(b, 2); /* padding */
    put_zeros(b, 2); /* QoS */
    put_wifi(b, 0x0088);
    put_u8(b, 0x20); /* flags: padded */
    put_zeros(b, 8); /* clock, aligned to 8 */
    put_zeros(b, 4);
    put_le32(b, 0);
    put_le32(b, 0x80000003);
    put_le16(b, 25);
    put_le16(b, 0);
    is_ip4_on(d, 127);
}

static void ppi_and_pktap_name_the_link_type_inside(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_ethernet(b, 0x0800);
    put_zeros(b, 4); /* fields */
    put_le32(b, 1);
    put_le16(b, 12);
    put_le16(b, 0);
    is_ip4_on(d, 192);

    static const uint16_t pktap[] = {258, 149};
    for (size_t i = 0; i < 2; i++) {
        b = begin_ip6(d);
        put_zeros(b, 96);
        put_le32(b, 12); /* RAW as BSDs number it */
        put_le32(b, 1);
        put_le32(b, 108);
        assert_int_equal(decode_built(d, pktap[i]), DECODE_OK);
        assert_packet(d, "2001:db8::1:1000 > 2001:db8::2:154 17");
    }
    put_zeros(begin_ip4(d), 12);
    assert_int_equal(decode_built(d, 149), DECODE_UNSUPPORTED_LINK);
}

static void link_headers_nested_in_themselves_end(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    for (unsigned i = 0; i < 40; i++) {
        put_le32(b, 192);
        put_le32(b, 8u << 16);
    }
    assert_int_equal(decode_built(d, 192), DECODE_MALFORMED);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
}

static void put_attribute(struct builder *b, unsigned type, unsigned length)
{
    put_le16(b, type);
    put_le16(b, length);
}

static void nflog_packets_are_found_among_the_attributes(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_attribute(b, 9, (unsigned)builder_length(b) + 4);
    put_bytes(b, "abc\0", 4); /* padded to 4 */
    put_attribute(b, 10, 7);
    put_be32(b, 0x02000000);
    is_ip4_on(d, 239);
}

static void an_nflog_attribute_shorter_than_itself_is_malformed(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_attribute(b, 10, 0);
    put_be32(b, 0x02000000);
    assert_int_equal(decode_built(d, 239), DECODE_MALFORMED);
}

static void tags_of_data_centre_fabrics_are_skipped(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_be16(b, 0x0800);
    put_bytes(b, "\x01\x01\x00\x01\x00\x63", 6);
    put_ethernet(b, 0x8909);
    is_ip4_on(d, 1);

    b = begin_ip4(d);
    put_be16(b, 0x0800);
    put_zeros(b, 4);
    put_ethernet(b, 0x8926);
    is_ip4_on(d, 1);

    b = begin_ip4(d);
    put_ethernet(b, 0x0800);
    put_zeros(b, 2);
    put_ethernet(b, 0x8903);
    is_ip4_on(d, 1);

    b = begin_ip6(d);
    put_ethernet(b, 0x86dd);
    put_zeros(b, 4);
    put_ethernet(b, 0x88e7);
    is_ip6_on(d, 1);
}

static void macsec_is_read_when_it_does_not_encrypt(void **state)
{
    struct decoding *d = *state;
    struct builder *b = begin_ip4(d);
    put_be16(b, 0x0800);
    put_zeros(b, 13);
    put_u8(b, 0x20);
    put_ethernet(b, 0x88e5);
    is_ip4_on(d, 1);

    b = begin_ip4(d);
    put_be16(b, 0x0800);
    put_zeros(b, 5);
    put_u8(b, 0x0c);
    put_ethernet(b, 0x88e5);
    assert_int_equal(decode_built(d, 1), DECODE_NOT_IP);
}

#define test(name) cmocka_unit_test_setup_teardown(name, decoding_begin, decoding_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(bare_ip_goes_by_its_version),
        test(loopback_families_are_known_in_both_byte_orders),
        test(llc_and_snap_frames_lead_to_ip),
        test(mpls_labels_lead_to_ip_or_to_a_pseudowire),
        test(a_label_stack_without_end_is_malformed_and_counted),
        test(ppp_in_all_its_wrappers),
        test(pppoe_sessions_carry_ppp_and_discovery_does_not),
        test(frame_relay_in_its_two_encapsulations),
        test(cooked_linux_frames),
        test(netlink_is_not_ip),
        test(wireless_data_frames_of_every_kind),
        test(wireless_frames_that_hide_or_hold_no_ip),
        test(the_first_packet_of_a_wireless_aggregate_is_read_and_others_are_counted),
        test(radiotap_says_whether_the_card_padded_the_header),
        test(ppi_and_pktap_name_the_link_type_inside),
        test(link_headers_nested_in_themselves_end),
        test(nflog_packets_are_found_among_the_attributes),
        test(an_nflog_attribute_shorter_than_itself_is_malformed),
        test(tags_of_data_centre_fabrics_are_skipped),
        test(macsec_is_read_when_it_does_not_encrypt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
