/* SPDX-License-Identifier: Apache-2.0 */
#include "output/field.h"

#include "base/memory.h"
#include "base/suggest.h"
#include "base/timestamp.h"
#include "output/field_get.h"
#include "output/record_words.h"

#include <stdlib.h>
#include <string.h>

#define MEMBER(member)                                                                             \
    .offset = offsetof(struct flow_record, member),                                                \
    .size = sizeof(((const struct flow_record *)NULL)->member)
#define THERE(member) MEMBER(flow.sides[TO_RESPONDER].member)
#define BACK(member) MEMBER(flow.sides[TO_INITIATOR].member)

static const struct field fields[] = {
    /* name, Zeek's name, Zeek's type, kind */
    {"start", "ts", "time", FIELD_TIME, MEMBER(flow.first_ns)},
    {"end", NULL, "time", FIELD_TIME, MEMBER(flow.last_ns)},
    {"duration", NULL, "interval", FIELD_INTERVAL, .get = get_duration},
    {"flow_id", NULL, "count", FIELD_COUNT, MEMBER(flow.id)},
    {"src_ip", "id.orig_h", "addr", FIELD_TEXT, .get = get_source},
    {"src_port", "id.orig_p", "port", FIELD_COUNT, MEMBER(flow.initiator.port)},
    {"dest_ip", "id.resp_h", "addr", FIELD_TEXT, .get = get_destination},
    {"dest_port", "id.resp_p", "port", FIELD_COUNT, MEMBER(flow.responder.port)},
    {"proto", "transport", "string", FIELD_TEXT, .get = get_transport},
    {"ip_v", NULL, "count", FIELD_COUNT, MEMBER(flow.initiator.address.version)},
    {"vlan", NULL, "set[count]", FIELD_SET, .get = get_vlans},
    {"community_id", NULL, "string", FIELD_TEXT, .get = get_community_id},
    {"input", NULL, "string", FIELD_TEXT, .get = get_input},

    {"app_proto", NULL, "string", FIELD_TEXT, .get = get_app_protocol},
    {"assigned", NULL, "string", FIELD_TEXT, .get = get_assigned},
    {"port_side", NULL, "string", FIELD_TEXT, .get = get_port_side},
    {"verdict", NULL, "string", FIELD_TEXT, .get = get_verdict},
    {"why", NULL, "string", FIELD_TEXT, .get = get_why},
    {"application", NULL, "string", FIELD_TEXT, MEMBER(classification.application)},
    {"application_id", NULL, "string", FIELD_TEXT, .get = get_application_id},
    {"marks", NULL, "set[string]", FIELD_SET, .get = get_marks},

    {"pkts_toserver", "orig_pkts", "count", FIELD_COUNT, THERE(packets)},
    {"pkts_toclient", "resp_pkts", "count", FIELD_COUNT, BACK(packets)},
    {"bytes_toserver", NULL, "count", FIELD_COUNT, THERE(wire_bytes)},
    {"bytes_toclient", NULL, "count", FIELD_COUNT, BACK(wire_bytes)},
    {"ip_bytes_toserver", "orig_ip_bytes", "count", FIELD_COUNT, THERE(ip_bytes)},
    {"ip_bytes_toclient", "resp_ip_bytes", "count", FIELD_COUNT, BACK(ip_bytes)},
    {"payload_toserver", "orig_bytes", "count", FIELD_COUNT, THERE(payload_bytes)},
    {"payload_toclient", "resp_bytes", "count", FIELD_COUNT, BACK(payload_bytes)},
    {"missed_toserver", NULL, "count", FIELD_COUNT, THERE(missed_bytes)},
    {"missed_toclient", NULL, "count", FIELD_COUNT, BACK(missed_bytes)},
    {"conn_state", NULL, "string", FIELD_TEXT, .get = get_state},
    {"history", NULL, "string", FIELD_TEXT, MEMBER(flow.history)},
    {"end_reason", NULL, "string", FIELD_TEXT, .get = get_end},
    {"tcp_flags", NULL, "string", FIELD_TEXT, .get = get_flags,
     .of = 1 << TO_RESPONDER | 1 << TO_INITIATOR},
    {"tcp_flags_ts", NULL, "string", FIELD_TEXT, .get = get_flags, .of = 1 << TO_RESPONDER},
    {"tcp_flags_tc", NULL, "string", FIELD_TEXT, .get = get_flags, .of = 1 << TO_INITIATOR},
    {"tunnel_kind", NULL, "string", FIELD_TEXT, .get = get_tunnel_kind},
    {"tunnel_id", NULL, "count", FIELD_COUNT, .get = get_tunnel_id},
    {"tunnel_depth", NULL, "count", FIELD_COUNT, .get = get_tunnel_depth},

    {"detected", NULL, "string", FIELD_TEXT, MEMBER(detection.name)},
    {"detected_id", NULL, "string", FIELD_TEXT, .get = get_detected_id},
    {"confidence", NULL, "string", FIELD_TEXT, .get = get_confidence},
    {"evidence", NULL, "string", FIELD_TEXT, .get = get_evidence},
    {"evidence_why", NULL, "string", FIELD_TEXT, MEMBER(detection.why)},
    {"ndpi_category", NULL, "string", FIELD_TEXT, MEMBER(detection.category)},
    {"packets_inspected", NULL, "count", FIELD_COUNT, MEMBER(detection.packets_inspected)},
    {"redissected_port", NULL, "count", FIELD_COUNT, .get = get_redissected_port},
    {"risks", NULL, "set[string]", FIELD_SET, .get = get_risks},
    {"hostname", NULL, "string", FIELD_TEXT, MEMBER(detection.hostname)},
    {"user_agent", NULL, "string", FIELD_TEXT, MEMBER(detection.user_agent)},
    {"url", NULL, "string", FIELD_TEXT, MEMBER(detection.url)},
    {"ssh_client", NULL, "string", FIELD_TEXT, MEMBER(detection.ssh_client)},
    {"ssh_server", NULL, "string", FIELD_TEXT, MEMBER(detection.ssh_server)},
    {"tls_version", NULL, "string", FIELD_TEXT, MEMBER(detection.tls_version)},
    {"ja3", NULL, "string", FIELD_TEXT, MEMBER(detection.ja3_client)},
    {"ja3s", NULL, "string", FIELD_TEXT, MEMBER(detection.ja3_server)},
    {"ja4", NULL, "string", FIELD_TEXT, MEMBER(detection.ja4_client)},
    {"hassh_client", NULL, "string", FIELD_TEXT, MEMBER(detection.hassh_client)},
    {"hassh_server", NULL, "string", FIELD_TEXT, MEMBER(detection.hassh_server)},

    {"entropy", NULL, "double", FIELD_REAL, .get = get_entropy},
    {"first_toserver", NULL, "string", FIELD_TEXT, .get = get_first, .of = TO_RESPONDER},
    {"first_toserver_hex", NULL, "string", FIELD_TEXT, .get = get_first_hex, .of = TO_RESPONDER},
    {"first_toclient", NULL, "string", FIELD_TEXT, .get = get_first, .of = TO_INITIATOR},
    {"first_toclient_hex", NULL, "string", FIELD_TEXT, .get = get_first_hex, .of = TO_INITIATOR},

    {"category", NULL, "string", FIELD_TEXT, .get = get_attribute, .of = ATTRIBUTE_CATEGORY},
    {"sub-category", NULL, "string", FIELD_TEXT, .get = get_attribute,
     .of = ATTRIBUTE_SUB_CATEGORY},
    {"application-group", NULL, "string", FIELD_TEXT, .get = get_attribute,
     .of = ATTRIBUTE_APPLICATION_GROUP},
    {"traffic-class", NULL, "string", FIELD_TEXT, .get = get_attribute,
     .of = ATTRIBUTE_TRAFFIC_CLASS},
    {"business-relevance", NULL, "string", FIELD_TEXT, .get = get_attribute,
     .of = ATTRIBUTE_BUSINESS_RELEVANCE},
    {"p2p-technology", NULL, "string", FIELD_TEXT, .get = get_attribute,
     .of = ATTRIBUTE_P2P_TECHNOLOGY},
    {"tunnel", NULL, "string", FIELD_TEXT, .get = get_attribute, .of = ATTRIBUTE_TUNNEL},
    {"encrypted", NULL, "string", FIELD_TEXT, .get = get_attribute, .of = ATTRIBUTE_ENCRYPTED},

    /* What only Zeek's conn.log has. */
    {"uid", NULL, "string", FIELD_TEXT, true, .get = get_uid},
    {"proto", NULL, "enum", FIELD_TEXT, true, .get = get_zeek_transport},
    {"service", NULL, "string", FIELD_TEXT, true, .get = get_service},
    {"local_orig", NULL, "bool", FIELD_TEXT, true, .get = get_nothing},
    {"local_resp", NULL, "bool", FIELD_TEXT, true, .get = get_nothing},
    {"missed_bytes", NULL, "count", FIELD_COUNT, true, .get = get_missed_bytes},
    {"tunnel_parents", NULL, "set[string]", FIELD_SET, true, .get = get_tunnel_parents},
    {"ip_proto", NULL, "count", FIELD_COUNT, true, MEMBER(flow.key.protocol)},
};

