/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts packets into their flows.
 */
#include "flow/flow_slots.h"

#include "base/timestamp.h"

static void widen(int64_t *first_ns, int64_t *last_ns, int64_t time_ns)
{
    if (time_ns < *first_ns)
        *first_ns = time_ns;
    if (time_ns > *last_ns)
        *last_ns = time_ns;
}

static void add_time(struct flow *flow, const struct packet *packet)
{
    if (packet->time_ns < flow->last_ns)
        flow->marks |= FLOW_MARK_TIME_BACKWARDS;
    widen(&flow->first_ns, &flow->last_ns, packet->time_ns);
}

static void add_to_side(struct flow_side *side, const struct packet *packet)
{
    if (side->packets == 0) {
        side->first_ns = side->last_ns = packet->time_ns;
        side->ttl_min = side->ttl_max = packet->ttl;
    }
    widen(&side->first_ns, &side->last_ns, packet->time_ns);
    if (packet->ttl < side->ttl_min)
        side->ttl_min = packet->ttl;
    if (packet->ttl > side->ttl_max)
        side->ttl_max = packet->ttl;

    side->packets++;
    side->ip_bytes += packet->ip_length;
    side->wire_bytes += packet->wire_length;
    side->payload_bytes += packet->payload_length;
    side->payload_packets += packet->payload_length > 0;
    side->tcp_flags |= packet->tcp_flags;
}

/* Whether the initiator speaks up again; before the packet is counted. */
static void add_beat(struct flow *flow, const struct packet *packet)
{
    const struct flow_side *side = &flow->sides[TO_RESPONDER];
    if (side->packets == 0 || packet->time_ns - side->last_ns < NS_PER_S)
        return;
    int64_t behind_ms = (packet->time_ns - side->first_ns) / NS_PER_MS;
    if (behind_ms > UINT32_MAX)
        return;
    flow->beats_ms[flow->beat_count++ % FLOW_BEATS] = (uint32_t)behind_ms;
}

static uint32_t flow_marks_of(uint32_t packet_marks)
{
    static const struct {
        enum packet_mark packet;
        enum flow_mark flow;
    } pairs[] = {
        {PACKET_TRUNCATED, FLOW_MARK_TRUNCATED},
        {PACKET_FRAGMENT, FLOW_MARK_FRAGMENTS},
        {PACKET_FRAGMENT_OVERLAP, FLOW_MARK_FRAGMENT_OVERLAP},
        {PACKET_TINY_FRAGMENT, FLOW_MARK_TINY_FRAGMENT},
        {PACKET_BAD_LENGTH, FLOW_MARK_BAD_LENGTH},
        {PACKET_BAD_TCP_HEADER, FLOW_MARK_BAD_TCP_HEADER},
        {PACKET_FRAGMENT_ORPHAN, FLOW_MARK_FRAGMENT_ORPHAN},
    };
    uint32_t marks = 0;
    for (size_t i = 0; packet_marks != 0 && i < sizeof pairs / sizeof pairs[0]; i++) {
        if (packet_marks & pairs[i].packet)
            marks |= pairs[i].flow;
    }
    return marks;
}

/* A window of zero says something only while there is somebody to hold back. */
static bool is_zero_window(const struct slot *slot, enum flow_direction direction,
                           const struct packet *packet)
{
    return packet->tcp_window == 0 && !(packet->tcp_flags & TCP_RST) &&
           slot->tcp.endpoint[!direction] != ENDPOINT_CLOSED &&
           slot->tcp.endpoint[direction] < ENDPOINT_RESET;
}

/* A flow that begins without SYN is midstream, unless its SYN only comes late. */
static void mark_midstream(struct slot *slot, const struct packet *packet)
{
    if ((packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) == TCP_SYN)
        slot->flow.marks &= ~(uint32_t)FLOW_MARK_MIDSTREAM;
    else if (slot->packets == 1 && !(packet->tcp_flags & TCP_SYN))
        slot->flow.marks |= FLOW_MARK_MIDSTREAM;
}

/* Bytes of one side that the other has and the capture has not. Of fragments only the first says
 * which bytes it carries: there nothing can be told. */
static void add_missed(struct flow_table *table, struct slot *slot, enum flow_direction direction,
                       uint32_t bytes)
{
    struct flow *flow = &slot->flow;
    flow_history_count(flow, &slot->history, direction, HISTORY_GAP);
    flow->marks |= FLOW_MARK_TCP_GAP;
    if (flow->marks & FLOW_MARK_FRAGMENTS)
        return;
    flow->sides[direction].missed_bytes += bytes;
    table->totals->tcp.missed_bytes += bytes;
    table->totals->tcp.gaps++;
}

