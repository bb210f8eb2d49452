/* SPDX-License-Identifier: Apache-2.0 */
#include "output/eve.h"

#include "base/timestamp.h"
#include "model/payload_profile.h"
#include "output/json.h"
#include "output/record_words.h"

/* Suricata's words for a flow's and a TCP connection's state. */
struct eve_state {
    const char *flow, *tcp;
};

static struct eve_state state_of(const struct flow *flow)
{
    static const struct eve_state states[CONN_STATES] = {
        [CONN_S0] = {"new", "syn_sent"},
        [CONN_S1] = {"established", "established"},
        [CONN_SF] = {"closed", "closed"},
        [CONN_REJ] = {"closed", "closed"},
        [CONN_S2] = {"established", "fin_wait2"},
        [CONN_S3] = {"established", "close_wait"},
        [CONN_RSTO] = {"closed", "closed"},
        [CONN_RSTR] = {"closed", "closed"},
        [CONN_RSTOS0] = {"closed", "closed"},
        [CONN_RSTRH] = {"closed", "closed"},
        [CONN_SH] = {"new", "fin_wait1"},
        [CONN_SHR] = {"new", "syn_recv"},
        [CONN_OTH] = {"established", "established"},
    };
    if (flow->key.protocol == TRANSPORT_TCP)
        return states[flow->state];
    /* Without a handshake only an answer tells that the other side is there. */
    bool is_answered = flow->sides[TO_INITIATOR].packets > 0 && flow->sides[TO_RESPONDER].packets;
    return (struct eve_state){is_answered ? "established" : "new", NULL};
}

/* Why Suricata would say that the flow ended; our own finer word stands under portscope. */
static const char *eve_reason(enum flow_end end)
{
    static const char *const reasons[FLOW_ENDS] = {
        [FLOW_OPEN] = "shutdown",  [FLOW_CLOSED] = "timeout",        [FLOW_RESET] = "timeout",
        [FLOW_IDLE] = "timeout",   [FLOW_ACTIVE_TIMEOUT] = "forced", [FLOW_REUSED] = "tcp_reuse",
        [FLOW_EVICTED] = "forced", [FLOW_END_OF_INPUT] = "shutdown",
    };
    return reasons[end];
}

void eve_add_tuple(struct text *text, const struct endpoint *initiator,
                   const struct endpoint *responder, uint8_t protocol)
{
    char words[ADDRESS_TEXT_SIZE];
    char transport[TRANSPORT_TEXT_SIZE];
    bool has_ports = transport_has_ports(protocol);
    json_word(text, "src_ip", address_text(&initiator->address, words));
    if (has_ports)
        json_number(text, "src_port", initiator->port);
    json_word(text, "dest_ip", address_text(&responder->address, words));
    if (has_ports)
        json_number(text, "dest_port", responder->port);
    json_word(text, "proto", transport_text(protocol, transport));
    json_number(text, "ip_v", initiator->address.version);
}

static void add_vlans(struct text *text, const struct flow_key *key)
{
    if (key->vlan_count == 0)
        return;
    json_begin(text, "vlan", '[');
    for (size_t i = 0; i < key->vlan_count; i++)
        json_number(text, NULL, key->vlans[i]);
    json_end(text, ']');
}

static void add_head(struct text *text, const struct flow_record *record)
{
    const struct flow *flow = &record->flow;
    char id[FLOW_COMMUNITY_ID_SIZE];
    char name[DETECTION_NAME_SIZE];
    json_time(text, "timestamp", flow->first_ns);
    json_number(text, "flow_id", flow->id);
    json_string_if(text, record->is_live ? "in_iface" : "pcap_filename", record->input);
    json_word(text, "event_type", "flow");
    add_vlans(text, &flow->key);
    eve_add_tuple(text, &flow->initiator, &flow->responder, flow->key.protocol);
    json_word(text, "community_id", flow_community_id(flow, id));
    json_string_if(text, "app_proto", app_protocol(&record->detection, name));
}

