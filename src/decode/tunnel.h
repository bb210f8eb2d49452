/* SPDX-License-Identifier: Apache-2.0
 *
 * What a tunnel must tell: how its header is read, and what is behind it.
 */
#ifndef PORTSCOPE_DECODE_TUNNEL_H
#define PORTSCOPE_DECODE_TUNNEL_H

#include "decode/layers.h"

struct inner {
    enum tunnel_kind kind;
    uint32_t id;
    uint16_t ethertype; /* of what is inside; ETHERTYPE_ETHERNET for whole frames */
};

/* Reads the tunnel's header; false when it is not one that carries a packet. Whether it was all
 * there is asked afterwards. */
typedef bool tunnel_header(struct walk *walk, struct inner *inner);

tunnel_header tunnel_read_gre;
tunnel_header tunnel_read_vxlan;
tunnel_header tunnel_read_geneve;
tunnel_header tunnel_read_gtpu;
tunnel_header tunnel_read_teredo;

#endif
