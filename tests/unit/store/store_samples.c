/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw */
#include "unit.h"

#include "store_samples.h"

#include "store/store_state.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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

struct paging {
    struct text *out;
    struct store_position position;
    enum store_measure by;
    uint64_t count;
};

static bool print_and_move(void *context, const struct store_flow *flow)
{
    struct paging *paging = context;
    paging->count++;
    store_position_move(&paging->position, paging->by, flow);
    return print_flow(paging->out, flow);
}

void sample_print_pages(struct store *store, const struct store_filter *filter,
                        const struct store_page *page, uint64_t pages, struct text *out)
{
    struct error error;
    struct paging paging = {.out = out, .by = page->by};
    struct store_page next = *page;
    for (uint64_t i = 0; i < pages; i++) {
        if (!store_flows(store, filter, &next, print_and_move, &paging, &error))
            fail_msg("%s", error.text);
        next.after = paging.count > 0 ? &paging.position : NULL;
    }
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

static struct network network_of(const char *word)
{
    struct network network;
    assert_true(network_parse(word, &network));
    return network;
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
        sample_print_pages(store, filter, &pages[i], 3, out);
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
        {.has_host = true, .host = network_of("10.0.0.7")},
        {.has_host = true, .host = network_of("10.0.0.0/29")},
        {.has_host = true, .host = network_of("2001:db8::/64")},
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
