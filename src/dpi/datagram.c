/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/datagram.h"

#include "base/timestamp.h"

#include <string.h>

enum {
    IPV4_HEADER = 20,
    IPV6_HEADER = 40,
    TCP_HEADER = 20,
    UDP_HEADER = 8,
    IPV6_NEXT_FRAGMENT = 44,
};

/* RFC 791 §3.1: octets 6-7 are flags and the fragment offset in units of eight octets. */
static bool is_later_ipv4_fragment(struct cursor network)
{
    cursor_skip(&network, 6);
    return (cursor_be16(&network) & 0x1fff) != 0;
}

/* RFC 8200 §4.5: a later fragment has no transport header, so its chain ends at the fragment
 * header; the transport of a first fragment begins at or behind the header's end. */
static bool is_later_ipv6_fragment(struct cursor network, uint32_t transport_offset)
{
    cursor_skip(&network, 6);
    uint8_t next = cursor_u8(&network);
    cursor_skip(&network, IPV6_HEADER - 7);
    uint32_t at = IPV6_HEADER;
    while (at < transport_offset && next != IPV6_NEXT_FRAGMENT && cursor_ok(&network)) {
        next = cursor_u8(&network);
        uint32_t length = 8u * (cursor_u8(&network) + 1u);
        cursor_skip(&network, length - 2);
        at += length;
    }
    cursor_skip(&network, 2);
    return next == IPV6_NEXT_FRAGMENT && (cursor_be16(&network) & 0xfff8) != 0;
}

static bool is_later_fragment(const struct packet *packet)
{
    if (!(packet->marks & PACKET_FRAGMENT))
        return false;
    struct cursor network = cursor_over(packet->network);
    return packet->source.version == 4 ? is_later_ipv4_fragment(network)
                                       : is_later_ipv6_fragment(network, packet->transport_offset);
}

/* RFC 9293 §3.1. nDPI 4.2 follows a NULL pointer when the data offset leaves the packet. */
static bool tcp_header_is_true(struct cursor transport)
{
    size_t length = cursor_left(&transport);
    cursor_skip(&transport, 12);
    size_t header = (size_t)(cursor_u8(&transport) >> 4) * 4;
    return cursor_ok(&transport) && header >= TCP_HEADER && header <= length;
}

/* RFC 768; zero is allowed in jumbograms (RFC 2675) and written by segmentation offload. */
static bool udp_header_is_true(struct cursor transport)
{
    cursor_skip(&transport, 4);
    uint16_t length = cursor_be16(&transport);
    return cursor_skip(&transport, 2) && (length == 0 || length >= UDP_HEADER);
}

/* Extension headers that the decoder did not pass; nDPI would walk them by itself. */
static bool is_ipv6_extension(uint8_t protocol)
{
    static const uint8_t extensions[] = {0, 43, IPV6_NEXT_FRAGMENT, 60, 135, 139, 140};
    return memchr(extensions, protocol, sizeof extensions) != NULL;
}

static bool transport_is_true(const struct packet *packet, struct cursor transport)
{
    if (packet->protocol == TRANSPORT_TCP)
        return tcp_header_is_true(transport);
    if (packet->protocol == TRANSPORT_UDP)
        return udp_header_is_true(transport);
    return packet->source.version == 4 || !is_ipv6_extension(packet->protocol);
}

/* What the datagram held: a first fragment's UDP header speaks for all fragments. */
static size_t wire_length_of(const struct packet *packet, struct cursor transport)
{
    size_t length = packet->payload_length;
    if (packet->protocol == TRANSPORT_UDP) {
        cursor_skip(&transport, 4);
        uint16_t udp_length = cursor_be16(&transport);
        if (udp_length >= UDP_HEADER && udp_length - (size_t)UDP_HEADER > length)
            length = udp_length - (size_t)UDP_HEADER;
    }
    return length > packet->payload.length ? length : packet->payload.length;
}

bool datagram_fields_of(const struct packet *packet, enum flow_direction direction,
                        struct datagram_fields *out)
{
    struct cursor network = cursor_over(packet->network);
    if (packet->source.version != packet->destination.version ||
        !cursor_skip(&network, packet->transport_offset) || is_later_fragment(packet) ||
        !transport_is_true(packet, network))
        return false;
    bool has_header = packet->protocol == TRANSPORT_TCP || packet->protocol == TRANSPORT_UDP;
    *out = (struct datagram_fields){
        .time_ns = packet->time_ns,
        .source = {.address = packet->source, .port = packet->source_port},
        .destination = {.address = packet->destination, .port = packet->destination_port},
        .direction = direction,
        .protocol = packet->protocol,
        .ttl = packet->ttl,
        .tcp_flags = packet->tcp_flags,
        .tcp_sequence = packet->tcp_sequence,
        .tcp_acknowledgement = packet->tcp_acknowledgement,
        .tcp_window = packet->tcp_window,
        .payload = has_header ? packet->payload : cursor_rest(&network),
        .wire_length = has_header ? wire_length_of(packet, network) : cursor_left(&network),
    };
    return true;
}

