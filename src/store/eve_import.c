/* SPDX-License-Identifier: Apache-2.0 */
#include "store/eve_import.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "store/store_state.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE_MAX = 1 << 20, SHOWN_SIZE = 400 };

/* Words of the line being read that its row points to. */
struct import {
    struct store *store;
    struct eve_import *counts;
    struct text why, risks, marks, vlans, metadata, hosts, flow_ids;
    char tunnel[48], flow[160], id[STORE_FINDING_ID_SIZE];
    bool is_in_run; /* statistics of a run came, and not its last */
};

static const char *word(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static uint64_t number(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 ? (uint64_t)value : 0;
}

static const char *joined(const json_t *list, const char *between, struct text *text)
{
    size_t index;
    json_t *value;
    text_clear(text);
    json_array_foreach(list, index, value)
    {
        if (index > 0)
            text_add(text, between);
        if (json_is_integer(value))
            text_addf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_string(value))
            text_add(text, json_string_value(value));
    }
    return text_words(text);
}

static uint16_t port_of(const json_t *event, const char *key)
{
    uint64_t port = number(event, key);
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

static uint8_t protocol_of(const char *name)
{
    char *end;
    unsigned long known = strtoul(name, &end, 10);
    if (end != name && *end == '\0' && known < 256)
        return (uint8_t)known;
    for (unsigned protocol = 0; protocol < 256; protocol++) {
        const char *candidate = transport_name((uint8_t)protocol);
        if (candidate && strcmp(candidate, name) == 0)
            return (uint8_t)protocol;
    }
    return 0;
}

static uint8_t flags_of(const char *hex)
{
    return (uint8_t)strtoul(hex, NULL, 16);
}

static void add_metadata(struct text *text, const char *key, const char *value)
{
    if (value[0] == '\0')
        return;
    text_addf(text, "%s\"%s\":\"", text->length > 0 ? "," : "{", key);
    text_add_json(text, span_of(value));
    text_add_char(text, '"');
}

static void add_profile(struct text *text, const json_t *payload)
{
    char entropy[16];
    if (word(payload, "fingerprint")[0] == '\0')
        return;
    snprintf(entropy, sizeof entropy, "%.3f",
             json_number_value(json_object_get(payload, "entropy")));
    add_metadata(text, "fingerprint", word(payload, "fingerprint"));
    add_metadata(text, "entropy", entropy);
    add_metadata(text, "form_there", word(payload, "form_toserver"));
    add_metadata(text, "form_back", word(payload, "form_toclient"));
}

/* What `-o store` keeps in one column stands as keys of their own under ndpi and payload. */
static const char *metadata_of(const json_t *ndpi, const json_t *payload, struct text *text)
{
    static const char *const keys[][2] = {
        {"user_agent", "user_agent"},
        {"url", "url"},
        {"ssh_client", "ssh_client"},
        {"ssh_server", "ssh_server"},
        {"tls_version", "tls_version"},
        {"ja3", "ja3"},
        {"ja3s", "ja3s"},
        {"ja4", "ja4"},
        {"hassh_client", "hassh_client"},
        {"hassh_server", "hassh_server"},
        {"category", "ndpi_category"},
        {"why", "why"},
    };
    text_clear(text);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        add_metadata(text, keys[i][1], word(ndpi, keys[i][0]));
    add_profile(text, payload);
    if (text->length > 0)
        text_add_char(text, '}');
    return text_words(text);
}

static void set_ours(struct store_flow *row, struct import *import, const json_t *ours)
{
    const json_t *attributes = json_object_get(ours, "attributes");
    const json_t *payload = json_object_get(ours, "payload");
    const json_t *tunnel = json_object_get(ours, "tunnel");
    row->service = word(ours, "assigned");
    row->application = word(ours, "application");
    row->application_id = word(ours, "application_id");
    row->category = word(attributes, "category");
    row->traffic_class = word(attributes, "traffic-class");
    row->business_relevance = word(attributes, "business-relevance");
    row->verdict = word(ours, "verdict");
    row->port_side = word(ours, "port_side");
    row->why = joined(json_object_get(ours, "why"), "\n", &import->why);
    row->marks = joined(json_object_get(ours, "marks"), " ", &import->marks);
    row->conn_state = row->protocol == TRANSPORT_TCP ? word(ours, "conn_state") : "";
    row->end_reason = word(ours, "end");
    row->payload_there = number(payload, "bytes_toserver");
    row->payload_back = number(payload, "bytes_toclient");
    row->first_there = word(payload, "first_toserver_hex");
    row->first_back = word(payload, "first_toclient_hex");
    row->tunnel = "";
    if (tunnel) {
        snprintf(import->tunnel, sizeof import->tunnel, "%.30s %" PRIu64, word(tunnel, "kind"),
                 number(tunnel, "id"));
        row->tunnel = import->tunnel;
    }
}

static void set_detection(struct store_flow *row, struct import *import, const json_t *event)
{
    const json_t *ndpi = json_object_get(event, "ndpi");
    const json_t *ours = json_object_get(event, "portscope");
    const char *name = word(ndpi, "proto");
    row->detected = strcmp(name, "Unknown") == 0 ? "" : name;
    row->detected_id = strcmp(word(ndpi, "proto_id"), "0") == 0 ? "" : word(ndpi, "proto_id");
    row->confidence = ndpi ? word(ndpi, "confidence") : "none";
    row->evidence = ndpi ? word(ndpi, "evidence") : "none";
    row->risks = joined(json_object_get(ndpi, "risks"), " ", &import->risks);
    row->hostname = word(ndpi, "hostname");
    row->metadata = metadata_of(ndpi, json_object_get(ours, "payload"), &import->metadata);
}

static void set_counts(struct store_flow *row, const json_t *event)
{
    const json_t *flow = json_object_get(event, "flow");
    const json_t *tcp = json_object_get(event, "tcp");
    row->packets_there = number(flow, "pkts_toserver");
    row->packets_back = number(flow, "pkts_toclient");
    row->bytes_there = number(flow, "bytes_toserver");
    row->bytes_back = number(flow, "bytes_toclient");
    row->history = word(tcp, "history");
    row->tcp_flags_there = flags_of(word(tcp, "tcp_flags_ts"));
    row->tcp_flags_back = flags_of(word(tcp, "tcp_flags_tc"));
}

static const char *probe_of(const struct import *import, const json_t *event)
{
    const char *host = word(event, "host");
    return host[0] != '\0' ? host : import->store->probe;
}

static bool import_flow(struct import *import, const json_t *event, struct error *error)
{
    const json_t *flow = json_object_get(event, "flow");
    const char *input = word(event, "pcap_filename");
    struct store_flow row = {
        .flow_id = number(event, "flow_id"),
        .probe = probe_of(import, event),
        .input = input[0] != '\0' ? input : word(event, "in_iface"),
        .initiator_port = port_of(event, "src_port"),
        .responder_port = port_of(event, "dest_port"),
        .protocol = protocol_of(word(event, "proto")),
        .vlans = joined(json_object_get(event, "vlan"), " ", &import->vlans),
    };
    if (!timestamp_parse(word(flow, "start"), &row.first_ns) ||
        !timestamp_parse(word(flow, "end"), &row.last_ns) ||
        !address_parse(word(event, "src_ip"), &row.initiator) ||
        !address_parse(word(event, "dest_ip"), &row.responder)) {
        import->counts->refused++;
        return true;
    }
    row.stored_ns = import->store->now_ns ? import->store->now_ns() : 0;
    set_ours(&row, import, json_object_get(event, "portscope"));
    set_detection(&row, import, event);
    set_counts(&row, event);
    import->counts->flows++;
    return store_add_flow(import->store, &row, error);
}

static enum severity severity_of(const json_t *finding, const json_t *alert)
{
    enum severity severity = SEVERITY_INFO;
    uint64_t rank = number(alert, "severity");
    if (severity_parse(word(finding, "severity"), &severity))
        return severity;
    return rank >= 1 && rank <= SEVERITIES ? (enum severity)(SEVERITIES - rank) : SEVERITY_INFO;
}

static const char *first_of(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_array_get(json_object_get(object, key), 0));
    return value ? value : "";
}

