/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "unit.h"

#include "store_samples.h"

#include "base/siphash.h"
#include "store/store_state.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct siphash_key fixed_key = {{1, 2}};

static struct address private_address(uint32_t host)
{
    const uint8_t octets[4] = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host};
    return address_from_bytes(octets, 4);
}

static struct address wide_address(uint32_t host)
{
    const uint8_t octets[16] = {0x20, 1, 0x0d, 0xb8, [14] = (uint8_t)(host >> 8), (uint8_t)host};
    return address_from_bytes(octets, 6);
}

static const struct {
    const char *service, *application, *verdict, *detected;
    uint16_t port;
} kinds[] = {
    {"netcp", "netcp", "unverified", "", 395},
    {"netcp", "netcp", "empty", "", 395},
    {"netcp", "SSH", "masquerade", "SSH", 395},
    {"netsc-prod", "netsc-prod", "unverified", "", 154},
    {"netsc-prod", "DNS", "guess", "DNS", 154},
    {"netsc-dev", "netsc-dev", "empty", "", 155},
    {"netsc-dev", "HTTP", "masquerade", "HTTP", 155},
    {"netsc-prod", "netsc-prod", "stray", "", 154},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Two polls in three are of a steady pair; the rest is whoever comes. */
struct store_flow sample_store_flow(uint64_t number, uint64_t count, int64_t span_ns)
{
    uint64_t chance = siphash(&fixed_key, &number, sizeof number);
    size_t kind = chance % 100 < 60 ? 0 : chance % KINDS;
    uint32_t client = (uint32_t)(chance >> 8) % 200, server = (uint32_t)(chance >> 20) % 20;
    bool is_wide = client % 10 == 9;
    int64_t first_ns =
        SAMPLE_START_NS + (int64_t)((double)span_ns * (double)number / (double)count);
    return (struct store_flow){
        .flow_id = chance >> 12,
        .stored_ns = first_ns,
        .first_ns = first_ns,
        .last_ns = first_ns + (int64_t)(chance >> 40) % 90000 * 1000000,
        .probe = number % 7 == 0 ? "lab" : "north",
        .input = "night.pcap",
        .initiator = is_wide ? wide_address(client) : private_address(client),
        .responder = is_wide ? wide_address(1000 + server) : private_address(65536 + server),
        .initiator_port = (uint16_t)(1024 + (chance >> 30) % 60000),
        .responder_port = kinds[kind].port,
        .protocol = TRANSPORT_TCP,
        .service = kinds[kind].service,
        .application = kinds[kind].application,
        .application_id = "3:395",
        .category = "net-admin",
        .traffic_class = "ops-admin-mgmt",
        .business_relevance = "business-relevant",
        .verdict = kinds[kind].verdict,
        .port_side = "responder",
        .detected = kinds[kind].detected,
        .detected_id = "92",
        .confidence = "dpi",
        .evidence = "structure",
        .why = "because\nit is so",
        .risks = "",
        .marks = number % 50 == 0 ? "midstream truncated" : "",
        .packets_there = 1 + (chance >> 3) % 20,
        .packets_back = (chance >> 5) % 20,
        .bytes_there = 60 + (chance >> 7) % 4000,
        .bytes_back = (chance >> 9) % 100000,
        .payload_there = (chance >> 7) % 3000,
        .payload_back = (chance >> 9) % 90000,
        .conn_state = "SF",
        .end_reason = "closed",
        .history = "ShADadFf",
        .tcp_flags_there = 0x1b,
        .tcp_flags_back = 0x13,
        .hostname = number % 100 == 0 ? "Example.ORG" : "",
        .metadata = "",
        .first_there = "5353482d322e302d",
        .first_back = "",
        .vlans = "",
        .tunnel = "",
    };
}

struct store_finding sample_store_finding(void)
{
    return (struct store_finding){
        .id = "00112233445566aa",
        .run = "run1",
        .probe = "lab",
        .stored_ns = SAMPLE_START_NS,
        .detector = "masquerade",
        .signature_id = 1540001,
        .severity = SEVERITY_HIGH,
        .confidence = 90,
        .title = "10.0.0.2 on TCP 395 (netcp) speaks SSH",
        .why = "a banner\nin both directions",
        .next = "ask who runs it",
        .attack_id = "T1571",
        .attack_name = "Non-Standard Port",
        .count = 3,
        .first_ns = SAMPLE_START_NS,
        .last_ns = SAMPLE_START_NS + 60 * INT64_C(1000000000),
        .hosts = "10.0.0.1 10.0.0.2",
        .hosts_total = 2,
        .service = "netcp",
        .flow = "",
        .flow_ids = "1 2",
        .display_filter = "tcp.port == 395",
        .capture_filter = "tcp port 395",
        .evidence_file = "",
        .acknowledged_by = "",
        .comment = "",
    };
}

static bool print_group(void *context, const struct store_group *group)
{
    struct text *out = context;
    for (size_t i = 0; i < STORE_KEYS && group->keys[i]; i++)
        text_addf(out, "%s ", group->keys[i]);
    text_addf(out,
              "%" PRIu64 " %" PRIu64 "/%" PRIu64 " %" PRIu64 "/%" PRIu64 " %" PRIu64 "/%" PRIu64
              " %" PRId64 "-%" PRId64 "\n",
              group->flows, group->packets_there, group->packets_back, group->bytes_there,
              group->bytes_back, group->payload_there, group->payload_back, group->first_ns,
              group->last_ns);
    return true;
}

void sample_print_groups(struct store *store, const struct store_filter *filter,
                         const struct store_grouping *grouping, struct text *out)
{
    struct error error;
    if (!store_groups(store, filter, grouping, print_group, out, &error))
        fail_msg("%s", error.text);
}

/* Every column, as its table has it. */
static bool print_flow(void *context, const struct store_flow *flow)
{
    struct text *out = context;
    const struct table *table = table_of(TABLE_FLOW);
    for (size_t i = 0; i < table->column_count; i++) {
        struct column_value value = column_get(&table->columns[i], flow);
        if (value.is_number)
            text_add_i64(out, value.number);
        else
            text_add_printable(out, value.bytes);
        text_add_char(out, '|');
    }
    text_add_char(out, '\n');
    return true;
}

void sample_print_flows(struct store *store, const struct store_filter *filter,
                        const struct store_page *page, struct text *out)
{
    struct error error;
    if (!store_flows(store, filter, page, print_flow, out, &error))
        fail_msg("%s", error.text);
}

static bool print_finding(void *context, const struct store_finding *finding)
{
    text_addf(context, "%s %d %" PRIu64 " %" PRId64 "-%" PRId64 " %s '%s' %d %s '%s'\n",
              finding->id, (int)finding->severity, finding->count, finding->first_ns,
              finding->last_ns, finding->hosts, finding->title, finding->is_acknowledged,
              finding->acknowledged_by, finding->comment);
    return true;
}

void sample_print_findings(struct store *store, const struct store_filter *filter, struct text *out)
{
    struct error error;
    if (!store_findings(store, filter, print_finding, out, &error))
        fail_msg("%s", error.text);
}

static const struct store_grouping groupings[] = {
    {.key_count = 0},
    {.keys = {STORE_BY_SERVICE, STORE_BY_VERDICT}, .key_count = 2},
    {.keys = {STORE_BY_APPLICATION}, .key_count = 1, .page = {.by = STORE_BYTES}},
    {.keys = {STORE_BY_PROBE}, .key_count = 1, .page = {.by = STORE_PACKETS}},
    {.keys = {STORE_BY_INITIATOR}, .key_count = 1, .page = {.by = STORE_BYTES, .limit = 10}},
    {.keys = {STORE_BY_RESPONDER}, .key_count = 1, .page = {.by = STORE_PAYLOAD}},
    {.keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER, STORE_BY_SERVICE},
     .key_count = 3,
     .page = {.limit = 20, .offset = 5}},
    {.keys = {STORE_BY_TIME, STORE_BY_VERDICT},
     .key_count = 2,
     .bucket_ns = INT64_C(600000000000),
     .page = {.by = STORE_FIRST, .is_ascending = true}},
    {.keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER},
     .key_count = 2,
     .new_since_ns = SAMPLE_START_NS + INT64_C(7000000000000)},
};