/* Walks behind what has been written; the caller has made sure that it fits. */
struct writer {
    uint8_t *at;
};

static void put_bytes(struct writer *writer, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(writer->at, bytes, length);
    writer->at += length;
}

static void put_u8(struct writer *writer, unsigned value)
{
    *writer->at++ = (uint8_t)value;
}

static void put_be16(struct writer *writer, size_t value)
{
    put_u8(writer, (unsigned)(value >> 8));
    put_u8(writer, (unsigned)value);
}

static void put_be32(struct writer *writer, uint32_t value)
{
    put_be16(writer, value >> 16);
    put_be16(writer, value & 0xffff);
}

/* Checksums stay zero: nDPI does not look at them. */
static void put_ipv4(struct writer *writer, const struct datagram_fields *fields, size_t length)
{
    put_u8(writer, 0x45);
    put_u8(writer, 0);
    put_be16(writer, IPV4_HEADER + length);
    put_be32(writer, 0);
    put_u8(writer, fields->ttl);
    put_u8(writer, fields->protocol);
    put_be16(writer, 0);
    put_bytes(writer, fields->source.address.bytes, 4);
    put_bytes(writer, fields->destination.address.bytes, 4);
}

static void put_ipv6(struct writer *writer, const struct datagram_fields *fields, size_t length)
{
    put_be32(writer, UINT32_C(0x60000000));
    put_be16(writer, length);
    put_u8(writer, fields->protocol);
    put_u8(writer, fields->ttl);
    put_bytes(writer, fields->source.address.bytes, 16);
    put_bytes(writer, fields->destination.address.bytes, 16);
}

static void put_tcp(struct writer *writer, const struct datagram_fields *fields)
{
    put_be16(writer, fields->source.port);
    put_be16(writer, fields->destination.port);
    put_be32(writer, fields->tcp_sequence);
    put_be32(writer, fields->tcp_acknowledgement);
    put_u8(writer, TCP_HEADER / 4 << 4);
    put_u8(writer, fields->tcp_flags);
    put_be16(writer, fields->tcp_window);
    put_be32(writer, 0);
}

static void put_udp(struct writer *writer, const struct datagram_fields *fields, size_t length)
{
    put_be16(writer, fields->source.port);
    put_be16(writer, fields->destination.port);
    put_be16(writer, length);
    put_be16(writer, 0);
}

static size_t transport_header(uint8_t protocol)
{
    return protocol == TRANSPORT_TCP ? TCP_HEADER : protocol == TRANSPORT_UDP ? UDP_HEADER : 0;
}

void datagram_write(const struct datagram_fields *fields, struct datagram *out)
{
    bool is_ipv4 = fields->source.address.version == 4;
    size_t headers = (is_ipv4 ? IPV4_HEADER : IPV6_HEADER) + transport_header(fields->protocol);
    size_t room = DATAGRAM_MAX - headers;
    size_t there = fields->payload.length < room ? fields->payload.length : room;
    size_t shown = fields->is_gap_filled ? fields->wire_length : there;
    size_t payload = shown < room ? shown : room;
    size_t ip_payload = transport_header(fields->protocol) + payload;

    struct writer writer = {out->bytes};
    if (is_ipv4)
        put_ipv4(&writer, fields, ip_payload);
    else
        put_ipv6(&writer, fields, ip_payload);
    if (fields->protocol == TRANSPORT_TCP)
        put_tcp(&writer, fields);
    else if (fields->protocol == TRANSPORT_UDP)
        put_udp(&writer, fields, ip_payload);
    put_bytes(&writer, fields->payload.at, there);
    memset(writer.at, 0, payload - there + DATAGRAM_PAD);

    out->length = (uint16_t)(headers + payload);
    out->payload_offset = (uint16_t)headers;
    out->is_cut = there < fields->wire_length;
    out->time_ms = fields->time_ns / NS_PER_MS;
    out->direction = fields->direction;
}
