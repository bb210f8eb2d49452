/* SPDX-License-Identifier: Apache-2.0
 *
 * The protocols above IP: those with ports, those that carry another packet, all others.
 */
#include "decode/layers.h"

enum { TCP_HEADER = 20, UDP_HEADER = 8, SCTP_HEADER = 12, DCCP_HEADER = 12 };

static enum decode_result finish(struct walk *walk)
{
    walk->packet->payload = cursor_rest(&walk->bytes);
    walk->packet->payload_length = walk_left(walk);
    return DECODE_OK;
}

static enum decode_result finish_empty(struct walk *walk)
{
    walk_advance(walk, walk_left(walk));
    return finish(walk);
}

void walk_tell_fragments(struct walk *walk)
{
    const struct packet *packet = walk->packet;
    struct fragment *fragment = walk->fragment;
    if (!fragment)
        return;
    fragment->has_first = true;
    fragment->protocol = packet->protocol;
    fragment->has_ports = packet->has_ports;
    fragment->source_port = packet->source_port;
    fragment->destination_port = packet->destination_port;
}

/* The transport begins here. */
static void begin_transport(struct walk *walk, uint8_t protocol)
{
    walk->packet->protocol = protocol;
    walk->packet->transport_offset = (uint32_t)(walk->bytes.at - walk->packet->network.at);
}

enum decode_result walk_portless(struct walk *walk, uint8_t protocol)
{
    begin_transport(walk, protocol);
    walk_tell_fragments(walk);
    return finish(walk);
}

enum decode_result walk_too_short(struct walk *walk, uint8_t protocol)
{
    if (!walk->fragment || walk->missing > 0)
        return DECODE_MALFORMED;
    walk_mark(walk, PACKET_TINY_FRAGMENT);
    walk->packet->is_headless = true;
    return walk_portless(walk, protocol);
}

/* A second beginning laid over the first, with other ports, is an evasion (RFC 5722): it stays with
 * the datagram that it is laid over, where its mark is seen. */
static void keep_first_ports(const struct walk *walk)
{
    struct packet *packet = walk->packet;
    const struct fragment *first = walk->fragment;
    if (!first || !first->has_ports || !(packet->marks & PACKET_FRAGMENT_OVERLAP))
        return;
    packet->source_port = first->source_port;
    packet->destination_port = first->destination_port;
}

/* Every transport of ours begins with source and destination port. */
static bool read_ports(struct walk *walk)
{
    struct packet *packet = walk->packet;
    if (cursor_left(&walk->bytes) < 4)
        return false;
    packet->source_port = cursor_be16(&walk->bytes);
    packet->destination_port = cursor_be16(&walk->bytes);
    packet->has_ports = true;
    keep_first_ports(walk);
    walk_tell_fragments(walk);
    return true;
}

/* The ports are there, the rest of the header is not: cut by the snaplen, by a tiny fragment, or
 * (then `lie` is marked) by whoever made it. */
static enum decode_result finish_cut_header(struct walk *walk, enum packet_mark lie)
{
    if (walk->missing == 0)
        walk_mark(walk, walk->fragment ? PACKET_TINY_FRAGMENT : lie);
    walk->packet->is_headless = true;
    return finish_empty(walk);
}

/* RFC 9293 §3.1. `segment` is the length from the header on. A data offset that points outside it
 * would make everything behind it a guess: such a segment has no payload. */
static enum decode_result finish_tcp(struct walk *walk, uint32_t segment, uint32_t header)
{
    if (header < TCP_HEADER || header > segment) {
        bool is_tiny = header > segment && walk->fragment;
        walk_mark(walk, is_tiny ? PACKET_TINY_FRAGMENT : PACKET_BAD_TCP_HEADER);
        return finish_empty(walk);
    }
    walk_advance(walk, header - TCP_HEADER);
    return finish(walk);
}

