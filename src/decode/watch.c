/* SPDX-License-Identifier: Apache-2.0
 *
 * Unlike the decoder this reads without a cursor: each function checks once that all it loads is
 * there, and answers "maybe" when it is not.
 */
#include "decode/watch.h"

#include "decode/layers.h"

/* As a set that the compiler builds: it is asked for every UDP datagram. */
#define PORT_BIT(port) [(port) >> 6] = UINT64_C(1) << ((port)&63)
const struct port_set decode_tunnel_ports = {{
    PORT_BIT(UDP_GTPU),
    PORT_BIT(UDP_TEREDO),
    PORT_BIT(UDP_VXLAN),
    PORT_BIT(UDP_GENEVE),
    PORT_BIT(UDP_OLD_VXLAN),
}};

enum kind { PORTLESS, PORTS, UDP, MAYBE };

/* IP protocols by what the decoder would do with them; all others have no ports. */
static const uint8_t kinds[256] = {
    [TRANSPORT_TCP] = PORTS,  [TRANSPORT_UDP] = UDP,
    [TRANSPORT_DCCP] = PORTS, [TRANSPORT_SCTP] = PORTS,
    [IP_IN_IP4] = MAYBE,      [IP_IN_IP6] = MAYBE,
    [IP_GRE] = MAYBE,         [IP_AUTHENTICATION] = MAYBE,
    [IP_HOP_BY_HOP] = MAYBE,  [IP_ROUTING] = MAYBE,
    [IP_FRAGMENT] = MAYBE,    [IP_DESTINATION_OPTIONS] = MAYBE,
    [IP_MOBILITY] = MAYBE,    [IP_HIP] = MAYBE,
    [IP_SHIM6] = MAYBE,
};

/* `ports`: four bytes. */
static bool transport_is_watched(uint8_t protocol, const uint8_t *ports,
                                 const struct port_set *watched)
{
    enum kind kind = kinds[protocol];
    if (kind == PORTLESS || kind == MAYBE)
        return kind == MAYBE;
    uint16_t source = watch_be16(ports);
    uint16_t destination = watch_be16(ports + 2);
    if (port_set_has(watched, source) || port_set_has(watched, destination))
        return true;
    return kind == UDP && (port_set_has(&decode_tunnel_ports, source) ||
                           port_set_has(&decode_tunnel_ports, destination));
}

static bool ip4_is_watched(const uint8_t *at, size_t length, const struct port_set *watched)
{
    enum { HEADER_MIN = 20, FRAGMENT_BITS = 0x3fff };
    if (length < HEADER_MIN + 4 || at[0] >> 4 != 4)
        return true;
    uint32_t header = (at[0] & 15u) * 4;
    if (header < HEADER_MIN || length < header + 4 || watch_be16(at + 2) < header + 4 ||
        (watch_be16(at + 6) & FRAGMENT_BITS) != 0)
        return true;
    return transport_is_watched(at[9], at + header, watched);
}

static bool ip6_is_watched(const uint8_t *at, size_t length, const struct port_set *watched)
{
    enum { HEADER = 40 };
    if (length < HEADER + 4 || at[0] >> 4 != 6 || watch_be16(at + 4) < 4)
        return true;
    return transport_is_watched(at[6], at + HEADER, watched);
}

static bool network_is_watched(uint16_t ethertype, struct span packet,
                               const struct port_set *watched)
{
    if (ethertype == ETHERTYPE_IP4)
        return ip4_is_watched(packet.at, packet.length, watched);
    if (ethertype == ETHERTYPE_IP6)
        return ip6_is_watched(packet.at, packet.length, watched);
    return true;
}

static struct span behind(struct span bytes, size_t length)
{
    return (struct span){bytes.at + length, bytes.length - length};
}

static bool ethernet_is_watched(struct span bytes, const struct port_set *watched)
{
    enum { HEADER = 14, TAG = 4 };
    if (bytes.length < HEADER + PACKET_VLANS_MAX * TAG)
        return true;
    size_t header = HEADER;
    uint16_t type = watch_be16(bytes.at + 12);
    for (unsigned tags = 0; tags < PACKET_VLANS_MAX && ethertype_is_tag(type); tags++) {
        type = watch_be16(bytes.at + header + 2);
        header += TAG;
    }
    return network_is_watched(type, behind(bytes, header), watched);
}

static bool raw_is_watched(struct span bytes, const struct port_set *watched)
{
    if (bytes.length == 0)
        return true;
    uint16_t type = bytes.at[0] >> 4 == 4 ? ETHERTYPE_IP4 : ETHERTYPE_IP6;
    return network_is_watched(type, bytes, watched);
}

/* Both cooked headers of Linux hold the ethertype, at their end or at their beginning. */
static bool sll_is_watched(struct span bytes, const struct port_set *watched)
{
    enum { HEADER = 16, TYPE_AT = 14 };
    if (bytes.length < HEADER)
        return true;
    return network_is_watched(watch_be16(bytes.at + TYPE_AT), behind(bytes, HEADER), watched);
}

static bool sll2_is_watched(struct span bytes, const struct port_set *watched)
{
    enum { HEADER = 20 };
    if (bytes.length < HEADER)
        return true;
    return network_is_watched(watch_be16(bytes.at), behind(bytes, HEADER), watched);
}

bool decode_is_watched_uncommon(const struct frame *frame, const struct port_set *watched)
{
    switch (frame->link_type) {
    case LINK_ETHERNET:
        return ethernet_is_watched(frame->bytes, watched);
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
        return raw_is_watched(frame->bytes, watched);
    case LINK_IP4:
        return network_is_watched(ETHERTYPE_IP4, frame->bytes, watched);
    case LINK_IP6:
        return network_is_watched(ETHERTYPE_IP6, frame->bytes, watched);
    case LINK_LINUX_SLL:
        return sll_is_watched(frame->bytes, watched);
    case LINK_LINUX_SLL2:
        return sll2_is_watched(frame->bytes, watched);
    default:
        return true;
    }
}

void watch_table_init(struct watch_table *table, const struct port_set *watched)
{
    for (uint32_t port = 0; port <= UINT16_MAX; port++) {
        uint8_t bytes[2] = {(uint8_t)(port >> 8), (uint8_t)port};
        table->has[watch_raw16(bytes)] = port_set_has(watched, (uint16_t)port) ||
                                         port_set_has(&decode_tunnel_ports, (uint16_t)port);
    }
}
