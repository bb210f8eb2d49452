/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "unit.h"

#include "samples.h"

#include "base/text.h"
#include "base/timestamp.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct attributes ssh_attributes = {
    .values = {"net-admin", "terminal", "other", "ops-admin-mgmt", "relevant", "p2p-tech-no",
               "tunnel-no", "encrypted-yes"},
};

static const struct service netcp = {
    .name = "netcp",
    .display_name = "NETCP",
    .description = "NETscout Control Protocol",
    .port = 395,
    .transports = SERVICE_TCP | SERVICE_UDP,
    .application_id = {ENGINE_IANA_L4, 395},
    .is_watched = true,
};

const char *const hostile_strings[] = {
    "ev\x1b[2Jil",
    "bell\a",
    "line\r\nbreak",
    "\"quoted\"",
    "a,b;c\td|e",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tTAB",
    "back\\slash",
    "bad utf-8 \xff\xc0\xaf\xed\xa0\x80",
    "bidi \xe2\x80\xae\xe2\x81\xa6",
    "separator \xe2\x80\xa8",
    "c1 \xc2\x9b del \x7f",
    "d\xc3\xa9j\xc3\xa0 vu",
    "-",
    "(empty)",
    " ",
    "</script><b>",
    "%s%n%x",
    NULL,
};

static struct endpoint endpoint(const char *address, uint16_t port)
{
    struct endpoint end = {.port = port};
    assert_true(address_parse(address, &end.address));
    return end;
}

static void sample_sides(struct flow *flow)
{
    flow->sides[TO_RESPONDER] = (struct flow_side){.packets = 6,
                                                   .ip_bytes = 500,
                                                   .wire_bytes = 600,
                                                   .payload_bytes = 180,
                                                   .payload_packets = 2,
                                                   .first_ns = flow->first_ns,
                                                   .last_ns = flow->last_ns,
                                                   .tcp_flags = TCP_SYN | TCP_ACK | TCP_PSH};
    flow->sides[TO_INITIATOR] = (struct flow_side){.packets = 5,
                                                   .ip_bytes = 700,
                                                   .wire_bytes = 780,
                                                   .payload_bytes = 400,
                                                   .payload_packets = 2,
                                                   .first_ns = flow->first_ns,
                                                   .last_ns = flow->last_ns,
                                                   .tcp_flags = TCP_SYN | TCP_ACK | TCP_FIN};
}

static void sample_first_bytes(struct flow_record *record)
{
    static const char greeting[] = "SSH-2.0-Open\\\"\x1b\xff and more";
    struct flow_sample *sample = &record->sample;
    memcpy(sample->bytes[TO_RESPONDER], greeting, sizeof greeting - 1);
    memcpy(sample->bytes[TO_INITIATOR], greeting, 3);
    sample->length[TO_RESPONDER] = sizeof greeting - 1;
    sample->length[TO_INITIATOR] = 3;
    record->flow.sample = sample;
}

static void sample_detection(struct detection *detection)
{
    *detection = (struct detection){.master_id = 92,
                                    .category_id = 12,
                                    .confidence = CONFIDENCE_DPI,
                                    .evidence = EVIDENCE_OTHER_DIRECTION,
                                    .risks = UINT64_C(1) << 5 | UINT64_C(1) << 63,
                                    .packets_inspected = 4,
                                    .name = "SSH",
                                    .protocol = "SSH",
                                    .category = "RemoteAccess",
                                    .why = "both directions say so",
                                    .ssh_client = "SSH-2.0-OpenSSH_9.2",
                                    .ssh_server = "SSH-2.0-OpenSSH_8.4"};
}

void sample_flow(struct flow_record *record)
{
    memset(record, 0, sizeof *record);
    struct flow *flow = &record->flow;
    flow->initiator = endpoint("192.0.2.1", 40000);
    flow->responder = endpoint("192.0.2.2", 395);
    flow->key = (struct flow_key){.low = flow->initiator,
                                  .high = flow->responder,
                                  .protocol = TRANSPORT_TCP,
                                  .vlan_count = 1,
                                  .vlans = {154},
                                  .tunnel = {TUNNEL_VXLAN, 77, 1}};
    flow->id = 4711;
    flow->first_ns = INT64_C(1795166100123456789);
    flow->last_ns = flow->first_ns + 2500 * NS_PER_MS;
    sample_sides(flow);
    flow->state = CONN_S3;
    flow->end = FLOW_IDLE;
    snprintf(flow->history, sizeof flow->history, "ShADadf");
    flow->marks = FLOW_MARK_TRUNCATED | FLOW_MARK_DPI_BUDGET;
    flow->is_watched = true;
    sample_first_bytes(record);
    sample_detection(&record->detection);
    record->classification = (struct classification){
        .verdict = VERDICT_MASQUERADE,
        .port_side = PORT_SIDE_RESPONDER,
        .assigned = &netcp,
        .application = "SSH",
        .application_id = {ENGINE_NDPI, 92},
        .attributes = &ssh_attributes,
        .why = {"395/tcp is netcp, the payload is SSH", "both directions say so"},
        .why_count = 2};
    record->input = "lab.pcap";
}

