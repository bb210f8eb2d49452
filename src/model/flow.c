/* SPDX-License-Identifier: Apache-2.0 */
#include "model/flow.h"

#include <string.h>

static int endpoint_compare(const struct endpoint *a, const struct endpoint *b)
{
    int order = address_compare(&a->address, &b->address);
    return order != 0 ? order : (int)a->port - (int)b->port;
}

struct flow_key flow_key_of(const struct packet *packet)
{
    struct endpoint source = {.address = packet->source, .port = packet->source_port};
    struct endpoint destination = {.address = packet->destination,
                                   .port = packet->destination_port};
    bool source_is_low = endpoint_compare(&source, &destination) <= 0;

    struct flow_key key = {
        .low = source_is_low ? source : destination,
        .high = source_is_low ? destination : source,
        .protocol = packet->protocol,
        .vlan_count = packet->vlan_count,
        .tunnel = packet->tunnel,
    };
    memcpy(key.vlans, packet->vlans, packet->vlan_count * sizeof key.vlans[0]);
    return key;
}

bool flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Most flows are between IPv4 addresses, outside VLANs and tunnels; their keys are mostly zeros,
 * which cost as much to hash as anything else. The shorter form has its own length, which is hashed
 * too, and therefore never meets the longer one. */
uint64_t flow_key_hash(const struct flow_key *flow, const struct siphash_key *key)
{
    const struct endpoint *low = &flow->low, *high = &flow->high;
    if (low->address.version != 4 || high->address.version != 4 || flow->vlan_count > 0 ||
        flow->tunnel.kind != TUNNEL_NONE)
        return siphash(key, flow, sizeof *flow);
    struct {
        uint8_t low[4], high[4];
        uint16_t low_port, high_port;
        uint32_t protocol;
    } brief = {.low_port = low->port, .high_port = high->port, .protocol = flow->protocol};
    memcpy(brief.low, low->address.bytes, sizeof brief.low);
    memcpy(brief.high, high->address.bytes, sizeof brief.high);
    return siphash(key, &brief, sizeof brief);
}

struct flow_place flow_place_of(const struct packet *packet, const struct siphash_key *key)
{
    struct flow_place place = {.key = flow_key_of(packet)};
    place.hash = flow_key_hash(&place.key, key);
    return place;
}

enum flow_direction flow_direction_of(const struct flow *flow, const struct packet *packet)
{
    bool from_initiator = packet->source_port == flow->initiator.port &&
                          address_compare(&packet->source, &flow->initiator.address) == 0;
    return from_initiator ? TO_RESPONDER : TO_INITIATOR;
}

bool flow_is_answered(const struct flow *flow)
{
    const struct flow_side *responder = &flow->sides[TO_INITIATOR];
    const uint8_t syn_ack = TCP_SYN | TCP_ACK;
    if (flow->key.protocol != TRANSPORT_TCP)
        return responder->packets > 0;
    return (responder->tcp_flags & syn_ack) == syn_ack || responder->payload_bytes > 0;
}

uint64_t flow_packets(const struct flow *flow)
{
    return flow->sides[TO_RESPONDER].packets + flow->sides[TO_INITIATOR].packets;
}

uint64_t flow_payload_bytes(const struct flow *flow)
{
    return flow->sides[TO_RESPONDER].payload_bytes + flow->sides[TO_INITIATOR].payload_bytes;
}

int64_t flow_duration_ns(const struct flow *flow)
{
    int64_t duration;
    if (flow->last_ns <= flow->first_ns)
        return 0;
    if (__builtin_sub_overflow(flow->last_ns, flow->first_ns, &duration))
        return INT64_MAX;
    return duration;
}

const char *connection_state_name(enum connection_state state)
{
    static const char *const names[CONN_STATES] = {
        [CONN_S0] = "S0",       [CONN_S1] = "S1",     [CONN_SF] = "SF",
        [CONN_REJ] = "REJ",     [CONN_S2] = "S2",     [CONN_S3] = "S3",
        [CONN_RSTO] = "RSTO",   [CONN_RSTR] = "RSTR", [CONN_RSTOS0] = "RSTOS0",
        [CONN_RSTRH] = "RSTRH", [CONN_SH] = "SH",     [CONN_SHR] = "SHR",
        [CONN_OTH] = "OTH",
    };
    return names[state];
}

