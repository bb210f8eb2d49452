/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "unit.h"

#define A4 "192.0.2.1:1000"
#define B4 "192.0.2.2:154"
#define A6 "[2001:db8::1]:1000"
#define B6 "[2001:db8::2]:154"
#define WORDS4 "192.0.2.1:1000 > 192.0.2.2:154 "
#define WORDS6 "2001:db8::1:1000 > 2001:db8::2:154 "

enum { RAW = 101 };

/* Where the headers lie in a bare IPv4 packet of the builder. */
static uint8_t *ip4(struct decoding *d, size_t offset)
{
    return d->builder.bytes + d->builder.start + offset;
}

static uint8_t *transport4(struct decoding *d, size_t offset)
{
    return ip4(d, 20 + offset);
}

static struct builder *begin_tcp(struct decoding *d)
{
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_tcp(&d->builder, A4, B4, TCP_ACK);
    put_ip(&d->builder, A4, B4, TRANSPORT_TCP);
    return &d->builder;
}

static struct builder *begin_udp(struct decoding *d)
{
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_udp(&d->builder, A4, B4);
    put_ip(&d->builder, A4, B4, TRANSPORT_UDP);
    return &d->builder;
}

static void check_packet(struct decoding *d, const char *words, uint32_t marks, uint32_t payload)
{
    struct frame frame = builder_frame(&d->builder, RAW);
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_packet(d, words);
    assert_int_equal(d->packet.marks, marks);
    assert_int_equal(d->packet.payload.length, payload);
    assert_int_equal(d->packet.payload_length, payload);
    check_every_cut(d, &frame);
}

static void tcp_options_are_not_payload(void **state)
{
    struct decoding *d = *state;
    begin_tcp(d);
    *transport4(d, 12) = 6 << 4;
    check_packet(d, WORDS4 "6", 0, 1);
    *transport4(d, 12) = 5 << 4 | 1; /* reserved bits are no length */
    check_packet(d, WORDS4 "6", 0, 5);
}

static void a_data_offset_that_cannot_be_leaves_no_payload(void **state)
{
    struct decoding *d = *state;
    static const uint8_t offsets[] = {0, 1, 4, 7, 15};
    for (size_t i = 0; i < sizeof offsets; i++) {
        begin_tcp(d);
        *transport4(d, 12) = (uint8_t)(offsets[i] << 4);
        check_packet(d, WORDS4 "6", PACKET_BAD_TCP_HEADER, 0);
        assert_int_equal(d->packet.tcp_flags, TCP_ACK);
    }
}

static void tcp_options_behind_the_snaplen_do_not_make_the_header_bad(void **state)
{
    struct decoding *d = *state;
    begin_tcp(d);
    *transport4(d, 12) = 6 << 4;
    struct frame frame = builder_frame(&d->builder, RAW);
    frame.bytes.length = 40;
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_int_equal(d->packet.marks, PACKET_TRUNCATED);
    assert_int_equal(d->packet.payload.length, 0);
    assert_int_equal(d->packet.payload_length, 1);
}

static void four_bytes_of_a_cut_transport_are_enough_and_three_are_not(void **state)
{
    struct decoding *d = *state;
    begin_tcp(d);
    struct frame frame = builder_frame(&d->builder, RAW);
    frame.bytes.length = 24;
    assert_int_equal(decode(d, &frame), DECODE_OK);
    assert_packet(d, WORDS4 "6");
    assert_int_equal(d->packet.marks, PACKET_TRUNCATED);
    assert_int_equal(d->packet.tcp_flags, 0);
    assert_int_equal(d->packet.payload_length, 0);
    frame.bytes.length = 23;
    assert_int_equal(decode(d, &frame), DECODE_MALFORMED);
}

static void a_packet_that_claims_less_than_its_ports_is_malformed(void **state)
{
    struct decoding *d = *state;
    begin_tcp(d);
    *ip4(d, 3) = 23;
    assert_int_equal(decode_built(d, RAW), DECODE_MALFORMED);
    *ip4(d, 3) = 24;
    check_packet(d, WORDS4 "6", PACKET_BAD_TCP_HEADER, 0);
    begin_udp(d);
    *ip4(d, 3) = 27;
    check_packet(d, WORDS4 "17", PACKET_BAD_LENGTH, 0);
}