static enum decode_result walk_tcp(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    struct packet *packet = walk->packet;
    uint32_t segment = walk_left(walk);
    if (!read_ports(walk))
        return walk_too_short(walk, TRANSPORT_TCP);
    if (cursor_left(bytes) < TCP_HEADER - 4)
        return finish_cut_header(walk, PACKET_BAD_TCP_HEADER);
    packet->tcp_sequence = cursor_be32(bytes);
    packet->tcp_acknowledgement = cursor_be32(bytes);
    uint32_t header = (uint32_t)(cursor_u8(bytes) >> 4) * 4;
    packet->tcp_flags = cursor_u8(bytes);
    packet->tcp_window = cursor_be16(bytes);
    cursor_skip(bytes, 4); /* checksum, urgent pointer */
    return finish_tcp(walk, segment, header);
}

/* RFC 768. A length of 0 goes with an IP length of 0 (RFC 2675 §4, offload). In a first fragment it
 * is the length of the whole datagram. */
static void narrow_to_datagram(struct walk *walk, uint16_t length)
{
    if (length >= UDP_HEADER && length - UDP_HEADER <= (int64_t)walk_left(walk)) {
        walk_trim(walk, length - UDP_HEADER);
        return;
    }
    bool is_zero_allowed = walk->packet->marks & PACKET_LENGTH_ZERO;
    bool is_right = length == 0 ? is_zero_allowed : length >= UDP_HEADER && walk->fragment;
    if (!is_right)
        walk_mark(walk, PACKET_BAD_LENGTH);
}

static enum decode_result walk_udp(struct walk *walk)
{
    if (!read_ports(walk))
        return walk_too_short(walk, TRANSPORT_UDP);
    if (cursor_left(&walk->bytes) < UDP_HEADER - 4)
        return finish_cut_header(walk, PACKET_BAD_LENGTH);
    uint16_t length = cursor_be16(&walk->bytes);
    cursor_skip(&walk->bytes, 2); /* checksum */
    narrow_to_datagram(walk, length);
    uint32_t payload = length > UDP_HEADER ? length - (uint32_t)UDP_HEADER : 0;
    return walk_udp_tunnel(walk, payload) ? DECODE_OK : finish(walk);
}

/* RFC 9260 §3.1: ports, verification tag, checksum; the payload is the chunks. */
static enum decode_result walk_sctp(struct walk *walk)
{
    if (!read_ports(walk))
        return walk_too_short(walk, TRANSPORT_SCTP);
    if (!cursor_skip(&walk->bytes, SCTP_HEADER - 4))
        return finish_cut_header(walk, PACKET_BAD_LENGTH);
    return finish(walk);
}

/* RFC 4340 §5.1: ports, then where the data begins, in 32-bit words. */
static enum decode_result walk_dccp(struct walk *walk)
{
    uint32_t packet_length = walk_left(walk);
    if (!read_ports(walk))
        return walk_too_short(walk, TRANSPORT_DCCP);
    if (cursor_left(&walk->bytes) < DCCP_HEADER - 4)
        return finish_cut_header(walk, PACKET_BAD_LENGTH);
    uint32_t header = cursor_u8(&walk->bytes) * 4u;
    if (header < DCCP_HEADER || header > packet_length) {
        walk_mark(walk, PACKET_BAD_LENGTH);
        return finish_empty(walk);
    }
    walk_advance(walk, header - 5);
    return finish(walk);
}

/* RFC 4302 in IPv4; in IPv6 it is one of the extension headers. */
static enum decode_result walk_authenticated(struct walk *walk)
{
    uint8_t next;
    if (!walk_authentication(walk, &next))
        return walk_too_short(walk, IP_AUTHENTICATION);
    return walk_protocol(walk, next);
}

static const struct {
    uint8_t protocol;
    walk_layer *walk;
} protocols[] = {
    {TRANSPORT_TCP, walk_tcp},
    {TRANSPORT_UDP, walk_udp},
    {TRANSPORT_DCCP, walk_dccp},
    {TRANSPORT_SCTP, walk_sctp},
    {IP_AUTHENTICATION, walk_authenticated},
};

enum decode_result walk_protocol(struct walk *walk, uint8_t protocol)
{
    if (!walk_deeper(walk)) {
        walk->packet->is_headless = true;
        return walk_portless(walk, protocol);
    }
    begin_transport(walk, protocol);
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        if (protocols[i].protocol == protocol)
            return protocols[i].walk(walk);
    }
    return walk_ip_tunnel(walk, protocol) ? DECODE_OK : walk_portless(walk, protocol);
}