enum { FIELD_COUNT_ALL = sizeof fields / sizeof fields[0] };
_Static_assert(sizeof fields / sizeof fields[0] <= FIELDS_MAX, "a list holds all fields");

const char *field_name(const struct field *field, enum field_naming naming)
{
    return naming == NAMED_AS_ZEEKS && field->zeek_name ? field->zeek_name : field->name;
}

struct field_list fields_default(void)
{
    struct field_list list = {.count = 0};
    for (size_t i = 0; i < FIELD_COUNT_ALL; i++) {
        if (!fields[i].is_zeeks)
            list.all[list.count++] = &fields[i];
    }
    return list;
}

/* The field of that name in the naming asked for, else in the other. */
static const struct field *find_field(const char *word, enum field_naming naming)
{
    const struct field *other = NULL;
    for (size_t i = 0; i < FIELD_COUNT_ALL; i++) {
        const struct field *field = &fields[i];
        bool is_at_home = naming == NAMED_AS_ZEEKS || !field->is_zeeks;
        if (is_at_home && strcmp(word, field_name(field, naming)) == 0)
            return field;
        if (strcmp(word, field->name) == 0 ||
            (field->zeek_name && strcmp(word, field->zeek_name) == 0))
            other = field;
    }
    return other;
}

static bool explain_unknown(const char *word, enum field_naming naming, struct error *error)
{
    const char *names[FIELD_COUNT_ALL];
    char shown[64], nearest[SUGGESTION_SIZE];
    struct text known = {0};
    size_t count = 0;
    for (size_t i = 0; i < FIELD_COUNT_ALL; i++) {
        const char *name = field_name(&fields[i], naming);
        if (find_field(name, naming) != &fields[i])
            continue; /* its first namesake is the one that is meant */
        names[count++] = name;
        text_add(&known, count > 1 ? ", " : "");
        text_add(&known, name);
    }
    error_usage(error, "--fields: unknown field '%s'%s; known are %s",
                text_printable(word, shown, sizeof shown), suggestion(word, names, count, nearest),
                text_words(&known));
    text_free(&known);
    return false;
}

