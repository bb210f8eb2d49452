/* SPDX-License-Identifier: Apache-2.0
 *
 * That the watched-port test never lets go what it must keep is asked for every frame of every
 * test (promises.c). Here: that it does let go what it can, or it would be of no use.
 */
#include "decoding.h"

#include "unit.h"

#define A4 "192.0.2.1:1000"
#define B4 "192.0.2.2:80"
#define A6 "[2001:db8::1]:1000"
#define B6 "[2001:db8::2]:80"

static bool is_watched(const struct decoding *d, uint16_t link_type)
{
    struct frame frame = builder_frame(&d->builder, link_type);
    return decode_is_watched(&frame, &d->usual);
}

static void put_transport(struct builder *b, const char *from, const char *to, uint8_t protocol)
{
    builder_begin(b);
    put_zeros(b, 20);
    if (protocol == TRANSPORT_TCP)
        put_tcp(b, from, to, TCP_ACK);
    else if (protocol == TRANSPORT_UDP)
        put_udp(b, from, to);
    else if (protocol == TRANSPORT_SCTP)
        put_sctp(b, from, to);
    else if (protocol == TRANSPORT_DCCP)
        put_dccp(b, from, to);
    put_ip(b, from, to, protocol);
}

static const uint8_t transports[] = {TRANSPORT_TCP, TRANSPORT_UDP, TRANSPORT_SCTP, TRANSPORT_DCCP};

/* In front of an IP packet in the builder, each link header that the test sees through. */
static void put_link(struct builder *b, uint16_t link_type, uint16_t ethertype)
{
    if (link_type == 1)
        put_ethernet(b, ethertype);
    if (link_type == 113)
        put_be16(b, ethertype);
    if (link_type == 113)
        put_zeros(b, 14);
    if (link_type == 276)
        put_zeros(b, 18);
    if (link_type == 276)
        put_be16(b, ethertype);
}

static bool is_watched_on(struct decoding *d, uint16_t link_type, const char *const ends[2],
                          uint8_t protocol)
{
    bool is_ip6 = ends[0][0] == '[';
    put_transport(&d->builder, ends[0], ends[1], protocol);
    put_link(&d->builder, link_type, is_ip6 ? 0x86dd : 0x0800);
    return is_watched(d, link_type);
}

static void both_ports_of_all_transports_are_looked_at_on_all_plain_links(void **state)
{
    struct decoding *d = *state;
    static const uint16_t links[] = {1, 12, 14, 101, 113, 276};
    static const char *const other4[] = {A4, B4}, *const other6[] = {A6, B6};
    static const char *const to4[] = {A4, "192.0.2.2:154"};
    static const char *const from4[] = {"192.0.2.2:155", A4};
    static const char *const to6[] = {A6, "[2001:db8::2]:395"};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        for (size_t k = 0; k < sizeof transports; k++) {
            assert_false(is_watched_on(d, links[i], other4, transports[k]));
            assert_false(is_watched_on(d, links[i], other6, transports[k]));
            assert_true(is_watched_on(d, links[i], to4, transports[k]));
            assert_true(is_watched_on(d, links[i], from4, transports[k]));
            assert_true(is_watched_on(d, links[i], to6, transports[k]));
        }
    }
    assert_false(is_watched_on(d, 228, other4, TRANSPORT_TCP));
    assert_false(is_watched_on(d, 229, other6, TRANSPORT_UDP));
}

static void up_to_four_tags_are_seen_through(void **state)
{
    struct decoding *d = *state;
    for (unsigned tags = 0; tags <= 5; tags++) {
        put_transport(&d->builder, A4, B4, TRANSPORT_TCP);
        for (unsigned i = 0; i < tags; i++)
            put_vlan(&d->builder, 100, i == 0 ? 0x0800 : 0x8100);
        put_ethernet(&d->builder, tags == 0 ? 0x0800 : 0x88a8);
        assert_int_equal(is_watched(d, 1), tags == 5);
    }
}

static void ip_options_are_seen_through(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_tcp(&d->builder, A4, B4, TCP_ACK);
    put_zeros(&d->builder, 12);
    put_ip(&d->builder, A4, B4, TRANSPORT_TCP);
    d->builder.bytes[d->builder.start] = 0x48;
    put_ethernet(&d->builder, 0x0800);
    assert_false(is_watched(d, 1));
}

static void protocols_without_ports_are_let_go(void **state)
{
    struct decoding *d = *state;
    static const uint8_t protocols[] = {TRANSPORT_ICMP, TRANSPORT_ICMP6, 2, 50, 89, 112};
    for (size_t i = 0; i < sizeof protocols; i++) {
        put_transport(&d->builder, A4, B4, protocols[i]);
        assert_false(is_watched(d, 101));
    }
}

static void whatever_may_hold_another_packet_is_kept(void **state)
{
    struct decoding *d = *state;
    static const uint8_t protocols[] = {0, 4, 41, 43, 44, 47, 51, 60, 135, 139, 140};
    for (size_t i = 0; i < sizeof protocols; i++) {
        put_transport(&d->builder, A4, B4, protocols[i]);
        assert_true(is_watched(d, 101));
        put_transport(&d->builder, A6, B6, protocols[i]);
        assert_true(is_watched(d, 101));
    }
    put_transport(&d->builder, A4, "192.0.2.2:4789", TRANSPORT_UDP);
    assert_true(is_watched(d, 101));
    put_transport(&d->builder, "192.0.2.2:3544", A4, TRANSPORT_UDP);
    assert_true(is_watched(d, 101));
    put_transport(&d->builder, A4, "192.0.2.2:4789", TRANSPORT_TCP);
    assert_false(is_watched(d, 101));
}

static void fragments_are_kept(void **state)
{
    struct decoding *d = *state;
    builder_begin(&d->builder);
    put_zeros(&d->builder, 32);
    put_ip4_fragment(&d->builder, A4, B4, TRANSPORT_TCP, (struct piece){1, 8, false});
    put_ethernet(&d->builder, 0x0800);
    assert_true(is_watched(d, 1));
}

static void what_does_not_decode_is_kept_to_be_counted(void **state)
{
    struct decoding *d = *state;
    put_transport(&d->builder, A4, B4, TRANSPORT_TCP);
    assert_true(is_watched(d, 9999));
    assert_true(is_watched(d, 229));
    d->builder.bytes[d->builder.start] = 0x44;
    assert_true(is_watched(d, 101));
    builder_begin(&d->builder);
    put_zeros(&d->builder, 46);
    put_ethernet(&d->builder, 0x0806);
    assert_true(is_watched(d, 1));
}

#define test(name) cmocka_unit_test_setup_teardown(name, decoding_begin, decoding_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(both_ports_of_all_transports_are_looked_at_on_all_plain_links),
        test(up_to_four_tags_are_seen_through),
        test(ip_options_are_seen_through),
        test(protocols_without_ports_are_let_go),
        test(whatever_may_hold_another_packet_is_kept),
        test(fragments_are_kept),
        test(what_does_not_decode_is_kept_to_be_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