static void add_flow(struct text *text, const struct flow *flow)
{
    const struct flow_side *there = &flow->sides[TO_RESPONDER];
    const struct flow_side *back = &flow->sides[TO_INITIATOR];
    json_begin(text, "flow", '{');
    json_number(text, "pkts_toserver", there->packets);
    json_number(text, "pkts_toclient", back->packets);
    json_number(text, "bytes_toserver", there->wire_bytes);
    json_number(text, "bytes_toclient", back->wire_bytes);
    json_time(text, "start", flow->first_ns);
    json_time(text, "end", flow->last_ns);
    json_number(text, "age", (uint64_t)(flow_duration_ns(flow) / NS_PER_S));
    json_word(text, "state", state_of(flow).flow);
    json_word(text, "reason", eve_reason(flow->end));
    json_end(text, '}');
}

static void add_flags(struct text *text, const char *key, uint8_t flags)
{
    json_key(text, key);
    text_add_char(text, '"');
    text_add_hex(text, (struct span){&flags, 1});
    text_add_char(text, '"');
}

static void add_tcp(struct text *text, const struct flow *flow)
{
    if (flow->key.protocol != TRANSPORT_TCP)
        return;
    uint8_t there = flow->sides[TO_RESPONDER].tcp_flags;
    uint8_t back = flow->sides[TO_INITIATOR].tcp_flags;
    json_begin(text, "tcp", '{');
    add_flags(text, "tcp_flags", there | back);
    add_flags(text, "tcp_flags_ts", there);
    add_flags(text, "tcp_flags_tc", back);
    json_word(text, "state", state_of(flow).tcp);
    json_string(text, "history", span_of(flow->history));
    json_end(text, '}');
}

static void add_risks(struct text *text, uint64_t risks)
{
    json_begin(text, "risks", '[');
    for (uint64_t rest = risks; rest; rest &= rest - 1) {
        json_begin(text, NULL, '"');
        add_risk(text, (unsigned)__builtin_ctzll(rest));
        json_end(text, '"');
    }
    json_end(text, ']');
}