/* Returns whether the packet brought payload that was all sent before. */
static bool add_tcp(struct flow_table *table, struct slot *slot, enum flow_direction direction,
                    const struct packet *packet, uint8_t sent_flags)
{
    struct flow *flow = &slot->flow;
    mark_midstream(slot, packet);
    flow_history_add_tcp(flow, &slot->history, direction, packet);
    if (is_zero_window(slot, direction, packet))
        flow_history_count(flow, &slot->history, direction, HISTORY_ZERO_WINDOW);

    uint32_t missed;
    unsigned events = tcp_sequence_update(flow->sides, slot->holes, direction, packet, &missed);
    table->totals->tcp.payload_bytes += packet->payload_length;
    if (events & TCP_EVENT_RETRANSMISSION)
        flow_history_count(flow, &slot->history, direction, HISTORY_RETRANSMISSION);
    if (events & TCP_EVENT_PEER_GAP)
        add_missed(table, slot, !direction, missed);
    if (events & TCP_EVENT_RENUMBERED && flow->sample)
        flow_sample_restart(flow->sample, direction);
    tcp_state_update(&slot->tcp, direction, packet, sent_flags);
    return events & TCP_EVENT_RETRANSMISSION;
}

/* The flow's sample; NULL, marked and counted when the pool has none. A sample that others give
 * back later would not hold the first bytes, so it is not asked for again. */
static struct flow_sample *sample_of(struct flow_table *table, struct flow *flow)
{
    if (flow->sample || flow->marks & FLOW_MARK_NO_SAMPLE)
        return flow->sample;
    flow->sample = sample_pool_take(table->samples);
    if (!flow->sample) {
        flow->marks |= FLOW_MARK_NO_SAMPLE;
        table->totals->limits_hit[LIMIT_SAMPLES]++;
    }
    return flow->sample;
}

static void add_payload(struct flow_table *table, struct slot *slot, enum flow_direction direction,
                        const struct packet *packet, bool is_retransmission)
{
    struct flow_sample *sample = sample_of(table, &slot->flow);
    if (!sample)
        return;
    if (!is_retransmission)
        flow_sample_add_message(sample, direction, packet->payload_length);
    if (packet->protocol != TRANSPORT_TCP) {
        flow_sample_append(sample, direction, packet->payload, slot->packets);
        return;
    }
    const struct flow_side *side = &slot->flow.sides[direction];
    if (side->payload_bytes > INT32_MAX)
        return; /* the numbers come round: what looks like the beginning is not */
    /* The first byte of a stream has the number behind the SYN's. */
    uint32_t number = packet->tcp_sequence + !!(packet->tcp_flags & TCP_SYN);
    uint32_t first = side->tcp_first + 1;
    flow_sample_place(sample, direction, tcp_ahead(number, first), packet->payload, slot->packets);
}

/* The bytes of a later fragment count, but their place is not known; what comes with a RST is not
 * part of the stream (RFC 9293 §3.5.3 lets it say why). */
static bool has_content(const struct packet *packet)
{
    return packet->payload_length > 0 && !packet->is_headless && !(packet->tcp_flags & TCP_RST);
}

enum flow_direction flow_table_add_packet(struct flow_table *table, struct flow *flow,
                                          const struct packet *packet, int64_t now_ns)
{
    struct slot *slot = slot_of(flow);
    enum flow_direction direction = flow_direction_of(flow, packet);
    uint8_t sent_flags = flow->sides[direction].tcp_flags;
    bool is_tcp = packet->protocol == TRANSPORT_TCP && !packet->is_headless;
    bool is_retransmission = false;

    slot->packets += slot->packets < UINT32_MAX;
    add_time(flow, packet);
    if (packet->protocol == TRANSPORT_UDP && direction == TO_RESPONDER)
        add_beat(flow, packet);
    add_to_side(&flow->sides[direction], packet);
    flow->marks |= flow_marks_of(packet->marks);

    if (packet->protocol == TRANSPORT_UDP)
        flow_history_add_data(flow, &slot->history, direction);
    if (is_tcp)
        is_retransmission = add_tcp(table, slot, direction, packet, sent_flags);
    if (has_content(packet))
        add_payload(table, slot, direction, packet, is_retransmission);

    flow_table_advance(table, now_ns);
    flow_timers_touch(table, slot);
    return direction;
}

static enum connection_state datagram_state(const struct flow *flow)
{
    bool initiator_spoke = flow->sides[TO_RESPONDER].packets > 0;
    bool responder_spoke = flow->sides[TO_INITIATOR].packets > 0;
    if (flow->key.protocol != TRANSPORT_UDP)
        return CONN_OTH;
    if (!responder_spoke)
        return CONN_S0;
    return initiator_spoke ? CONN_SF : CONN_SHR;
}

static void conclude(const struct slot *slot, struct flow *flow)
{
    if (flow->key.protocol != TRANSPORT_TCP) {
        flow->state = datagram_state(flow);
        return;
    }
    flow->state = tcp_connection_state(&slot->tcp, flow_payload_bytes(flow) > 0);
    if (slot->holes[TO_RESPONDER].missing > 0 || slot->holes[TO_INITIATOR].missing > 0)
        flow->marks |= FLOW_MARK_TCP_GAP;
}

void flow_packet_conclude(struct slot *slot)
{
    conclude(slot, &slot->flow);
}

struct flow flow_table_describe(struct flow *flow)
{
    struct flow described = *flow;
    conclude(slot_of(flow), &described);
    return described;
}
