/* SPDX-License-Identifier: Apache-2.0
 *
 * One finding, one flow: everything known, a line each.
 */
#include "review/review.h"

#include "base/timestamp.h"
#include "review/flow_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* As JSON one object, else label and value; what is not there is left out. */
static void add(struct sheet *sheet, const char *label, const char *value)
{
    if (value[0] == '\0')
        return;
    sheet_add(sheet, label);
    sheet_add(sheet, value);
}

static void add_number(struct sheet *sheet, const char *label, uint64_t number)
{
    char words[24];
    snprintf(words, sizeof words, "%" PRIu64, number);
    add(sheet, label, words);
}

static void add_time(struct sheet *sheet, const char *label, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    add(sheet, label, timestamp_rfc3339(time_ns, words));
}

static void add_lines(struct sheet *sheet, const char *label, const char *lines)
{
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        sheet_add(sheet, label);
        text_add_n(&sheet->cells, lines, length);
        text_add_char(&sheet->cells, '\0');
        sheet->count++;
        lines += length;
        lines += *lines == '\n';
    }
}

static struct sheet detail_sheet(const char *name)
{
    return (struct sheet){
        .name = name, .columns = {{"what", CELL_TEXT}, {"value", CELL_WORDS}}, .column_count = 2};
}

static void add_acknowledgement(struct sheet *sheet, const struct store_finding *finding)
{
    if (!finding->is_acknowledged)
        return;
    add_time(sheet, "acknowledged", finding->acknowledged_ns);
    add(sheet, "by", finding->acknowledged_by);
    add(sheet, "comment", finding->comment);
}

/* Where the packets are and how to see them. */
static void add_evidence(struct sheet *sheet, const struct store_finding *finding)
{
    add(sheet, "flow", finding->flow);
    add(sheet, "flow ids", finding->flow_ids);
    add(sheet, "evidence capture", finding->evidence_file);
    add(sheet, "Wireshark filter", finding->display_filter);
    add(sheet, "capture filter", finding->capture_filter);
}

static bool write_finding(void *context, const struct store_finding *finding)
{
    struct review *review = context;
    struct sheet sheet = detail_sheet("finding");
    add(&sheet, "id", finding->id);
    add(&sheet, "title", finding->title);
    add(&sheet, "severity", severity_name(finding->severity));
    add_number(&sheet, "confidence, %", finding->confidence);
    add(&sheet, "detector", finding->detector);
    add(&sheet, "service", finding->service);
    add_lines(&sheet, "why", finding->why);
    add(&sheet, "what to do", finding->next);
    add(&sheet, "ATT&CK", finding->attack_id);
    add(&sheet, "technique", finding->attack_name);
    add_number(&sheet, "count", finding->count);
    add_time(&sheet, "first", finding->first_ns);
    add_time(&sheet, "last", finding->last_ns);
    add(&sheet, "hosts", finding->hosts);
    add_number(&sheet, "hosts in all", finding->hosts_total);
    add_evidence(&sheet, finding);
    add(&sheet, "probe", finding->probe);
    add_acknowledgement(&sheet, finding);
    sheets_begin(&review->writer);
    sheet_write(&review->writer, &sheet);
    sheets_end(&review->writer);
    return true;
}

bool review_finding(struct review *review, const char *id, struct error *error)
{
    return store_finding_by_id(review->store, id, write_finding, review, error);
}

static void add_endpoint(struct sheet *sheet, const char *label, const struct address *address,
                         uint16_t port)
{
    char words[ADDRESS_TEXT_SIZE], both[ADDRESS_TEXT_SIZE + 16];
    snprintf(both, sizeof both, "%s port %u", address_text(address, words), (unsigned)port);
    add(sheet, label, both);
}

static void add_counts(struct sheet *sheet, const struct store_flow *row)
{
    add_number(sheet, "packets there", row->packets_there);
    add_number(sheet, "packets back", row->packets_back);
    add_number(sheet, "bytes there", row->bytes_there);
    add_number(sheet, "bytes back", row->bytes_back);
    add_number(sheet, "payload there", row->payload_there);
    add_number(sheet, "payload back", row->payload_back);
    add(sheet, "first bytes there", row->first_there);
    add(sheet, "first bytes back", row->first_back);
}

static void add_detection(struct sheet *sheet, const struct store_flow *row)
{
    add(sheet, "detected", row->detected);
    add(sheet, "detected id", row->detected_id);
    add(sheet, "confidence", row->confidence);
    add(sheet, "evidence", row->evidence);
    add(sheet, "risks", row->risks);
    add(sheet, "host name", row->hostname);
    add(sheet, "metadata", row->metadata);
}

static void add_identity(struct sheet *sheet, const struct store_flow *row)
{
    const char *transport = transport_name(row->protocol);
    char id[FLOW_COMMUNITY_ID_SIZE];
    add_number(sheet, "flow id", row->flow_id);
    add_time(sheet, "first", row->first_ns);
    add_time(sheet, "last", row->last_ns);
    if (transport)
        add(sheet, "transport", transport);
    else
        add_number(sheet, "IP protocol", row->protocol);
    add_endpoint(sheet, "initiator", &row->initiator, row->initiator_port);
    add_endpoint(sheet, "responder", &row->responder, row->responder_port);
    add(sheet, "community id", flow_row_community_id(row, id));
    add(sheet, "VLANs", row->vlans);
    add(sheet, "tunnel", row->tunnel);
}

static void add_classification(struct sheet *sheet, const struct store_flow *row)
{
    add(sheet, "assigned", row->service);
    add(sheet, "application", row->application);
    add(sheet, "application id", row->application_id);
    add(sheet, "verdict", row->verdict);
    add(sheet, "port side", row->port_side);
    add_lines(sheet, "why", row->why);
    add(sheet, "category", row->category);
    add(sheet, "traffic class", row->traffic_class);
    add(sheet, "business relevance", row->business_relevance);
}

static void add_end(struct sheet *sheet, const struct store_flow *row)
{
    add(sheet, "connection state", row->conn_state);
    add(sheet, "history", row->history);
    add(sheet, "ended by", row->end_reason);
    add(sheet, "marks", row->marks);
    add(sheet, "probe", row->probe);
    add(sheet, "input", row->input);
}

struct flow_sheet {
    struct sheet sheet;
    uint64_t records;
};

static bool add_flow(void *context, const struct store_flow *row)
{
    struct flow_sheet *flow = context;
    char words[FLOW_FILTER_SIZE];
    add_number(&flow->sheet, "record", ++flow->records);
    add_identity(&flow->sheet, row);
    add_classification(&flow->sheet, row);
    add_detection(&flow->sheet, row);
    add_counts(&flow->sheet, row);
    add_end(&flow->sheet, row);
    add(&flow->sheet, "Wireshark filter", flow_row_display_filter(row, words));
    return true;
}

bool review_flow(struct review *review, const char *flow_id, struct error *error)
{
    char *end;
    char shown[64];
    struct flow_sheet flow = {.sheet = detail_sheet("flow")};
    uint64_t id = strtoull(flow_id, &end, 10);
    if (end == flow_id || *end != '\0')
        return error_usage(error, "'%s' is not a flow's id",
                           text_printable(flow_id, shown, sizeof shown));
    bool is_found = store_flow_by_id(review->store, id, 0, add_flow, &flow, error) &&
                    (flow.records > 0 || error_usage(error, "no flow has the id %" PRIu64, id));
    if (!is_found) {
        text_free(&flow.sheet.cells);
        return false;
    }
    sheets_begin(&review->writer);
    sheet_write(&review->writer, &flow.sheet);
    sheets_end(&review->writer);
    return true;
}