const char *flow_end_name(enum flow_end end)
{
    static const char *const names[FLOW_ENDS] = {
        [FLOW_OPEN] = "open",
        [FLOW_CLOSED] = "closed",
        [FLOW_RESET] = "reset",
        [FLOW_IDLE] = "idle",
        [FLOW_ACTIVE_TIMEOUT] = "active-timeout",
        [FLOW_REUSED] = "reused",
        [FLOW_EVICTED] = "evicted",
        [FLOW_END_OF_INPUT] = "end-of-input",
    };
    return names[end];
}

struct mark_name {
    uint32_t mark;
    const char *name;
};

static const char *find_mark(const struct mark_name *names, size_t count, uint32_t mark)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].mark == mark)
            return names[i].name;
    }
    return NULL;
}

const char *flow_mark_name(uint32_t mark)
{
    static const struct mark_name names[] = {
        {FLOW_MARK_MIDSTREAM, "midstream"},
        {FLOW_MARK_TRUNCATED, "truncated"},
        {FLOW_MARK_FRAGMENTS, "fragments"},
        {FLOW_MARK_FRAGMENT_OVERLAP, "fragment-overlap"},
        {FLOW_MARK_TINY_FRAGMENT, "tiny-fragment"},
        {FLOW_MARK_BAD_LENGTH, "bad-length"},
        {FLOW_MARK_BAD_TCP_HEADER, "bad-tcp-header"},
        {FLOW_MARK_EVICTED, "evicted"},
        {FLOW_MARK_DPI_BUDGET, "dpi-budget"},
        {FLOW_MARK_DPI_CUT, "dpi-cut"},
        {FLOW_MARK_DPI_OFF, "dpi-off"},
        {FLOW_MARK_NO_SAMPLE, "no-sample"},
        {FLOW_MARK_TIME_BACKWARDS, "time-backwards"},
        {FLOW_MARK_CONTINUED, "continued"},
        {FLOW_MARK_TCP_GAP, "tcp-gap"},
        {FLOW_MARK_FRAGMENT_ORPHAN, "fragment-orphan"},
    };
    return find_mark(names, sizeof names / sizeof names[0], mark);
}

const char *packet_mark_name(uint32_t mark)
{
    static const struct mark_name names[] = {
        {PACKET_TRUNCATED, "truncated"},
        {PACKET_FRAGMENT, "fragment"},
        {PACKET_FRAGMENT_OVERLAP, "fragment-overlap"},
        {PACKET_TINY_FRAGMENT, "tiny-fragment"},
        {PACKET_BAD_LENGTH, "bad-length"},
        {PACKET_BAD_TCP_HEADER, "bad-tcp-header"},
        {PACKET_LENGTH_ZERO, "length-zero"},
        {PACKET_FRAGMENT_ORPHAN, "fragment-orphan"},
    };
    return find_mark(names, sizeof names / sizeof names[0], mark);
}

const char *transport_name(uint8_t protocol)
{
    static const struct {
        uint8_t protocol;
        const char *name;
    } names[] = {
        {TRANSPORT_TCP, "TCP"},   {TRANSPORT_UDP, "UDP"},   {TRANSPORT_SCTP, "SCTP"},
        {TRANSPORT_DCCP, "DCCP"}, {TRANSPORT_ICMP, "ICMP"}, {TRANSPORT_ICMP6, "IPv6-ICMP"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].protocol == protocol)
            return names[i].name;
    }
    return NULL;
}

bool transport_has_ports(uint8_t protocol)
{
    return protocol == TRANSPORT_TCP || protocol == TRANSPORT_UDP || protocol == TRANSPORT_SCTP ||
           protocol == TRANSPORT_DCCP;
}

const char *tunnel_name(enum tunnel_kind kind)
{
    static const char *const names[TUNNEL_KINDS] = {
        [TUNNEL_NONE] = "none",     [TUNNEL_IPIP] = "ip-in-ip", [TUNNEL_GRE] = "gre",
        [TUNNEL_ERSPAN] = "erspan", [TUNNEL_VXLAN] = "vxlan",   [TUNNEL_GENEVE] = "geneve",
        [TUNNEL_GTPU] = "gtp-u",    [TUNNEL_TEREDO] = "teredo",
    };
    return names[kind];
}