static bool add_field(struct field_list *list, const char *word, enum field_naming naming,
                      struct error *error)
{
    const struct field *field = find_field(word, naming);
    if (!field)
        return explain_unknown(word, naming, error);
    if (list->count == FIELDS_MAX)
        return error_usage(error, "--fields: more than %d fields", FIELDS_MAX);
    list->all[list->count++] = field;
    return true;
}

bool fields_choose(struct field_list *list, const char *words, enum field_naming naming,
                   struct error *error)
{
    bool is_known = true;
    list->count = 0;
    while (is_known && *words != '\0') {
        size_t length = strcspn(words, ",");
        char *word = memory_string_n(words, length);
        is_known = add_field(list, word, naming, error);
        free(word);
        words += length;
        words += *words == ',';
    }
    if (is_known && list->count == 0)
        return error_usage(error, "--fields names no field; write --fields %s,%s", fields[0].name,
                           fields[1].name);
    return is_known;
}

/* An unsigned member of any width. */
static uint64_t read_count(const unsigned char *at, size_t size)
{
    uint32_t u32;
    uint16_t u16;
    uint64_t u64;
    switch (size) {
    case sizeof u64:
        memcpy(&u64, at, size);
        return u64;
    case sizeof u32:
        memcpy(&u32, at, size);
        return u32;
    case sizeof u16:
        memcpy(&u16, at, size);
        return u16;
    default:
        return *at;
    }
}

static bool read_member(const struct field *field, struct field_value *value)
{
    const unsigned char *at = (const unsigned char *)value->record + field->offset;
    switch (field->kind) {
    case FIELD_COUNT:
        value->count = read_count(at, field->size);
        return true;
    case FIELD_TIME:
    case FIELD_INTERVAL:
        memcpy(&value->ns, at, sizeof value->ns);
        return true;
    case FIELD_TEXT:
    case FIELD_SET:
    case FIELD_REAL:
        break;
    }
    value->text = (struct span){at, strnlen((const char *)at, field->size)};
    return value->text.length > 0;
}

bool field_get(const struct field *field, struct field_value *value)
{
    value->of = field->of;
    return field->get ? field->get(value) : read_member(field, value);
}

void field_add_number(struct text *text, const struct field *field, const struct field_value *value)
{
    char words[TIMESTAMP_TEXT_SIZE];
    if (field->kind == FIELD_COUNT)
        text_add_u64(text, value->count);
    else if (field->kind == FIELD_REAL)
        add_entropy(text, value->real);
    else
        text_add(text, timestamp_epoch(value->ns, words));
}

void field_add_printable(struct text *text, const struct field *field, struct field_value *value)
{
    char words[TIMESTAMP_TEXT_SIZE];
    if (!field_get(field, value))
        return;
    switch (field->kind) {
    case FIELD_TIME:
        text_add(text, timestamp_rfc3339(value->ns, words));
        break;
    case FIELD_TEXT:
    case FIELD_SET:
        text_add_printable(text, value->text);
        break;
    case FIELD_COUNT:
    case FIELD_REAL:
    case FIELD_INTERVAL:
        field_add_number(text, field, value);
        break;
    }
}
