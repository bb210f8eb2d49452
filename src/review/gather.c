/* SPDX-License-Identifier: Apache-2.0 */
#include "review/gather.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHORT_ID = 8 };

static void add_column(struct sheet *sheet, const char *name, enum cell_kind kind)
{
    sheet->columns[sheet->column_count++] = (struct sheet_column){name, kind};
}

static void add_columns(struct sheet *sheet, const struct sheet_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sheet->columns[sheet->column_count++] = columns[i];
}

#define ADD_COLUMNS(sheet, list) add_columns(sheet, list, sizeof(list) / sizeof(list)[0])

static bool give_up(struct sheet *sheet)
{
    text_free(&sheet->cells);
    return false;
}

struct gathering {
    const struct review *review;
    const struct store_grouping *grouping;
    struct sheet *sheet;
    int64_t last_review_ns;
    uint64_t acknowledged, more;
};

/* Two addresses leave a screen little room. */
static bool is_narrow(const struct gathering *gathering)
{
    bool has_initiator = false, has_responder = false;
    for (size_t i = 0; i < gathering->grouping->key_count; i++) {
        has_initiator = has_initiator || gathering->grouping->keys[i] == STORE_BY_INITIATOR;
        has_responder = has_responder || gathering->grouping->keys[i] == STORE_BY_RESPONDER;
    }
    return has_initiator && has_responder && gathering->review->writer.format == SHEET_TABLE;
}

static bool add_group(void *context, const struct store_group *group)
{
    struct gathering *gathering = context;
    struct sheet *sheet = gathering->sheet;
    for (size_t i = 0; i < gathering->grouping->key_count; i++) {
        bool is_nothing = group->keys[i][0] == '\0';
        sheet_add(sheet, is_nothing ? "(none)" : group->keys[i]);
    }
    sheet_add_number(sheet, group->flows);
    if (!is_narrow(gathering))
        sheet_add_number(sheet, group->packets_there + group->packets_back);
    sheet_add_number(sheet, group->bytes_there);
    sheet_add_number(sheet, group->bytes_back);
    sheet_add_number(sheet, (uint64_t)group->last_ns);
    if (gathering->review->writer.format != SHEET_TABLE)
        sheet_add_number(sheet, (uint64_t)group->first_ns);
    return true;
}

bool gather_groups(struct review *review, const struct store_grouping *grouping,
                   struct sheet *sheet, struct error *error)
{
    static const struct sheet_column sums[] = {
        {"flows", CELL_COUNT},      {"packets", CELL_COUNT}, {"bytes_there", CELL_BYTES},
        {"bytes_back", CELL_BYTES}, {"last", CELL_TIME},     {"first", CELL_TIME},
    };
    /* The last column would not fit a screen. */
    size_t left_out = review->writer.format == SHEET_TABLE;
    struct gathering gathering = {.review = review, .grouping = grouping, .sheet = sheet};
    for (size_t i = 0; i < grouping->key_count; i++)
        add_column(sheet, store_key_name(grouping->keys[i]),
                   grouping->keys[i] == STORE_BY_TIME ? CELL_TIME : CELL_TEXT);
    size_t count = sizeof sums / sizeof sums[0] - left_out;
    if (is_narrow(&gathering)) {
        add_columns(sheet, sums, 1);
        add_columns(sheet, sums + 2, count - 2);
    } else {
        add_columns(sheet, sums, count);
    }
    return store_groups(review->store, &review->filter, grouping, add_group, &gathering, error) ||
           give_up(sheet);
}

static const char *state_of(const struct gathering *gathering, const struct store_finding *finding)
{
    if (finding->is_acknowledged)
        return "acknowledged";
    bool is_new = gathering->last_review_ns > 0 && finding->stored_ns > gathering->last_review_ns;
    return is_new ? "new" : "";
}

static bool add_finding(void *context, const struct store_finding *finding)
{
    struct gathering *gathering = context;
    struct sheet *sheet = gathering->sheet;
    char id[SHORT_ID + 1];
    if (finding->is_acknowledged) {
        gathering->acknowledged++;
        if (!gathering->review->shows_acknowledged)
            return true;
    }
    if (gathering->review->top > 0 && sheet_rows(sheet) >= gathering->review->top) {
        gathering->more++;
        return true;
    }
    snprintf(id, sizeof id, "%s", finding->id);
    sheet_add(sheet, gathering->review->writer.format == SHEET_TABLE ? id : finding->id);
    sheet_add(sheet, severity_name(finding->severity));
    sheet_add(sheet, state_of(gathering, finding));
    sheet_add_number(sheet, finding->count);
    sheet_add_number(sheet, (uint64_t)finding->last_ns);
    sheet_add(sheet, finding->title);
    return true;
}

