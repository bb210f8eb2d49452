/* SPDX-License-Identifier: Apache-2.0
 *
 * Sequence numbers of both sides: what was sent twice, and what was never seen. Numbers are
 * compared around the 32-bit circle (RFC 9293 §3.4).
 */
#ifndef PORTSCOPE_FLOW_TCP_SEQUENCE_H
#define PORTSCOPE_FLOW_TCP_SEQUENCE_H

#include "model/flow.h"
#include "model/packet.h"

#include <stdint.h>

/* The range of one side's stream in which bytes are missing; several losses at a time count as one
 * range, so that it stays three numbers whatever the network does. */
struct tcp_hole {
    uint32_t start, end;
    uint32_t missing; /* bytes in it that were not seen; 0: no hole */
};

enum tcp_event {
    TCP_EVENT_RETRANSMISSION = 1 << 0, /* the payload was all sent before */
    TCP_EVENT_PEER_GAP = 1 << 1,       /* it acknowledges bytes that the capture does not have */
    TCP_EVENT_RENUMBERED = 1 << 2,     /* a SYN that begins the numbers of its side anew */
};

/* How far `a` is ahead of `b`; negative: behind. */
static inline int32_t tcp_ahead(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

/* Takes note of a packet that carries a TCP header; returns enum tcp_event bits. Both arrays are
 * indexed by the direction of sending. With TCP_EVENT_PEER_GAP `*missed` says how many bytes the
 * capture does not have; each is told once. */
unsigned tcp_sequence_update(struct flow_side *sides, struct tcp_hole *holes,
                             enum flow_direction direction, const struct packet *packet,
                             uint32_t *missed);

#endif