void sample_with_hostile_strings(struct flow_record *record, const char *string)
{
    struct detection *detection = &record->detection;
    struct classification *classification = &record->classification;
    const struct {
        char *text;
        size_t size;
    } all[] = {
        {detection->hostname, sizeof detection->hostname},
        {detection->user_agent, sizeof detection->user_agent},
        {detection->url, sizeof detection->url},
        {detection->ssh_client, sizeof detection->ssh_client},
        {detection->ssh_server, sizeof detection->ssh_server},
        {detection->name, sizeof detection->name},
        {detection->protocol, sizeof detection->protocol},
        {detection->category, sizeof detection->category},
        {detection->why, sizeof detection->why},
        {detection->tls_version, sizeof detection->tls_version},
        {detection->ja4_client, sizeof detection->ja4_client},
        {classification->application, sizeof classification->application},
        {classification->why[0], sizeof classification->why[0]},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        snprintf(all[i].text, all[i].size, "%s", string);
    size_t length = strnlen(string, FLOW_SAMPLE_SIZE);
    memcpy(record->sample.bytes[TO_RESPONDER], string, length);
    record->sample.length[TO_RESPONDER] = (uint16_t)length;
    record->input = string;
}

void sample_finding(struct finding *finding)
{
    *finding = (struct finding){
        .detector = "masquerade",
        .signature_id = 395001,
        .severity = SEVERITY_HIGH,
        .confidence = 90,
        .title = "SSH runs on the port of netcp",
        .why = {"both sides greet with SSH-2.0", "nothing else was seen on 395/tcp"},
        .why_count = 2,
        .attack_id = "T1571",
        .attack_name = "Non-Standard Port",
        .next = "Ask the owner of 192.0.2.2 what listens on 395/tcp.",
        .count = 3,
        .first_ns = INT64_C(1795166100000000000),
        .last_ns = INT64_C(1795166160000000000),
        .host_count = 2,
        .hosts_total = 2,
        .display_filter = "tcp.port == 395",
        .capture_filter = "tcp port 395",
        .has_flow = true,
        .initiator = endpoint("192.0.2.1", 40000),
        .responder = endpoint("192.0.2.2", 395),
        .protocol = TRANSPORT_TCP,
        .flow_id = 4711,
        .example_flows = {4711},
        .example_flow_count = 1,
        .service = "netcp",
    };
    finding->hosts[0] = finding->initiator.address;
    finding->hosts[1] = finding->responder.address;
}

void sample_totals(struct totals *totals)
{
    memset(totals, 0, sizeof *totals);
    totals->capture = (struct capture_totals){.packets_read = 12345,
                                              .bytes_read = 9876543,
                                              .filtered = 12000,
                                              .decoded = 300,
                                              .malformed = 5,
                                              .not_ip = 36,
                                              .unsupported_link = 4,
                                              .inputs = 2,
                                              .inputs_damaged = 1,
                                              .first_ns = INT64_C(1795166100000000000),
                                              .last_ns = INT64_C(1795168032000000000)};
    totals_count_link(totals, 147, 4);
    totals->unsupported[0].name = "USER0";
    totals->flows_created = totals->flows_recorded = 20;
    totals->flows_ended[FLOW_IDLE] = 15;
    totals->flows_ended[FLOW_END_OF_INPUT] = 5;
    totals->verdicts[VERDICT_EMPTY] = 12;
    totals->verdicts[VERDICT_MASQUERADE] = 8;
    totals->dpi_flows = 8;
    totals->dpi_packets = 40;
    totals->dpi_bytes = 4000;
    totals->limits_hit[LIMIT_MAX_FLOWS] = 3;
    totals->limit_values[LIMIT_MAX_FLOWS] = 100000;
}

static char folder[128];

int sample_make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/portscope-test-XXXXXX", base ? base : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

int sample_remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *sample_path(const char *name, char out[256])
{
    snprintf(out, 256, "%s/%s", folder, name);
    return out;
}

char *sample_read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct text text = {0};
    char block[4096];
    size_t length;
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        text_add_n(&text, block, length);
    fclose(file);
    text_add_n(&text, "", 0);
    return text.data;
}

void sample_write(const char *format, const struct flow_record *record,
                  const struct sink_options *options)
{
    char path[256], word[300];
    struct finding finding;
    struct totals totals;
    struct error error = {0};
    struct sinks *sinks = sinks_new();
    sample_finding(&finding);
    sample_totals(&totals);
    snprintf(word, sizeof word, "%s:%s", format, sample_path("written", path));
    if (!sinks_open(sinks, word, options, &error))
        fail_msg("%s", error.text);
    sinks_flow(sinks, record);
    sinks_finding(sinks, &finding);
    sinks_stats(sinks, &totals, true);
    if (!sinks_close(sinks, &error))
        fail_msg("%s", error.text);
}

char *sample_written(const char *format, const struct flow_record *record)
{
    char path[256];
    struct sink_options options = {.may_overwrite = true, .command = "portscope read lab.pcap"};
    sample_write(format, record, &options);
    char *written = sample_read_file(sample_path("written", path));
    assert_non_null(written);
    return written;
}
