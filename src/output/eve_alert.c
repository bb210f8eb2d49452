/* SPDX-License-Identifier: Apache-2.0 */
#include "output/eve.h"

#include "output/json.h"

static void add_hosts(struct text *text, const struct finding *finding)
{
    char words[ADDRESS_TEXT_SIZE];
    json_begin(text, "hosts", '[');
    for (size_t i = 0; i < finding->host_count; i++)
        json_word(text, NULL, address_text(&finding->hosts[i], words));
    json_end(text, ']');
    json_number(text, "hosts_total", finding->hosts_total);
}

static void add_evidence(struct text *text, const struct finding *finding)
{
    json_begin(text, "evidence", '{');
    json_string_if(text, "filter", finding->display_filter);
    json_string_if(text, "capture_filter", finding->capture_filter);
    json_string_if(text, "pcap", finding->evidence_file);
    json_begin(text, "flow_ids", '[');
    for (size_t i = 0; i < finding->example_flow_count; i++)
        json_number(text, NULL, finding->example_flows[i]);
    json_end(text, ']');
    json_end(text, '}');
}

/* Metadata are arrays of strings, as Suricata writes the keywords of a rule. */
static void add_metadata(struct text *text, const char *key, const char *value)
{
    if (!value)
        return;
    json_begin(text, key, '[');
    json_string(text, NULL, span_of(value));
    json_end(text, ']');
}

static void add_alert(struct text *text, const struct finding *finding)
{
    json_begin(text, "alert", '{');
    json_word(text, "action", "allowed");
    json_number(text, "gid", 1);
    json_number(text, "signature_id", finding->signature_id);
    json_number(text, "rev", 1);
    json_string(text, "signature", span_of(finding->title));
    json_string(text, "category",
                span_of(finding->attack_name ? finding->attack_name : finding->detector));
    json_number(text, "severity", (uint64_t)(SEVERITIES - (int)finding->severity));
    json_begin(text, "metadata", '{');
    add_metadata(text, "mitre_technique_id", finding->attack_id);
    add_metadata(text, "mitre_technique_name", finding->attack_name);
    json_end(text, '}');
    json_end(text, '}');
}

static void add_finding(struct text *text, const struct finding *finding)
{
    json_begin(text, "finding", '{');
    json_string(text, "id", span_of(finding->detector));
    json_word(text, "severity", severity_name(finding->severity));
    json_number(text, "confidence", finding->confidence);
    json_number(text, "count", finding->count);
    json_time(text, "first", finding->first_ns);
    json_time(text, "last", finding->last_ns);
    json_string_if(text, "service", finding->service);
    add_hosts(text, finding);
    json_begin(text, "why", '[');
    for (size_t i = 0; i < finding->why_count; i++)
        json_string(text, NULL, span_of(finding->why[i]));
    json_end(text, ']');
    json_string_if(text, "next", finding->next);
    add_evidence(text, finding);
    json_end(text, '}');
}

void eve_add_alert(struct text *text, const struct finding *finding)
{
    json_begin(text, NULL, '{');
    json_time(text, "timestamp", finding->last_ns);
    if (finding->has_flow)
        json_number(text, "flow_id", finding->flow_id);
    json_word(text, "event_type", "alert");
    if (finding->has_flow)
        eve_add_tuple(text, &finding->initiator, &finding->responder, finding->protocol);
    add_alert(text, finding);
    json_begin(text, "portscope", '{');
    add_finding(text, finding);
    json_end(text, '}');
    json_end(text, '}');
}
