/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

#include "base/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct end {
    struct address address;
    uint16_t port;
};

static void fail(const char *what, const char *word)
{
    fprintf(stderr, "frames: %s: %s\n", what, word);
    abort();
}

/* "192.0.2.1:80", "[2001:db8::1]:80"; a bare address has port 0. */
static struct end end_of(const char *word)
{
    struct end end = {0};
    if (address_parse(word, &end.address))
        return end;
    char address[ADDRESS_TEXT_SIZE];
    const char *colon = strrchr(word, ':');
    bool has_brackets = word[0] == '[';
    if (!colon)
        fail("not an endpoint", word);
    snprintf(address, sizeof address, "%.*s", (int)(colon - word) - 2 * has_brackets,
             word + has_brackets);
    if (!address_parse(address, &end.address))
        fail("not an endpoint", word);
    end.port = (uint16_t)strtoul(colon + 1, NULL, 10);
    return end;
}

void builder_begin(struct builder *builder)
{
    builder->start = BUILDER_SIZE;
}

size_t builder_length(const struct builder *builder)
{
    return BUILDER_SIZE - builder->start;
}

struct frame builder_frame(const struct builder *builder, uint16_t link_type)
{
    size_t length = builder_length(builder);
    return (struct frame){
        .bytes = {builder->bytes + builder->start, length},
        .wire_length = (uint32_t)length,
        .link_type = link_type,
    };
}

/* Room for `length` zero bytes in front. */
static uint8_t *grow(struct builder *builder, size_t length)
{
    if (length > builder->start)
        fail("the frame is too long", "");
    builder->start -= length;
    return memset(builder->bytes + builder->start, 0, length);
}

void put_bytes(struct builder *builder, const void *bytes, size_t length)
{
    uint8_t *room = grow(builder, length);
    if (length > 0)
        memcpy(room, bytes, length);
}

void put_text(struct builder *builder, const char *text)
{
    put_bytes(builder, text, strlen(text));
}

void put_zeros(struct builder *builder, size_t length)
{
    grow(builder, length);
}

void put_u8(struct builder *builder, unsigned value)
{
    *grow(builder, 1) = (uint8_t)value;
}

void put_be16(struct builder *builder, unsigned value)
{
    put_u8(builder, value & 0xff);
    put_u8(builder, value >> 8);
}

void put_be32(struct builder *builder, uint32_t value)
{
    put_be16(builder, value & 0xffff);
    put_be16(builder, value >> 16);
}

void put_le16(struct builder *builder, unsigned value)
{
    put_u8(builder, value >> 8);
    put_u8(builder, value & 0xff);
}

void put_le32(struct builder *builder, uint32_t value)
{
    put_le16(builder, value >> 16);
    put_le16(builder, value & 0xffff);
}

static void put_ports(struct builder *builder, const char *from, const char *to)
{
    put_be16(builder, end_of(to).port);
    put_be16(builder, end_of(from).port);
}

void put_tcp(struct builder *builder, const char *from, const char *to, uint8_t flags)
{
    put_be32(builder, 0);    /* checksum, urgent pointer */
    put_be16(builder, 1024); /* window */
    put_u8(builder, flags);
    put_u8(builder, 5u << 4);  /* data offset */
    put_be32(builder, 0x2000); /* acknowledgement */
    put_be32(builder, 0x1000); /* sequence */
    put_ports(builder, from, to);
}

void put_udp(struct builder *builder, const char *from, const char *to)
{
    size_t length = builder_length(builder) + 8;
    put_be16(builder, 0); /* no checksum */
    put_be16(builder, (unsigned)length);
    put_ports(builder, from, to);
}

void put_sctp(struct builder *builder, const char *from, const char *to)
{
    put_zeros(builder, 4); /* checksum */
    put_be32(builder, 7);  /* verification tag */
    put_ports(builder, from, to);
}

void put_dccp(struct builder *builder, const char *from, const char *to)
{
    put_zeros(builder, 7);
    put_u8(builder, 3); /* data offset in words */
    put_ports(builder, from, to);
}

static unsigned checksum(const uint8_t *header, size_t length)
{
    unsigned sum = 0;
    for (size_t i = 0; i < length; i += 2)
        sum += (unsigned)header[i] << 8 | header[i + 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

void put_ip4_fragment(struct builder *builder, const char *from, const char *to, uint8_t protocol,
                      struct piece piece)
{
    size_t total = builder_length(builder) + 20;
    put_bytes(builder, end_of(to).address.bytes, 4);
    put_bytes(builder, end_of(from).address.bytes, 4);
    put_be16(builder, 0); /* checksum, below */
    put_u8(builder, protocol);
    put_u8(builder, 64); /* TTL */
    put_be16(builder, (piece.has_more ? 0x2000u : 0) | piece.offset / 8u);
    put_be16(builder, piece.id);
    put_be16(builder, (unsigned)total);
    put_be16(builder, 0x4500);
    uint8_t *header = builder->bytes + builder->start;
    unsigned sum = checksum(header, 20);
    header[10] = (uint8_t)(sum >> 8);
    header[11] = (uint8_t)sum;
}

static void put_ip6(struct builder *builder, const char *from, const char *to, uint8_t next)
{
    size_t length = builder_length(builder);
    put_bytes(builder, end_of(to).address.bytes, 16);
    put_bytes(builder, end_of(from).address.bytes, 16);
    put_u8(builder, 64); /* hop limit */
    put_u8(builder, next);
    put_be16(builder, (unsigned)length);
    put_be32(builder, 0x60000000);
}

void put_ip(struct builder *builder, const char *from, const char *to, uint8_t protocol)
{
    if (end_of(from).address.version == 4)
        put_ip4_fragment(builder, from, to, protocol, (struct piece){0});
    else
        put_ip6(builder, from, to, protocol);
}

void put_ip6_fragment(struct builder *builder, uint8_t next, struct piece piece)
{
    put_be32(builder, piece.id);
    put_be16(builder, piece.offset | (unsigned)piece.has_more);
    put_be16(builder, (unsigned)next << 8);
}

void put_vlan(struct builder *builder, uint16_t id, uint16_t ethertype)
{
    put_be16(builder, ethertype);
    put_be16(builder, id);
}

void put_ethernet(struct builder *builder, uint16_t ethertype)
{
    static const uint8_t addresses[12] = {0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1};
    put_be16(builder, ethertype);
    put_bytes(builder, addresses, sizeof addresses);
}

static struct frame finish(struct builder *builder, const char *from, const char *to,
                           uint8_t protocol)
{
    put_ip(builder, from, to, protocol);
    put_ethernet(builder, end_of(from).address.version == 4 ? 0x0800 : 0x86dd);
    return builder_frame(builder, 1);
}

struct frame tcp_frame(struct builder *builder, const char *from, const char *to, uint8_t flags,
                       const char *payload)
{
    builder_begin(builder);
    put_text(builder, payload);
    put_tcp(builder, from, to, flags);
    return finish(builder, from, to, TRANSPORT_TCP);
}

struct frame udp_frame(struct builder *builder, const char *from, const char *to,
                       const char *payload)
{
    builder_begin(builder);
    put_text(builder, payload);
    put_udp(builder, from, to);
    return finish(builder, from, to, TRANSPORT_UDP);
}