bool gather_findings(struct review *review, int64_t last_review_ns, struct sheet *sheet,
                     struct error *error)
{
    static const struct sheet_column columns[] = {
        {"id", CELL_TEXT},     {"severity", CELL_TEXT}, {"state", CELL_TEXT},
        {"count", CELL_COUNT}, {"last", CELL_TIME},     {"title", CELL_WORDS},
    };
    struct gathering gathering = {
        .review = review, .sheet = sheet, .last_review_ns = last_review_ns};
    ADD_COLUMNS(sheet, columns);
    if (!store_findings(review->store, &review->filter, add_finding, &gathering, error))
        return give_up(sheet);
    if (gathering.more > 0)
        sheet->note = "There are more; --top N shows more of them.";
    else if (gathering.acknowledged > 0 && !review->shows_acknowledged)
        sheet->note = "Acknowledged ones are left out; --acknowledged shows them.";
    else if (sheet->count > 0)
        sheet->note = "'portscope review STORE finding ID' tells everything of one.";
    return true;
}

/* All runs of one probe together. */
struct probe {
    char name[64];
    uint64_t runs, open, packets, flows, dropped, malformed, damaged, not_stored, limits;
    int64_t last_ns;
};

enum { PROBES_MAX = 256 };

struct probes {
    struct probe *all;
    size_t count;
};

static bool add_run(void *context, const struct store_run *run)
{
    struct probes *probes = context;
    size_t at = 0;
    while (at < probes->count && strncmp(probes->all[at].name, run->probe, 63) != 0)
        at++;
    if (at == PROBES_MAX)
        return false;
    if (at == probes->count)
        snprintf(probes->all[probes->count++].name, sizeof probes->all[0].name, "%s", run->probe);
    struct probe *probe = &probes->all[at];
    probe->runs++;
    probe->open += !run->is_over;
    probe->packets += run->packets;
    probe->flows += run->flows;
    probe->dropped += run->dropped;
    probe->malformed += run->malformed;
    probe->damaged += run->damaged;
    probe->not_stored += run->not_stored;
    probe->limits += run->limits_hit;
    if (run->last_ns > probe->last_ns)
        probe->last_ns = run->last_ns;
    return true;
}

static void add_probe(struct sheet *sheet, const struct probe *probe)
{
    const uint64_t numbers[] = {probe->runs,    probe->open,
                                probe->packets, probe->flows,
                                probe->dropped, probe->malformed,
                                probe->damaged, probe->not_stored,
                                probe->limits,  (uint64_t)probe->last_ns};
    sheet_add(sheet, probe->name);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sheet_add_number(sheet, numbers[i]);
}

bool gather_probes(struct review *review, struct sheet *sheet, struct error *error)
{
    static const struct sheet_column columns[] = {
        {"probe", CELL_TEXT},       {"runs", CELL_COUNT},           {"not_ended", CELL_COUNT},
        {"packets", CELL_COUNT},    {"flows", CELL_COUNT},          {"dropped", CELL_COUNT},
        {"malformed", CELL_COUNT},  {"damaged_inputs", CELL_COUNT}, {"not_stored", CELL_COUNT},
        {"limits_hit", CELL_COUNT}, {"last_packet", CELL_TIME},
    };
    struct probes probes = {.all = memory_new(PROBES_MAX, sizeof *probes.all)};
    ADD_COLUMNS(sheet, columns);
    bool is_done = store_runs(review->store, &review->filter, add_run, &probes, error);
    for (size_t i = 0; is_done && i < probes.count; i++)
        add_probe(sheet, &probes.all[i]);
    free(probes.all);
    return is_done;
}

static bool add_flow(void *context, const struct store_flow *flow)
{
    struct sheet *sheet = context;
    char words[ADDRESS_TEXT_SIZE], number[24];
    snprintf(number, sizeof number, "%" PRIu64, flow->flow_id);
    sheet_add(sheet, number);
    sheet_add_number(sheet, (uint64_t)flow->first_ns);
    sheet_add(sheet, address_text(&flow->initiator, words));
    sheet_add_number(sheet, flow->initiator_port);
    sheet_add(sheet, address_text(&flow->responder, words));
    sheet_add_number(sheet, flow->responder_port);
    sheet_add(sheet, flow->service);
    sheet_add(sheet, flow->application);
    sheet_add(sheet, flow->verdict);
    sheet_add_number(sheet, flow->bytes_there);
    sheet_add_number(sheet, flow->bytes_back);
    return true;
}

bool gather_flows(struct review *review, enum store_measure by, struct sheet *sheet,
                  struct error *error)
{
    static const struct sheet_column columns[] = {
        {"flow_id", CELL_TEXT},      {"first", CELL_TIME},       {"initiator", CELL_TEXT},
        {"port", CELL_TEXT},         {"responder", CELL_TEXT},   {"responder_port", CELL_TEXT},
        {"service", CELL_TEXT},      {"application", CELL_TEXT}, {"verdict", CELL_TEXT},
        {"bytes_there", CELL_BYTES}, {"bytes_back", CELL_BYTES},
    };
    const struct store_page page = {.by = by, .limit = review->top};
    ADD_COLUMNS(sheet, columns);
    return store_flows(review->store, &review->filter, &page, add_flow, sheet, error) ||
           give_up(sheet);
}