static void set_identity(struct store_finding *row, struct import *import, const json_t *event)
{
    if (json_object_get(event, "flow_id"))
        snprintf(import->flow, sizeof import->flow, "%.12s %.45s port %u to %.45s port %u",
                 word(event, "proto"), word(event, "src_ip"), (unsigned)port_of(event, "src_port"),
                 word(event, "dest_ip"), (unsigned)port_of(event, "dest_port"));
    row->flow = import->flow;
    /* The key is not in EVE: the title tells findings of one subject apart. */
    row->id = store_finding_id(row, row->signature_id, row->title, import->id);
}

static bool import_alert(struct import *import, const json_t *event, struct error *error)
{
    const json_t *alert = json_object_get(event, "alert");
    const json_t *finding = json_object_get(json_object_get(event, "portscope"), "finding");
    const json_t *evidence = json_object_get(finding, "evidence");
    const json_t *metadata = json_object_get(alert, "metadata");
    struct store_finding row = {
        .run = import->store->run,
        .probe = probe_of(import, event),
        .stored_ns = import->store->now_ns ? import->store->now_ns() : 0,
        .detector = word(finding, "id"),
        .signature_id = (uint32_t)number(alert, "signature_id"),
        .severity = severity_of(finding, alert),
        .confidence = (uint8_t)number(finding, "confidence"),
        .title = word(alert, "signature"),
        .why = joined(json_object_get(finding, "why"), "\n", &import->why),
        .next = word(finding, "next"),
        .attack_id = first_of(metadata, "mitre_technique_id"),
        .attack_name = first_of(metadata, "mitre_technique_name"),
        .count = number(finding, "count"),
        .hosts = joined(json_object_get(finding, "hosts"), " ", &import->hosts),
        .hosts_total = number(finding, "hosts_total"),
        .service = word(finding, "service"),
        .flow_ids = joined(json_object_get(evidence, "flow_ids"), " ", &import->flow_ids),
        .display_filter = word(evidence, "filter"),
        .capture_filter = word(evidence, "capture_filter"),
        .evidence_file = word(evidence, "pcap"),
        .acknowledged_by = "",
        .comment = "",
    };
    import->flow[0] = '\0';
    if (!finding || !timestamp_parse(word(finding, "first"), &row.first_ns) ||
        !timestamp_parse(word(finding, "last"), &row.last_ns)) {
        import->counts->refused++;
        return true;
    }
    set_identity(&row, import, event);
    import->counts->findings++;
    return store_add_finding_row(import->store, &row, error);
}

