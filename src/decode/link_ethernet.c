/* SPDX-License-Identifier: Apache-2.0
 *
 * Ethernet II and IEEE 802.3, VLAN tags, LLC and SNAP, and the ethertypes that lead to IP.
 */
#include "decode/layers.h"

#include <stddef.h>

enum { VLAN_TAG_SIZE = 4 };

/* Up to 1500 the field is no type but the length of an LLC frame (IEEE 802.3 §3.2.6). */
static enum decode_result walk_type_or_length(struct walk *walk, uint16_t value)
{
    if (value > ETHERTYPE_LENGTH_MAX)
        return walk_ethertype(walk, value);
    walk_trim(walk, value);
    return walk_llc(walk);
}

enum decode_result walk_ethernet(struct walk *walk)
{
    cursor_skip(&walk->bytes, 12); /* destination, source */
    uint16_t type = cursor_be16(&walk->bytes);
    return cursor_ok(&walk->bytes) ? walk_type_or_length(walk, type) : DECODE_MALFORMED;
}

/* VLAN 0 says "no VLAN, only a priority" (802.1Q §9.6) and is not kept: such a frame belongs to the
 * same flow as an untagged one. */
static void keep_vlan(struct walk *walk, uint16_t id)
{
    struct packet *packet = walk->packet;
    if (id == 0)
        return;
    if (packet->vlan_count == PACKET_VLANS_MAX)
        walk->has_hit_limit = true;
    else
        packet->vlans[packet->vlan_count++] = id;
}

/*  0                   1
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * | PCP |D|        VLAN id        |  then the ethertype of what follows */
static enum decode_result walk_vlan(struct walk *walk)
{
    uint16_t type = ETHERTYPE_VLAN;
    for (unsigned tags = 0; ethertype_is_tag(type); tags++) {
        if (tags == VLAN_TAGS_MAX) {
            walk->has_hit_limit = true;
            return DECODE_MALFORMED;
        }
        uint16_t tag = cursor_be16(&walk->bytes);
        type = cursor_be16(&walk->bytes);
        if (!cursor_ok(&walk->bytes))
            return DECODE_MALFORMED;
        walk->packet->wire_length -= VLAN_TAG_SIZE;
        keep_vlan(walk, tag & 0x0fff);
    }
    return walk_type_or_length(walk, type);
}

static const struct {
    uint16_t type;
    walk_layer *walk;
} ethertypes[] = {
    {ETHERTYPE_IP4, walk_ip4},
    {ETHERTYPE_IP6, walk_ip6},
    {ETHERTYPE_VLAN, walk_vlan},
    {ETHERTYPE_SERVICE_VLAN, walk_vlan},
    {ETHERTYPE_OLD_QINQ, walk_vlan},
    {ETHERTYPE_MPLS, walk_mpls},
    {ETHERTYPE_MPLS_MULTICAST, walk_mpls},
    {ETHERTYPE_PPPOE_SESSION, walk_pppoe},
    {ETHERTYPE_PPP, walk_ppp},
    {ETHERTYPE_ETHERNET, walk_ethernet},
    {ETHERTYPE_MACSEC, walk_macsec},
    {ETHERTYPE_BACKBONE, walk_backbone},
    {ETHERTYPE_FABRICPATH, walk_fabricpath},
    {ETHERTYPE_TRUSTSEC, walk_trustsec},
    {ETHERTYPE_PORT_EXTENDER, walk_port_extender},
};

enum decode_result walk_ethertype(struct walk *walk, uint16_t type)
{
    if (!walk_deeper(walk))
        return DECODE_MALFORMED;
    for (size_t i = 0; i < sizeof ethertypes / sizeof ethertypes[0]; i++) {
        if (ethertypes[i].type == type)
            return ethertypes[i].walk(walk);
    }
    return DECODE_NOT_IP;
}

enum { LLC_IP = 0x06, LLC_SNAP = 0xaa, LLC_UI = 0x03 };
enum { OUI_ETHERTYPE = 0x000000, OUI_BRIDGED = 0x0000f8 /* 802.1H */ };

/* RFC 1042: an organisation, and a type of its. */
enum decode_result walk_snap(struct walk *walk)
{
    uint32_t oui = cursor_be24(&walk->bytes);
    uint16_t type = cursor_be16(&walk->bytes);
    if (!cursor_ok(&walk->bytes))
        return DECODE_MALFORMED;
    bool is_ethertype = oui == OUI_ETHERTYPE || oui == OUI_BRIDGED;
    return is_ethertype ? walk_ethertype(walk, type) : DECODE_NOT_IP;
}

/* IEEE 802.2: destination and source access point, control. */
enum decode_result walk_llc(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    uint8_t destination = cursor_u8(bytes);
    uint8_t source = cursor_u8(bytes);
    uint8_t control = cursor_u8(bytes);
    if (!cursor_ok(bytes))
        return DECODE_MALFORMED;
    if (destination != source || control != LLC_UI)
        return DECODE_NOT_IP;
    if (destination == LLC_IP)
        return walk_ethertype(walk, ETHERTYPE_IP4);
    return destination == LLC_SNAP ? walk_snap(walk) : DECODE_NOT_IP;
}
