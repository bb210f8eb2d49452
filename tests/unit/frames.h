/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames for tests without hex. A frame is built from the inside out: each put_...() writes one
 * header in front of all that was put before, with lengths that are true.
 *
 *     struct builder b;
 *     struct frame frame = tcp_frame(&b, "192.0.2.1:1000", "192.0.2.2:80", TCP_SYN, "");
 *
 *     builder_begin(&b);
 *     put_text(&b, "payload");
 *     put_udp(&b, "[2001:db8::1]:53", "[2001:db8::2]:1000");
 *     put_ip(&b, "[2001:db8::1]:53", "[2001:db8::2]:1000", TRANSPORT_UDP);
 *     put_vlan(&b, 943, 0x86dd);
 *     put_ethernet(&b, 0x8100);
 *     struct frame tagged = builder_frame(&b, 1);
 */
#ifndef PORTSCOPE_TESTS_FRAMES_H
#define PORTSCOPE_TESTS_FRAMES_H

#include "model/frame.h"
#include "model/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BUILDER_SIZE = 65536 };

/* What was put so far is the end of `bytes`, from `start` on. */
struct builder {
    uint8_t bytes[BUILDER_SIZE];
    size_t start;
};

void builder_begin(struct builder *builder);

/* The frame so far, complete, at time 0; borrowed from the builder. */
struct frame builder_frame(const struct builder *builder, uint16_t link_type);
size_t builder_length(const struct builder *builder);

void put_bytes(struct builder *builder, const void *bytes, size_t length);
void put_text(struct builder *builder, const char *text);
void put_zeros(struct builder *builder, size_t length);
void put_u8(struct builder *builder, unsigned value);
void put_be16(struct builder *builder, unsigned value);
void put_be32(struct builder *builder, uint32_t value);
void put_le16(struct builder *builder, unsigned value);
void put_le32(struct builder *builder, uint32_t value);

/* Endpoints are "address:port" or "[address]:port"; transports use the ports, IP the addresses. */
void put_tcp(struct builder *builder, const char *from, const char *to, uint8_t flags);
void put_udp(struct builder *builder, const char *from, const char *to);
void put_sctp(struct builder *builder, const char *from, const char *to);
void put_dccp(struct builder *builder, const char *from, const char *to);

/* IPv4 or IPv6, as the addresses are. */
void put_ip(struct builder *builder, const char *from, const char *to, uint8_t protocol);

/* An IPv4 fragment; `offset` in bytes. */
struct piece {
    uint16_t id, offset;
    bool has_more;
};
void put_ip4_fragment(struct builder *builder, const char *from, const char *to, uint8_t protocol,
                      struct piece piece);

/* An IPv6 fragment header; goes behind put_ip(..., 44). */
void put_ip6_fragment(struct builder *builder, uint8_t next, struct piece piece);

/* Tag and the ethertype of what is behind it; goes behind a header with ethertype 0x8100. */
void put_vlan(struct builder *builder, uint16_t id, uint16_t ethertype);
void put_ethernet(struct builder *builder, uint16_t ethertype);

/* Whole Ethernet frames. */
struct frame tcp_frame(struct builder *builder, const char *from, const char *to, uint8_t flags,
                       const char *payload);
struct frame udp_frame(struct builder *builder, const char *from, const char *to,
                       const char *payload);

#endif