static void add_metadata(struct text *text, const struct detection *detection)
{
    const struct {
        const char *key, *value;
    } all[] = {
        {"hostname", detection->hostname},
        {"user_agent", detection->user_agent},
        {"url", detection->url},
        {"ssh_client", detection->ssh_client},
        {"ssh_server", detection->ssh_server},
        {"tls_version", detection->tls_version},
        {"ja3", detection->ja3_client},
        {"ja3s", detection->ja3_server},
        {"ja4", detection->ja4_client},
        {"hassh_client", detection->hassh_client},
        {"hassh_server", detection->hassh_server},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        json_string_if(text, all[i].key, all[i].value);
}

static void add_ndpi(struct text *text, const struct detection *detection)
{
    bool is_named = detection_is_named(detection);
    if (!is_named && detection->packets_inspected == 0)
        return;
    json_begin(text, "ndpi", '{');
    json_string(text, "proto", span_of(is_named ? detection->name : "Unknown"));
    json_begin(text, "proto_id", '"');
    add_protocol_id(text, detection);
    json_end(text, '"');
    json_word(text, "confidence", confidence_name(detection->confidence));
    json_word(text, "evidence", evidence_name(detection->evidence));
    json_string_if(text, "why", detection->why);
    json_string_if(text, "category", detection->category);
    json_number(text, "packets_inspected", detection->packets_inspected);
    if (detection->redissected_port > 0)
        json_number(text, "redissected_port", detection->redissected_port);
    add_risks(text, detection->risks);
    add_metadata(text, detection);
    json_end(text, '}');
}

static void add_attributes(struct text *text, const struct attributes *attributes)
{
    json_begin(text, "attributes", '{');
    for (enum attribute i = 0; i < ATTRIBUTES; i++)
        json_string(text, attribute_name(i), span_of(attributes->values[i]));
    json_end(text, '}');
}

/* 16 bytes twice: what can be read of them, and as they are. */
static void add_first_bytes(struct text *text, const char *key, const char *hex_key,
                            struct span bytes)
{
    if (bytes.length == 0)
        return;
    json_printable(text, key, bytes);
    json_begin(text, hex_key, '"');
    text_add_hex(text, bytes);
    json_end(text, '"');
}

/* What is known of payload that has no name, or none that can be relied on. */
static void add_profile(struct text *text, const struct flow *flow)
{
    char words[PROFILE_TEXT_SIZE];
    struct payload_profile profile = payload_profile_of(flow);
    if (profile.fingerprint == 0)
        return;
    json_string_if(text, "form_toserver",
                   direction_profile_text(&profile.sides[TO_RESPONDER], words));
    json_string_if(text, "form_toclient",
                   direction_profile_text(&profile.sides[TO_INITIATOR], words));
    json_begin(text, "fingerprint", '"');
    for (unsigned shift = 64; shift > 0; shift -= 8)
        text_add_hex(text,
                     (struct span){&(uint8_t){(uint8_t)(profile.fingerprint >> (shift - 8))}, 1});
    json_end(text, '"');
}

static bool is_unnamed(const struct flow_record *record)
{
    enum verdict verdict = record->classification.verdict;
    return verdict == VERDICT_GUESS || !detection_is_named(&record->detection);
}

static void add_payload(struct text *text, const struct flow_record *record)
{
    const struct flow *flow = &record->flow;
    json_begin(text, "payload", '{');
    json_number(text, "bytes_toserver", flow->sides[TO_RESPONDER].payload_bytes);
    json_number(text, "bytes_toclient", flow->sides[TO_INITIATOR].payload_bytes);
    if (flow->sides[TO_RESPONDER].missed_bytes > 0)
        json_number(text, "missed_toserver", flow->sides[TO_RESPONDER].missed_bytes);
    if (flow->sides[TO_INITIATOR].missed_bytes > 0)
        json_number(text, "missed_toclient", flow->sides[TO_INITIATOR].missed_bytes);
    double entropy = payload_entropy(flow);
    if (entropy >= 0) {
        json_key(text, "entropy");
        add_entropy(text, entropy);
    }
    add_first_bytes(text, "first_toserver", "first_toserver_hex", first_bytes(flow, TO_RESPONDER));
    add_first_bytes(text, "first_toclient", "first_toclient_hex", first_bytes(flow, TO_INITIATOR));
    if (is_unnamed(record))
        add_profile(text, flow);
    json_end(text, '}');
}

static void add_tunnel(struct text *text, const struct tunnel *tunnel)
{
    if (tunnel->kind == TUNNEL_NONE)
        return;
    json_begin(text, "tunnel", '{');
    json_word(text, "kind", tunnel_name(tunnel->kind));
    json_number(text, "id", tunnel->id);
    json_number(text, "depth", tunnel->depth);
    json_end(text, '}');
}

static void add_marks(struct text *text, uint32_t marks)
{
    json_begin(text, "marks", '[');
    for (uint32_t rest = marks; rest; rest &= rest - 1) {
        const char *name = flow_mark_name(rest & (0 - rest));
        if (name)
            json_word(text, NULL, name);
    }
    json_end(text, ']');
}

static void add_classification(struct text *text, const struct classification *found)
{
    if (found->assigned)
        json_string(text, "assigned", span_of(found->assigned->name));
    json_string(text, "application", span_of(found->application));
    json_begin(text, "application_id", '"');
    text_add_u64(text, found->application_id.engine);
    text_add_char(text, ':');
    text_add_u64(text, found->application_id.selector);
    json_end(text, '"');
    json_word(text, "port_side", port_side_name(found->port_side));
    json_word(text, "verdict", verdict_name(found->verdict));
    json_begin(text, "why", '[');
    for (size_t i = 0; i < found->why_count; i++)
        json_string(text, NULL, span_of(found->why[i]));
    json_end(text, ']');
    add_attributes(text, found->attributes);
}

void eve_add_flow(struct text *text, const struct flow_record *record)
{
    const struct flow *flow = &record->flow;
    json_begin(text, NULL, '{');
    add_head(text, record);
    add_flow(text, flow);
    add_tcp(text, flow);
    add_ndpi(text, &record->detection);
    json_begin(text, "portscope", '{');
    add_classification(text, &record->classification);
    json_word(text, "conn_state", connection_state_name(flow->state));
    json_word(text, "end", flow_end_name(flow->end));
    add_payload(text, record);
    add_tunnel(text, &flow->key.tunnel);
    add_marks(text, flow->marks);
    json_end(text, '}');
    json_end(text, '}');
}