static uint64_t sum_of_hits(const json_t *limits)
{
    uint64_t sum = 0;
    for (enum limit limit = 0; limit < LIMITS; limit++)
        sum += number(json_object_get(limits, limit_name(limit)), "hits");
    return sum;
}

static void set_run_counts(struct store_run *row, const json_t *stats)
{
    const json_t *capture = json_object_get(stats, "capture");
    row->is_live = json_object_get(capture, "kernel_received") != NULL;
    row->is_over = json_is_true(json_object_get(stats, "is_last"));
    row->packets = number(capture, "packets_read");
    row->bytes = number(capture, "bytes_read");
    row->decoded = number(capture, "decoded");
    row->filtered = number(capture, "filtered");
    row->malformed = number(capture, "malformed");
    row->not_ip = number(capture, "not_ip");
    row->unsupported = number(capture, "unsupported_link");
    row->dropped = number(capture, "kernel_dropped") + number(capture, "unread") +
                   number(capture, "interface_dropped");
    row->flows = number(json_object_get(stats, "flows"), "recorded");
    row->inputs = number(capture, "inputs");
    row->damaged = number(capture, "inputs_damaged");
    row->limits_hit = sum_of_hits(json_object_get(stats, "limits"));
    timestamp_parse(word(capture, "first"), &row->first_ns);
    timestamp_parse(word(capture, "last"), &row->last_ns);
}

/* EVE does not name runs: one ends with its last statistics, or with the file. */
static bool import_stats(struct import *import, const json_t *event, struct error *error)
{
    const json_t *stats = json_object_get(event, "stats");
    char name[32];
    struct store_run row = {.run = name, .probe = probe_of(import, event)};
    if (!json_is_object(json_object_get(stats, "capture")))
        return true; /* another program's */
    import->counts->runs += !import->is_in_run;
    snprintf(name, sizeof name, "eve-%" PRIu64, import->counts->runs);
    row.stored_ns = import->store->now_ns ? import->store->now_ns() : 0;
    set_run_counts(&row, stats);
    import->is_in_run = !row.is_over;
    return store_add_run(import->store, &row, error);
}

static bool import_line(struct import *import, const char *line, size_t length, struct error *error)
{
    json_t *event = json_loadb(line, length, JSON_ALLOW_NUL, NULL);
    bool is_done = true;
    import->counts->lines++;
    if (!json_is_object(event))
        import->counts->refused++;
    else if (strcmp(word(event, "event_type"), "flow") == 0)
        is_done = import_flow(import, event, error);
    else if (strcmp(word(event, "event_type"), "alert") == 0)
        is_done = import_alert(import, event, error);
    else if (strcmp(word(event, "event_type"), "stats") == 0)
        is_done = import_stats(import, event, error);
    json_decref(event);
    return is_done;
}

/* Lines longer than any of ours are passed over in pieces, each counted as refused. */
static bool import_stream(struct import *import, FILE *file, struct error *error)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool is_done = true;
    while (is_done && (length = getline(&line, &capacity, file)) > 0) {
        if (length > LINE_SIZE_MAX)
            import->counts->refused++;
        else if (length > 1)
            is_done = import_line(import, line, (size_t)length, error);
    }
    free(line);
    return is_done;
}

bool store_import_eve(struct store *store, const char *path, struct eve_import *counts,
                      struct error *error)
{
    struct import import = {.store = store, .counts = counts};
    struct text *const texts[] = {&import.why,      &import.risks, &import.marks,   &import.vlans,
                                  &import.metadata, &import.hosts, &import.flow_ids};
    char shown[SHOWN_SIZE];
    bool is_pipe = strcmp(path, "-") == 0;
    FILE *file = is_pipe ? stdin : fopen(path, "re");
    if (!file)
        return error_set_errno(error, "%s cannot be read",
                               text_printable(path, shown, sizeof shown));
    bool is_done = import_stream(&import, file, error);
    if (is_done && ferror(file))
        is_done =
            error_set_errno(error, "%s cannot be read", text_printable(path, shown, sizeof shown));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        text_free(texts[i]);
    if (!is_pipe)
        fclose(file);
    return is_done && store_commit(store, error);
}