static void a_udp_length_that_cannot_be_gives_way_to_ip(void **state)
{
    struct decoding *d = *state;
    static const uint8_t lengths[] = {0, 1, 7, 14, 255};
    for (size_t i = 0; i < sizeof lengths; i++) {
        begin_udp(d);
        *transport4(d, 5) = lengths[i];
        check_packet(d, WORDS4 "17", PACKET_BAD_LENGTH, 5);
    }
    begin_udp(d);
    *transport4(d, 5) = 10; /* shorter than IP: what is behind is not UDP's */
    check_packet(d, WORDS4 "17", 0, 2);
    *transport4(d, 5) = 8;
    check_packet(d, WORDS4 "17", 0, 0);
}

static void a_dccp_offset_that_cannot_be_leaves_no_payload(void **state)
{
    struct decoding *d = *state;
    static const uint8_t offsets[] = {0, 2, 5, 255};
    for (size_t i = 0; i < sizeof offsets; i++) {
        builder_begin(&d->builder);
        put_text(&d->builder, "hello");
        put_dccp(&d->builder, A4, B4);
        put_ip(&d->builder, A4, B4, TRANSPORT_DCCP);
        *transport4(d, 4) = offsets[i];
        check_packet(d, WORDS4 "33", PACKET_BAD_LENGTH, 0);
    }
}

static void sctp_is_cut_like_the_others(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_sctp(&d->builder, A4, B4);
    put_ip(&d->builder, A4, B4, TRANSPORT_SCTP);
    check_packet(d, WORDS4 "132", 0, 5);
    *ip4(d, 3) = 31;
    check_packet(d, WORDS4 "132", PACKET_BAD_LENGTH, 0);
    *ip4(d, 3) = 23;
    assert_int_equal(decode_built(d, RAW), DECODE_MALFORMED);
}

static void ip_options_are_skipped(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_udp(&d->builder, A4, B4);
    put_be32(&d->builder, 0x01010100);
    put_ip(&d->builder, A4, B4, TRANSPORT_UDP);
    *ip4(d, 0) = 0x46;
    check_packet(d, WORDS4 "17", 0, 5);
    assert_int_equal(d->packet.transport_offset, 24);
}

static void ip_headers_that_cannot_be_are_malformed(void **state)
{
    struct decoding *d = *state;
    static const uint8_t first[] = {0x05, 0x35, 0x55, 0x65, 0x40, 0x44};
    for (size_t i = 0; i < sizeof first; i++) {
        begin_udp(d);
        *ip4(d, 0) = first[i];
        assert_int_equal(decode_built(d, 228), DECODE_MALFORMED);
    }
    begin_udp(d);
    *ip4(d, 0) = 0x4f; /* header longer than the packet */
    assert_int_equal(decode_built(d, 228), DECODE_MALFORMED);
    begin_udp(d);
    *ip4(d, 3) = 19; /* packet shorter than the header */
    assert_int_equal(decode_built(d, 228), DECODE_MALFORMED);
}

static void an_ip_length_beyond_the_frame_is_marked_and_bounded(void **state)
{
    struct decoding *d = *state;
    begin_tcp(d);
    *ip4(d, 2) = 0xff;
    assert_int_equal(decode_built(d, RAW), DECODE_OK);
    assert_int_equal(d->packet.marks, PACKET_BAD_LENGTH | PACKET_TRUNCATED);
    assert_int_equal(d->packet.payload_length, 5);
    assert_int_equal(d->packet.ip_length, 0xff2d);
}

static void an_ip_length_of_zero_is_the_whole_frame(void **state)
{
    struct decoding *d = *state;
    begin_tcp(d);
    *ip4(d, 3) = 0;
    check_packet(d, WORDS4 "6", PACKET_LENGTH_ZERO, 5);
    assert_int_equal(d->packet.ip_length, 45);

    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_udp(&d->builder, A6, B6);
    d->builder.bytes[d->builder.start + 5] = 0; /* UDP length of a jumbogram */
    put_ip(&d->builder, A6, B6, TRANSPORT_UDP);
    *ip4(d, 5) = 0;
    check_packet(d, WORDS6 "17", PACKET_LENGTH_ZERO, 5);
    assert_int_equal(d->packet.ip_length, 53);
}

static void an_ipv6_packet_without_next_header_may_be_empty(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_ip(&d->builder, A6, B6, 59);
    check_packet(d, "2001:db8::1:0 > 2001:db8::2:0 59", 0, 0);
    assert_int_equal(d->packet.ip_length, 40);
}

static void put_extension(struct builder *b, uint8_t next, unsigned more_units)
{
    put_zeros(b, 6 + more_units * 8);
    put_u8(b, more_units);
    put_u8(b, next);
}

