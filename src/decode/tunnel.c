/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets inside packets. A tunnel is entered on trial: when what is inside does not become a
 * packet (an ARP in a VXLAN, noise on a tunnel's port), the packet stays the outer one.
 */
#include "decode/tunnel.h"

#include "model/rulebook.h"

#include <stddef.h>

static enum decode_result walk_inside(struct walk *walk, tunnel_header *read)
{
    struct packet *packet = walk->packet;
    struct inner inner = {0};
    if (!read(walk, &inner) || !cursor_ok(&walk->bytes))
        return DECODE_NOT_IP;
    walk_tell_fragments(walk);
    walk->fragment = NULL;
    packet->has_ports = false;
    packet->source_port = packet->destination_port = 0;
    packet->tunnel = (struct tunnel){inner.kind, inner.id, packet->tunnel.depth + 1};
    return walk_ethertype(walk, inner.ethertype);
}

static bool try_tunnel(struct walk *walk, tunnel_header *read)
{
    const struct walk outer = *walk;
    const struct packet packet = *walk->packet;
    if (packet.tunnel.depth == TUNNELS_MAX) {
        walk->has_hit_limit = true;
        return false;
    }
    if (walk_inside(walk, read) == DECODE_OK)
        return true;
    walk_back(walk, &outer, &packet);
    return false;
}

static bool read_ip4(struct walk *walk, struct inner *inner)
{
    (void)walk;
    *inner = (struct inner){.kind = TUNNEL_IPIP, .ethertype = ETHERTYPE_IP4};
    return true;
}

static bool read_ip6(struct walk *walk, struct inner *inner)
{
    (void)walk;
    *inner = (struct inner){.kind = TUNNEL_IPIP, .ethertype = ETHERTYPE_IP6};
    return true;
}

/* RFC 2003, RFC 4213 and RFC 2473, RFC 2784. */
static const struct {
    uint8_t protocol;
    tunnel_header *read;
} ip_tunnels[] = {
    {IP_IN_IP4, read_ip4},
    {IP_IN_IP6, read_ip6},
    {IP_GRE, tunnel_read_gre},
};

bool walk_ip_tunnel(struct walk *walk, uint8_t protocol)
{
    for (size_t i = 0; i < sizeof ip_tunnels / sizeof ip_tunnels[0]; i++) {
        if (ip_tunnels[i].protocol == protocol)
            return try_tunnel(walk, ip_tunnels[i].read);
    }
    return false;
}

static const struct {
    uint16_t port;
    tunnel_header *read;
} udp_tunnels[] = {
    {UDP_VXLAN, tunnel_read_vxlan},   {UDP_OLD_VXLAN, tunnel_read_vxlan},
    {UDP_GTPU, tunnel_read_gtpu},     {UDP_GENEVE, tunnel_read_geneve},
    {UDP_TEREDO, tunnel_read_teredo},
};

static tunnel_header *find_udp_tunnel(uint16_t port)
{
    for (size_t i = 0; i < sizeof udp_tunnels / sizeof udp_tunnels[0]; i++) {
        if (udp_tunnels[i].port == port)
            return udp_tunnels[i].read;
    }
    return NULL;
}

static bool is_watched(const struct walk *walk)
{
    return walk->watched && (port_set_has(walk->watched, walk->packet->source_port) ||
                             port_set_has(walk->watched, walk->packet->destination_port));
}

/* In a first fragment the datagram goes on behind the fragment's end; how far, UDP says. */
static void widen_to_datagram(struct walk *walk, uint32_t length)
{
    if (!walk->is_open_ended)
        return;
    walk->is_open_ended = false;
    if (length > walk_left(walk))
        walk->missing += length - walk_left(walk);
}

bool walk_udp_tunnel(struct walk *walk, uint32_t length)
{
    tunnel_header *by_destination = find_udp_tunnel(walk->packet->destination_port);
    tunnel_header *by_source = find_udp_tunnel(walk->packet->source_port);
    if ((!by_destination && !by_source) || is_watched(walk))
        return false;
    const struct walk outer = *walk;
    const struct packet packet = *walk->packet;
    walk->is_strict = true;
    widen_to_datagram(walk, length);
    if ((by_destination && try_tunnel(walk, by_destination)) ||
        (by_source && try_tunnel(walk, by_source)))
        return true;
    walk_back(walk, &outer, &packet);
    return false;
}
