/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_MODEL_PACKET_H
#define PORTSCOPE_MODEL_PACKET_H

#include "base/address.h"
#include "base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

struct frame;
struct kept_frame;

enum { PACKET_VLANS_MAX = 4 };

/* Protocol numbers of the transports whose ports we read (IANA protocol-numbers). */
enum transport {
    TRANSPORT_ICMP = 1,
    TRANSPORT_TCP = 6,
    TRANSPORT_UDP = 17,
    TRANSPORT_DCCP = 33,
    TRANSPORT_ICMP6 = 58,
    TRANSPORT_SCTP = 132,
};

/* TCP flags as in the header's octet 13 (RFC 9293 §3.1). */
enum tcp_flag {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40,
    TCP_CWR = 0x80,
};

/* The innermost tunnel a packet came in; part of the flow key. */
enum tunnel_kind {
    TUNNEL_NONE,
    TUNNEL_IPIP, /* IP-in-IP, 6in4, 4in6 */
    TUNNEL_GRE,
    TUNNEL_ERSPAN,
    TUNNEL_VXLAN,
    TUNNEL_GENEVE,
    TUNNEL_GTPU,
    TUNNEL_TEREDO,
    TUNNEL_KINDS
};

/* The tunnel's name in outputs ("vxlan"); "none" for TUNNEL_NONE. */
const char *tunnel_name(enum tunnel_kind kind);

struct tunnel {
    enum tunnel_kind kind; /* innermost */
    uint32_t id;           /* its VNI, GRE key or ERSPAN session; 0 when it has none, or when each
                            * direction has its own (GTP-U endpoint, PPTP call) */
    uint32_t depth;        /* how many tunnels deep */
};

/* What is odd about a packet; a flow collects the marks of its packets. */
enum packet_mark {
    PACKET_TRUNCATED = 1 << 0,        /* captured bytes end before the packet does (snaplen) */
    PACKET_FRAGMENT = 1 << 1,         /* an IP fragment, first or later */
    PACKET_FRAGMENT_OVERLAP = 1 << 2, /* overlaps bytes that an earlier fragment brought */
    PACKET_TINY_FRAGMENT = 1 << 3,    /* first fragment too short for the transport header */
    PACKET_BAD_LENGTH = 1 << 4,       /* a length field claims what cannot be (UDP, IP) */
    PACKET_BAD_TCP_HEADER = 1 << 5,   /* data offset below 5 or beyond the segment */
    PACKET_LENGTH_ZERO = 1 << 6,      /* IP length 0: segmentation offload or a jumbogram */
    PACKET_FRAGMENT_ORPHAN = 1 << 7,  /* later fragment whose first was not seen */
};

/* The name of one mark (a single bit), NULL for a bit without one. */
const char *packet_mark_name(uint32_t mark);

/* A decoded packet. All spans point into the frame. */
struct packet {
    int64_t time_ns;
    struct address source, destination;
    uint16_t source_port, destination_port; /* 0 when the protocol has none */
    uint8_t protocol;                       /* IP protocol number of the transport */
    uint8_t ttl;
    uint8_t tcp_flags; /* enum tcp_flag, 0 when not TCP */
    uint8_t vlan_count;
    uint16_t vlans[PACKET_VLANS_MAX]; /* VLAN ids, outermost first */
    struct tunnel tunnel;
    uint32_t tcp_sequence, tcp_acknowledgement;
    uint16_t tcp_window;
    uint32_t marks; /* enum packet_mark */

    /* Of the whole frame but its VLAN tags: a kernel takes them out of live frames, so that only
     * without them do live and saved, tagged and untagged, give the same counts. */
    uint32_t wire_length;
    uint32_t ip_length; /* of the innermost IP packet, as its header says (made true if 0) */

    struct span network;       /* captured bytes from the innermost IP header on, padding removed */
    uint32_t transport_offset; /* of the transport header in `network` */
    struct span payload;       /* captured bytes behind the transport header */
    uint32_t payload_length;   /* what the headers say it was on the wire */
    bool has_ports;            /* ports are known (read, or from the fragment cache) */
    const struct frame *frame; /* borrowed while the packet is looked at where it was read */
    struct kept_frame *kept;   /* a copy of the frame, see model/trail.h; NULL: none */
    bool is_headless;          /* a later fragment, or cut behind the ports: TCP's flags and numbers
                                  are not known (0) */
};

/* Why a frame did not become a packet; each is a term of the totals. */
enum decode_result {
    DECODE_OK,
    DECODE_NOT_IP,           /* ARP, LLDP, spanning tree, 802.11 management, ... */
    DECODE_UNSUPPORTED_LINK, /* a link type that we do not decode */
    DECODE_MALFORMED,        /* headers that cannot be, or end too early */
    DECODE_RESULTS
};

#endif