static void print_for(struct store *store, const struct store_filter *filter, struct text *out)
{
    static const struct store_page pages[] = {
        {.by = STORE_FLOWS, .limit = 5},
        {.by = STORE_BYTES, .limit = 5, .offset = 3},
        {.by = STORE_LAST, .is_ascending = true, .limit = 3},
    };
    uint64_t count = 0;
    struct error error;
    for (size_t i = 0; i < sizeof groupings / sizeof groupings[0]; i++) {
        text_addf(out, "-- grouping %zu\n", i);
        sample_print_groups(store, filter, &groupings[i], out);
    }
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        sample_print_flows(store, filter, &pages[i], out);
    assert_true(store_count_flows(store, filter, &count, &error));
    text_addf(out, "%" PRIu64 " flows\n", count);
}

void sample_print_everything(struct store *store, struct text *out)
{
    const struct store_filter filters[] = {
        {.since_ns = 0},
        {.since_ns = SAMPLE_START_NS + INT64_C(1000000000000),
         .until_ns = SAMPLE_START_NS + INT64_C(9000000000000)},
        {.service = "netcp,netsc-dev", .verdict = "masquerade"},
        {.application = "SSH"},
        {.probe = "lab"},
        {.has_host = true, .host = {.address = private_address(7), .prefix_length = 32}},
        {.has_host = true, .host = {.address = private_address(0), .prefix_length = 29}},
        {.has_host = true, .host = {.address = wide_address(0), .prefix_length = 64}},
        {.search = "eXample.org"},
        {.search = "it is so", .service = "netcp"},
        {.service = "o'hara\\"},
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        text_addf(out, "== filter %zu\n", i);
        print_for(store, &filters[i], out);
    }
    sample_print_findings(store, &filters[0], out);
}

static char folder[64];

int sample_make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s", "store-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

int sample_remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *sample_path(const char *name, char out[256])
{
    snprintf(out, 256, "%s/%s", folder, name);
    return out;
}
