/* SPDX-License-Identifier: Apache-2.0 */
#include "promises.h"

#include "decode/watch.h"

#include <stddef.h>

static bool is_inside(struct span inner, struct span outer)
{
    return inner.at >= outer.at && inner.at + inner.length <= outer.at + outer.length;
}

static bool can_have_ports(uint8_t protocol)
{
    return protocol == TRANSPORT_TCP || protocol == TRANSPORT_UDP || protocol == TRANSPORT_SCTP ||
           protocol == TRANSPORT_DCCP;
}

static const char *span_fault(const struct frame *frame, const struct packet *packet)
{
    if (!is_inside(packet->network, frame->bytes))
        return "the packet is not inside the frame";
    if (packet->transport_offset > packet->network.length)
        return "the transport header begins behind the packet";
    if (!is_inside(packet->payload, packet->network))
        return "the payload is not inside the packet";
    if (packet->payload.at < packet->network.at + packet->transport_offset)
        return "the payload begins before the transport header";
    if (packet->payload.length > packet->payload_length)
        return "more payload was captured than there was";
    if (packet->payload.length < packet->payload_length && !(packet->marks & PACKET_TRUNCATED))
        return "payload is missing without a mark";
    return NULL;
}

static const char *port_fault(const struct packet *packet)
{
    if (packet->has_ports && !can_have_ports(packet->protocol))
        return "a protocol without ports has some";
    if (!packet->has_ports && (packet->source_port | packet->destination_port) != 0)
        return "ports that are not known are not 0";
    return NULL;
}

const char *decoded_fault(const struct frame *frame, const struct packet *packet)
{
    if (packet->source.version != 4 && packet->source.version != 6)
        return "no source address";
    if (packet->source.version != packet->destination.version)
        return "the addresses are of different kinds";
    if (packet->vlan_count > PACKET_VLANS_MAX)
        return "too many VLANs";
    if ((packet->tunnel.kind == TUNNEL_NONE) != (packet->tunnel.depth == 0))
        return "the tunnel's kind and depth disagree";
    if (packet->wire_length > frame->wire_length || packet->time_ns != frame->time_ns)
        return "time or length of the frame are lost";
    const char *fault = port_fault(packet);
    return fault ? fault : span_fault(frame, packet);
}

const char *watch_fault(const struct frame *frame, const struct port_set *watched,
                        enum decode_result result, const struct packet *packet)
{
    struct watch_table table;
    watch_table_init(&table, watched);
    bool lets_go =
        frame->link_type == 1 && watch_lets_go(&table, frame->bytes.at, frame->bytes.length);
    if (decode_is_watched(frame, watched))
        return lets_go ? "the short test let go what the long one keeps" : NULL;
    if (result != DECODE_OK)
        return "a frame that does not decode was let go";
    bool has_watched = packet->has_ports && (port_set_has(watched, packet->source_port) ||
                                             port_set_has(watched, packet->destination_port));
    return has_watched ? "a packet on a watched port was let go" : NULL;
}
