/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/tcp_sequence.h"

#include <stdbool.h>

/* No window is larger (RFC 7323 §2.3): an acknowledgement further ahead is not one. */
static const int32_t largest_window = INT32_C(1) << 30;

static void widen_hole(struct tcp_hole *hole, uint32_t start, uint32_t end)
{
    uint32_t bytes = end - start;
    if (hole->missing == 0)
        hole->start = start;
    hole->end = end;
    hole->missing = bytes > UINT32_MAX - hole->missing ? UINT32_MAX : hole->missing + bytes;
}

/* Whether the segment brought bytes that were missing. */
static bool fill_hole(struct tcp_hole *hole, uint32_t start, uint32_t end)
{
    if (hole->missing == 0)
        return false;
    if (tcp_ahead(start, hole->start) < 0)
        start = hole->start;
    if (tcp_ahead(end, hole->end) > 0)
        end = hole->end;
    if (tcp_ahead(end, start) <= 0)
        return false;
    uint32_t bytes = end - start;
    hole->missing -= bytes < hole->missing ? bytes : hole->missing;
    if (start == hole->start)
        hole->start = end;
    return true;
}

static bool is_renumbered(const struct flow_side *side, const struct packet *packet)
{
    return side->has_tcp_next && packet->tcp_flags & TCP_SYN &&
           packet->tcp_sequence != side->tcp_first;
}

static void begin_numbers(struct flow_side *side, struct tcp_hole *hole,
                          const struct packet *packet)
{
    bool is_syn = packet->tcp_flags & TCP_SYN;
    side->has_tcp_next = true;
    side->tcp_first = is_syn ? packet->tcp_sequence : packet->tcp_sequence - 1;
    side->tcp_next = packet->tcp_sequence;
    *hole = (struct tcp_hole){0};
}

/* Returns whether the payload was all sent before. */
static bool add_segment(struct flow_side *side, struct tcp_hole *hole, const struct packet *packet)
{
    uint32_t start = packet->tcp_sequence;
    uint32_t end = start + packet->payload_length + !!(packet->tcp_flags & TCP_SYN) +
                   !!(packet->tcp_flags & TCP_FIN);

    bool is_new = fill_hole(hole, start, end);
    /* An empty segment one ahead stands behind a FIN that was not captured. */
    if (tcp_ahead(start, side->tcp_next) > (packet->payload_length == 0))
        widen_hole(hole, side->tcp_next, start);
    if (tcp_ahead(end, side->tcp_next) > 0) {
        side->tcp_next = end;
        is_new = true;
    }
    return packet->payload_length > 0 && !is_new;
}

/* What is acknowledged was received, so what is missing below it is the capture's loss, not the
 * network's. An acknowledgement that overtakes its data is given one more to be sure. Returns how
 * many bytes are lost in this way. */
static uint32_t add_acknowledgement(struct flow_side *peer, struct tcp_hole *hole,
                                    uint32_t acknowledgement)
{
    uint32_t missed = tcp_ahead(acknowledgement, hole->end) >= 0 ? hole->missing : 0;
    hole->missing -= missed;
    int32_t unseen = tcp_ahead(acknowledgement, peer->tcp_next);
    if (unseen > 1 && unseen <= largest_window) { /* a single one is a FIN that was not captured */
        widen_hole(hole, peer->tcp_next, acknowledgement);
        peer->tcp_next = acknowledgement;
    }
    return missed;
}

unsigned tcp_sequence_update(struct flow_side *sides, struct tcp_hole *holes,
                             enum flow_direction direction, const struct packet *packet,
                             uint32_t *missed)
{
    *missed = 0;
    if (packet->tcp_flags & TCP_RST)
        return 0; /* its numbers are whatever its sender had at hand */
    unsigned events = 0;

    struct flow_side *side = &sides[direction];
    if (is_renumbered(side, packet))
        events |= TCP_EVENT_RENUMBERED;
    if (!side->has_tcp_next || events & TCP_EVENT_RENUMBERED)
        begin_numbers(side, &holes[direction], packet);
    if (add_segment(side, &holes[direction], packet))
        events |= TCP_EVENT_RETRANSMISSION;

    struct flow_side *peer = &sides[!direction];
    bool acknowledges = (packet->tcp_flags & (TCP_ACK | TCP_SYN)) == TCP_ACK;
    if (acknowledges && peer->has_tcp_next)
        *missed = add_acknowledgement(peer, &holes[!direction], packet->tcp_acknowledgement);
    if (*missed > 0)
        events |= TCP_EVENT_PEER_GAP;
    return events;
}
