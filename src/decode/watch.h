/* SPDX-License-Identifier: Apache-2.0
 *
 * The cheap test that lets uninteresting frames go after a few loads. Exact for plain and tagged
 * IPv4 and IPv6 with TCP, UDP, SCTP or DCCP; "maybe" for whatever it does not fully understand
 * (tunnels, fragments, extension headers, other link types): those are decoded.
 */
#ifndef PORTSCOPE_DECODE_WATCH_H
#define PORTSCOPE_DECODE_WATCH_H

#include "model/frame.h"
#include "model/rulebook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The test for every frame but the commonest kind; ask decode_is_watched(). */
bool decode_is_watched_uncommon(const struct frame *frame, const struct port_set *watched);

/* UDP ports on which a tunnel may be. */
extern const struct port_set decode_tunnel_ports;

static inline uint32_t watch_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint16_t watch_be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* False only when the frame certainly carries no packet with a watched port. A frame that would
 * not decode (malformed, not IP, unsupported link) is "maybe", so that it is counted as such;
 * an IP packet without ports (ICMP, ...) that can hold no tunnel is "no".
 *
 * This is the hottest function of the program. One comparison of the length covers all loads of
 * the straight line below: Ethernet, IPv4 without options, TCP or UDP.
 *
 *   12 ethertype 0800 | 14 version, header length 45 | 16 total length | 20 flags, fragment offset
 *   | 22 TTL | 23 protocol | 34 source port | 36 destination port */
static inline bool decode_is_watched(const struct frame *frame, const struct port_set *watched)
{
    enum { ETHERNET = 1, UP_TO_PORTS = 38, IP_UP_TO_PORTS = 24, TCP = 6, UDP = 17 };
    const uint8_t *at = frame->bytes.at;
    if (frame->link_type != ETHERNET || frame->bytes.length < UP_TO_PORTS ||
        (watch_be32(at + 12) & 0xffffff00) != 0x08004500 || watch_be16(at + 16) < IP_UP_TO_PORTS)
        return decode_is_watched_uncommon(frame, watched);
    uint32_t fragment_and_protocol = watch_be32(at + 20) & 0x3fff00ff;
    if (fragment_and_protocol != TCP && fragment_and_protocol != UDP)
        return decode_is_watched_uncommon(frame, watched);
    uint16_t source = watch_be16(at + 34);
    uint16_t destination = watch_be16(at + 36);
    if (port_set_has(watched, source) || port_set_has(watched, destination))
        return true;
    return fragment_and_protocol == UDP && (port_set_has(&decode_tunnel_ports, source) ||
                                            port_set_has(&decode_tunnel_ports, destination));
}

/* The watched ports, and those where tunnels are, by the two bytes of a port as they stand in a
 * packet: asked without turning them round. */
struct watch_table {
    bool has[65536];
};

void watch_table_init(struct watch_table *table, const struct port_set *watched);

static inline uint16_t watch_raw16(const uint8_t *at)
{
    uint16_t raw;
    memcpy(&raw, at, sizeof raw);
    return raw;
}

static inline uint32_t watch_raw32(const uint8_t *at)
{
    uint32_t raw;
    memcpy(&raw, at, sizeof raw);
    return raw;
}

/* Four bytes of a packet as watch_raw32() reads them on this machine. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WATCH_RAW32(a, b, c, d)                                                                    \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#else
#define WATCH_RAW32(a, b, c, d)                                                                    \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
#endif

/* True when an Ethernet frame of the commonest kind is of no interest: decode_is_watched() would
 * say no to all of these, and to others. For the loop that passes over millions of them, and so
 * without turning bytes round. */
static inline bool watch_lets_go(const struct watch_table *table, const uint8_t *at, size_t length)
{
    enum { UP_TO_PORTS = 38, IP_UP_TO_PORTS = 24, TCP = 6, UDP = 17 };
    if (length < UP_TO_PORTS ||
        (watch_raw32(at + 12) & WATCH_RAW32(0xff, 0xff, 0xff, 0)) != WATCH_RAW32(8, 0, 0x45, 0))
        return false;
    if (at[16] == 0 && at[17] < IP_UP_TO_PORTS)
        return false;
    uint32_t fragment_and_protocol = watch_raw32(at + 20) & WATCH_RAW32(0x3f, 0xff, 0, 0xff);
    if (fragment_and_protocol != WATCH_RAW32(0, 0, 0, TCP) &&
        fragment_and_protocol != WATCH_RAW32(0, 0, 0, UDP))
        return false;
    return !table->has[watch_raw16(at + 34)] && !table->has[watch_raw16(at + 36)];
}

#endif
