/* SPDX-License-Identifier: Apache-2.0 */
#include "output/field_get.h"

#include "model/payload_profile.h"
#include "output/record_words.h"

static bool set_word(struct field_value *value, const char *word)
{
    value->text = span_of(word);
    return value->text.length > 0;
}

static bool set_scratch(struct field_value *value)
{
    return set_word(value, text_words(&value->scratch));
}

static void add_element(struct text *set, const char *word)
{
    text_add(set, set->length > 0 ? "," : "");
    text_add(set, word);
}

bool get_nothing(struct field_value *value)
{
    (void)value;
    return false;
}

bool get_missed_bytes(struct field_value *value)
{
    const struct flow *flow = &value->record->flow;
    value->count = flow->sides[TO_RESPONDER].missed_bytes + flow->sides[TO_INITIATOR].missed_bytes;
    return flow->key.protocol == TRANSPORT_TCP;
}

bool get_duration(struct field_value *value)
{
    value->ns = flow_duration_ns(&value->record->flow);
    return true;
}

bool get_source(struct field_value *value)
{
    return set_word(value, address_text(&value->record->flow.initiator.address, value->room));
}

bool get_destination(struct field_value *value)
{
    return set_word(value, address_text(&value->record->flow.responder.address, value->room));
}

bool get_transport(struct field_value *value)
{
    return set_word(value, transport_text(value->record->flow.key.protocol, value->room));
}

bool get_zeek_transport(struct field_value *value)
{
    char words[TRANSPORT_TEXT_SIZE];
    uint8_t protocol = value->record->flow.key.protocol;
    if (protocol == TRANSPORT_ICMP6)
        return set_word(value, "icmp");
    lower_case(transport_text(protocol, words), value->room, sizeof value->room);
    return set_word(value, value->room);
}

bool get_vlans(struct field_value *value)
{
    const struct flow_key *key = &value->record->flow.key;
    text_clear(&value->scratch);
    for (size_t i = 0; i < key->vlan_count; i++) {
        text_add(&value->scratch, i > 0 ? "," : "");
        text_add_u64(&value->scratch, key->vlans[i]);
    }
    return set_scratch(value);
}

bool get_community_id(struct field_value *value)
{
    return set_word(value, flow_community_id(&value->record->flow, value->room));
}

bool get_input(struct field_value *value)
{
    return set_word(value, value->record->input);
}

bool get_app_protocol(struct field_value *value)
{
    return set_word(value, app_protocol(&value->record->detection, value->room));
}

bool get_service(struct field_value *value)
{
    return detection_is_sure(value->record) && get_app_protocol(value);
}

bool get_assigned(struct field_value *value)
{
    const struct service *assigned = value->record->classification.assigned;
    return assigned && set_word(value, assigned->name);
}

bool get_port_side(struct field_value *value)
{
    return set_word(value, port_side_name(value->record->classification.port_side));
}

bool get_verdict(struct field_value *value)
{
    return set_word(value, verdict_name(value->record->classification.verdict));
}

bool get_why(struct field_value *value)
{
    const struct classification *classification = &value->record->classification;
    text_clear(&value->scratch);
    for (size_t i = 0; i < classification->why_count; i++) {
        text_add(&value->scratch, i > 0 ? "; " : "");
        text_add(&value->scratch, classification->why[i]);
    }
    return set_scratch(value);
}

bool get_application_id(struct field_value *value)
{
    return set_word(value,
                    application_id_text(value->record->classification.application_id, value->room));
}

bool get_attribute(struct field_value *value)
{
    return set_word(value, value->record->classification.attributes->values[value->of]);
}

bool get_marks(struct field_value *value)
{
    text_clear(&value->scratch);
    for (uint32_t rest = value->record->flow.marks; rest; rest &= rest - 1) {
        const char *name = flow_mark_name(rest & (0 - rest));
        if (name)
            add_element(&value->scratch, name);
    }
    return set_scratch(value);
}

bool get_state(struct field_value *value)
{
    return set_word(value, connection_state_name(value->record->flow.state));
}

bool get_end(struct field_value *value)
{
    return set_word(value, flow_end_name(value->record->flow.end));
}

/* `of`: one bit for each direction whose flags are meant. */
bool get_flags(struct field_value *value)
{
    uint8_t flags = 0;
    if (value->record->flow.key.protocol != TRANSPORT_TCP)
        return false;
    for (size_t side = 0; side < FLOW_DIRECTIONS; side++) {
        if (value->of >> side & 1)
            flags |= value->record->flow.sides[side].tcp_flags;
    }
    text_clear(&value->scratch);
    text_add_hex(&value->scratch, (struct span){&flags, 1});
    return set_scratch(value);
}

bool get_tunnel_kind(struct field_value *value)
{
    const struct tunnel *tunnel = &value->record->flow.key.tunnel;
    return tunnel->kind != TUNNEL_NONE && set_word(value, tunnel_name(tunnel->kind));
}

bool get_tunnel_id(struct field_value *value)
{
    value->count = value->record->flow.key.tunnel.id;
    return value->record->flow.key.tunnel.kind != TUNNEL_NONE;
}

bool get_tunnel_depth(struct field_value *value)
{
    value->count = value->record->flow.key.tunnel.depth;
    return value->record->flow.key.tunnel.kind != TUNNEL_NONE;
}

/* Zeek names the connections that a flow was tunnelled in; there are none, or they are not known.
 */
bool get_tunnel_parents(struct field_value *value)
{
    value->text = (struct span){0};
    return value->record->flow.key.tunnel.kind == TUNNEL_NONE;
}

bool get_detected_id(struct field_value *value)
{
    text_clear(&value->scratch);
    if (detection_is_named(&value->record->detection))
        add_protocol_id(&value->scratch, &value->record->detection);
    return set_scratch(value);
}

bool get_confidence(struct field_value *value)
{
    return set_word(value, confidence_name(value->record->detection.confidence));
}

bool get_evidence(struct field_value *value)
{
    return set_word(value, evidence_name(value->record->detection.evidence));
}

bool get_redissected_port(struct field_value *value)
{
    value->count = value->record->detection.redissected_port;
    return value->count > 0;
}

bool get_risks(struct field_value *value)
{
    text_clear(&value->scratch);
    for (uint64_t rest = value->record->detection.risks; rest; rest &= rest - 1) {
        text_add(&value->scratch, value->scratch.length > 0 ? "," : "");
        add_risk(&value->scratch, (unsigned)__builtin_ctzll(rest));
    }
    return set_scratch(value);
}

bool get_entropy(struct field_value *value)
{
    value->real = payload_entropy(&value->record->flow);
    return value->real >= 0;
}

bool get_first(struct field_value *value)
{
    value->text = first_bytes(&value->record->flow, (enum flow_direction)value->of);
    return value->text.length > 0;
}

bool get_first_hex(struct field_value *value)
{
    text_clear(&value->scratch);
    text_add_hex(&value->scratch,
                 first_bytes(&value->record->flow, (enum flow_direction)value->of));
    return set_scratch(value);
}

bool get_uid(struct field_value *value)
{
    return set_word(value, uid_text(value->record->flow.id, value->room));
}
