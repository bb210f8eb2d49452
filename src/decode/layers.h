/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk through a frame, outside in. A layer's function reads its header from the walk, narrows
 * the walk to what the header encloses, and hands over to the next layer; the last one fills in
 * the payload. Depth is bounded by LAYERS_MAX, so is the recursion.
 */
#ifndef PORTSCOPE_DECODE_LAYERS_H
#define PORTSCOPE_DECODE_LAYERS_H

#include "base/cursor.h"
#include "decode/fragment_cache.h"
#include "model/frame.h"
#include "model/packet.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stdint.h>

/* More than any network stacks; each is counted under LIMIT_LAYERS when it is hit. */
enum {
    LAYERS_MAX = 16,
    VLAN_TAGS_MAX = 8, /* in a row; ids beyond PACKET_VLANS_MAX are not kept */
    MPLS_LABELS_MAX = 8,
    IP6_EXTENSIONS_MAX = 8,
    TUNNELS_MAX = 4,
};

/* LINKTYPE_ numbers, tcpdump.org/linktypes.html. */
enum link_type {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_PPP = 9,
    LINK_RAW_BSD = 12,
    LINK_RAW_OPENBSD = 14,
    LINK_PPP_SERIAL = 50,
    LINK_PPP_ETHER = 51,
    LINK_RAW = 101,
    LINK_CISCO_HDLC = 104,
    LINK_WIFI = 105,
    LINK_FRAME_RELAY = 107,
    LINK_LOOP = 108,
    LINK_LINUX_SLL = 113,
    LINK_RADIOTAP = 127,
    LINK_USER2 = 149,
    LINK_PPI = 192,
    LINK_PPP_WITH_DIRECTION = 204,
    LINK_IP4 = 228,
    LINK_IP6 = 229,
    LINK_NFLOG = 239,
    LINK_PKTAP = 258,
    LINK_LINUX_SLL2 = 276,
};

enum ethertype {
    ETHERTYPE_LENGTH_MAX = 1500, /* up to here the field is an 802.3 length */
    ETHERTYPE_IP4 = 0x0800,
    ETHERTYPE_ETHERNET = 0x6558, /* a whole frame inside GRE or Geneve */
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IP6 = 0x86dd,
    ETHERTYPE_PPP = 0x880b,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_MULTICAST = 0x8848,
    ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_SERVICE_VLAN = 0x88a8,
    ETHERTYPE_MACSEC = 0x88e5,
    ETHERTYPE_BACKBONE = 0x88e7,      /* 802.1ah service tag */
    ETHERTYPE_FABRICPATH = 0x8903,    /* Cisco */
    ETHERTYPE_TRUSTSEC = 0x8909,      /* Cisco */
    ETHERTYPE_PORT_EXTENDER = 0x8926, /* VN-tag */
    ETHERTYPE_OLD_QINQ = 0x9100,
};

/* IP protocol numbers that are not transports with ports (those are in model/packet.h). */
enum ip_protocol {
    IP_HOP_BY_HOP = 0,
    IP_IN_IP4 = 4,
    IP_IN_IP6 = 41,
    IP_ROUTING = 43,
    IP_FRAGMENT = 44,
    IP_GRE = 47,
    IP_AUTHENTICATION = 51,
    IP_NO_NEXT_HEADER = 59,
    IP_DESTINATION_OPTIONS = 60,
    IP_MOBILITY = 135,
    IP_HIP = 139,
    IP_SHIM6 = 140,
};

/* UDP ports on which a tunnel may be; decode/watch.c has them as a set. */
enum tunnel_port {
    UDP_GTPU = 2152,
    UDP_TEREDO = 3544,
    UDP_VXLAN = 4789,
    UDP_GENEVE = 6081,
    UDP_OLD_VXLAN = 8472, /* what Linux took before IANA chose */
};

static inline bool ethertype_is_tag(uint16_t type)
{
    return type == ETHERTYPE_VLAN || type == ETHERTYPE_SERVICE_VLAN || type == ETHERTYPE_OLD_QINQ;
}