static void extension_headers_are_walked(void **state)
{
    struct decoding *d = *state;
    struct builder *b = &d->builder;
    builder_begin(b);
    put_text(b, "hello");
    put_udp(b, A6, B6);
    put_zeros(b, 22); /* authentication: length in words, two of them not counted */
    put_u8(b, 4);
    put_u8(b, TRANSPORT_UDP);
    put_extension(b, 51, 0);  /* shim */
    put_extension(b, 140, 0); /* host identity */
    put_extension(b, 139, 1); /* mobility */
    put_extension(b, 135, 0); /* destination options */
    put_extension(b, 60, 2);  /* routing */
    put_extension(b, 43, 0);  /* hop by hop */
    put_ip(b, A6, B6, 0);
    check_packet(d, WORDS6 "17", 0, 5);
}

static void too_many_extension_headers_end_as_a_packet_without_ports(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_udp(&d->builder, A6, B6);
    put_extension(&d->builder, TRANSPORT_UDP, 0);
    for (unsigned i = 0; i < 7; i++)
        put_extension(&d->builder, 60, 0);
    put_ip(&d->builder, A6, B6, 60);
    assert_int_equal(decode_built(d, RAW), DECODE_OK);
    assert_packet(d, WORDS6 "17");
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 0);

    builder_begin(&d->builder);
    put_udp(&d->builder, A6, B6);
    put_extension(&d->builder, TRANSPORT_UDP, 0);
    for (unsigned i = 0; i < 8; i++)
        put_extension(&d->builder, 60, 0);
    put_ip(&d->builder, A6, B6, 60);
    assert_int_equal(decode_built(d, RAW), DECODE_OK);
    assert_packet(d, "2001:db8::1:0 > 2001:db8::2:0 60");
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
}

static void an_extension_header_beyond_the_packet_is_malformed(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_zeros(&d->builder, 8);
    put_u8(&d->builder, 255);
    put_u8(&d->builder, TRANSPORT_UDP);
    put_ip(&d->builder, A6, B6, 60);
    assert_int_equal(decode_built(d, RAW), DECODE_MALFORMED);
}

static void what_is_authenticated_is_read_and_what_is_encrypted_is_not(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_text(&d->builder, "hello");
    put_udp(&d->builder, A4, B4);
    put_zeros(&d->builder, 22);
    put_u8(&d->builder, 4);
    put_u8(&d->builder, TRANSPORT_UDP);
    put_ip(&d->builder, A4, B4, 51);
    check_packet(d, WORDS4 "17", 0, 5);

    builder_begin(&d->builder);
    put_zeros(&d->builder, 40);
    put_ip(&d->builder, A4, B4, 50);
    check_packet(d, "192.0.2.1:0 > 192.0.2.2:0 50", 0, 40);
}

static void more_layers_than_are_walked_end_as_a_packet_without_ports(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_udp(&d->builder, A4, B4);
    put_zeros(&d->builder, 10);
    put_u8(&d->builder, 1);
    put_u8(&d->builder, TRANSPORT_UDP);
    for (unsigned i = 0; i < 20; i++) {
        put_zeros(&d->builder, 10);
        put_u8(&d->builder, 1);
        put_u8(&d->builder, 51);
    }
    put_ip(&d->builder, A4, B4, 51);
    assert_int_equal(decode_built(d, RAW), DECODE_OK);
    assert_packet(d, "192.0.2.1:0 > 192.0.2.2:0 51");
    assert_true(d->packet.is_headless);
    assert_int_equal(d->totals.limits_hit[LIMIT_LAYERS], 1);
}

#define test(name) cmocka_unit_test_setup_teardown(name, decoding_begin, decoding_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(tcp_options_are_not_payload),
        test(a_data_offset_that_cannot_be_leaves_no_payload),
        test(tcp_options_behind_the_snaplen_do_not_make_the_header_bad),
        test(four_bytes_of_a_cut_transport_are_enough_and_three_are_not),
        test(a_packet_that_claims_less_than_its_ports_is_malformed),
        test(a_udp_length_that_cannot_be_gives_way_to_ip),
        test(a_dccp_offset_that_cannot_be_leaves_no_payload),
        test(sctp_is_cut_like_the_others),
        test(ip_options_are_skipped),
        test(ip_headers_that_cannot_be_are_malformed),
        test(an_ip_length_beyond_the_frame_is_marked_and_bounded),
        test(an_ip_length_of_zero_is_the_whole_frame),
        test(an_ipv6_packet_without_next_header_may_be_empty),
        test(extension_headers_are_walked),
        test(too_many_extension_headers_end_as_a_packet_without_ports),
        test(an_extension_header_beyond_the_packet_is_malformed),
        test(what_is_authenticated_is_read_and_what_is_encrypted_is_not),
        test(more_layers_than_are_walked_end_as_a_packet_without_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