struct walk {
    struct packet *packet;
    struct fragment_cache *fragments;
    const struct port_set *watched; /* may be NULL */
    struct cursor bytes;            /* what is captured of the layer at hand */
    uint32_t missing;               /* how many bytes it had on the wire behind those */
    struct fragment *fragment;      /* inside the first fragment of a datagram: its cache entry */
    uint32_t layers;                /* handed over so far */
    bool is_open_ended;             /* later fragments bring more than is seen here */
    bool is_strict; /* in a tunnel that only its content can prove: lengths must agree */
    bool has_hit_limit;
};

typedef enum decode_result walk_layer(struct walk *walk);

/* What is left of the layer on the wire, captured or not. */
static inline uint32_t walk_left(const struct walk *walk)
{
    return (uint32_t)cursor_left(&walk->bytes) + walk->missing;
}

static inline void walk_mark(struct walk *walk, enum packet_mark mark)
{
    walk->packet->marks |= (uint32_t)mark;
}

/* Counts one more layer; false when there are too many. */
bool walk_deeper(struct walk *walk);

/* Drops what lies behind the next `length` bytes (padding); a longer claim changes nothing. */
void walk_trim(struct walk *walk, uint32_t length);

/* The same for IP, whose length is meant to be true: marks what is cut or cannot be. False when
 * the walk is strict and the length does not fit. */
bool walk_limit(struct walk *walk, uint32_t length);

/* Moves over `length` bytes of the wire, captured or not; at most to the end. */
void walk_advance(struct walk *walk, uint32_t length);

/* Undoes a trial, but for what it cost: layers and limits stay counted, so that trials within
 * trials stay bounded. */
void walk_back(struct walk *walk, const struct walk *before, const struct packet *packet);

/* The first four bits ahead, or -1; and the ethertype of the IP packet they announce, or 0. */
int walk_peek_version(const struct walk *walk);
uint16_t walk_peek_ip(const struct walk *walk);

/* Links. walk_link() goes by the link type's number. */
enum decode_result walk_link(struct walk *walk, uint32_t type);
walk_layer walk_cisco_hdlc, walk_ethernet, walk_frame_relay, walk_linux_sll, walk_linux_sll2;
walk_layer walk_loopback, walk_nflog, walk_pktap, walk_ppi, walk_ppp, walk_ppp_serial;
walk_layer walk_ppp_with_direction, walk_radiotap, walk_user2, walk_wifi;

/* What more than one link leads to. */
enum decode_result walk_ethertype(struct walk *walk, uint16_t type);
walk_layer walk_backbone, walk_fabricpath, walk_llc, walk_macsec, walk_mpls, walk_port_extender;
walk_layer walk_pppoe, walk_snap, walk_trustsec;

/* IP; walk_ip() goes by the version nibble. */
walk_layer walk_ip, walk_ip4, walk_ip6;

/* A length of 0 is what the capturing host sees of segments that its network card is going to cut
 * (segmentation offload): all that is there belongs to the packet. A strict walk believes it when
 * the packet outside has it too. */
bool walk_length_zero(struct walk *walk, uint32_t header);

/* Skips an authentication header (RFC 4302) and gives the protocol behind it in `next`; false when
 * it is not all there. */
bool walk_authentication(struct walk *walk, uint8_t *next);

/* What both IP versions know of a fragment. */
struct fragment_header {
    uint32_t id;
    uint32_t offset; /* in bytes */
    bool has_more;
    uint8_t protocol;
};

/* Marks the packet and finds its datagram in the cache. True when this is the first fragment: the
 * walk goes on. Otherwise the packet is finished with what the cache knows. */
bool walk_fragment(struct walk *walk, const struct fragment_header *header);

/* Transports. */
enum decode_result walk_protocol(struct walk *walk, uint8_t protocol);

/* Finishes the packet: all that is left is payload of `protocol`, without ports. */
enum decode_result walk_portless(struct walk *walk, uint8_t protocol);

/* The headers before the ports end too early: MALFORMED, but for a first fragment that its sender
 * made so short. */
enum decode_result walk_too_short(struct walk *walk, uint8_t protocol);

/* Lets the later fragments of this datagram know what the packet is so far. */
void walk_tell_fragments(struct walk *walk);

/* Enters the tunnel that `protocol` is, or that a UDP datagram with `length` bytes of payload may
 * be. False when it is none or leads to no packet: the walk stands where it stood. */
bool walk_ip_tunnel(struct walk *walk, uint8_t protocol);
bool walk_udp_tunnel(struct walk *walk, uint32_t length);

#endif
