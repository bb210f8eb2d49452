/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person wants to read, once, at the end: findings, totals, the flows that deserve a look,
 * what limited the answer, and where every packet went.
 */
#include "base/memory.h"
#include "output/line_file.h"
#include "output/sink_types.h"
#include "output/table_groups.h"
#include "output/table_report.h"
#include "output/table_rows.h"

#include <stdlib.h>

enum { FINDINGS_KEPT = 200 };

struct table {
    struct line_file *file;
    bool use_colour;
    bool has_totals;
    bool has_rows; /* --fields: rows instead of topics */
    struct rows rows;
    struct groups groups;
    struct finding *findings; /* worst first, then in order of arrival */
    struct finding_list list;
    struct totals totals;
};

static void *table_open(const struct sink_options *options, struct error *error)
{
    struct field_list fields;
    if (options->fields && !fields_choose(&fields, options->fields, NAMED_AS_OURS, error))
        return NULL;
    struct line_file *file = line_file_open(options->target, options->may_overwrite, error);
    if (!file)
        return NULL;
    struct table *table = memory_new(1, sizeof *table);
    table->file = file;
    table->use_colour = options->use_colour;
    table->findings = memory_new(FINDINGS_KEPT, sizeof *table->findings);
    groups_init(&table->groups);
    table->has_rows = options->fields != NULL;
    if (table->has_rows)
        rows_init(&table->rows, &fields);
    return table;
}

static bool table_flow(void *state, const struct flow_record *record, struct error *error)
{
    (void)error;
    struct table *table = state;
    groups_add(&table->groups, record);
    if (table->has_rows)
        rows_add(&table->rows, record);
    return true;
}

/* Where a finding of that severity belongs: behind all that are at least as bad. */
static size_t place_of(const struct table *table, enum severity severity)
{
    size_t at = table->list.count;
    while (at > 0 && table->findings[at - 1].severity < severity)
        at--;
    return at;
}

static bool table_finding(void *state, const struct finding *finding, struct error *error)
{
    (void)error;
    struct table *table = state;
    table->list.by_severity[finding->severity]++;
    size_t at = place_of(table, finding->severity);
    if (at == FINDINGS_KEPT)
        return true;
    if (table->list.count < FINDINGS_KEPT)
        table->list.count++;
    for (size_t i = table->list.count - 1; i > at; i--)
        table->findings[i] = table->findings[i - 1];
    table->findings[at] = *finding;
    return true;
}

static bool table_stats(void *state, const struct sink_stats *stats, struct error *error)
{
    (void)error;
    struct table *table = state;
    table->totals = *stats->totals;
    table->has_totals = true;
    return true;
}

static void add_report(struct table *table)
{
    struct page page = {.text = line_file_text(table->file), .use_colour = table->use_colour};
    table->list.all = table->findings;
    if (table->has_totals)
        report_headline(&page, &table->totals, &table->groups);
    report_findings(&page, &table->list);
    report_services(&page, &table->groups);
    if (table->has_rows) {
        rows_print(&table->rows, &page);
    } else {
        report_topics(&page, &table->groups);
        report_elsewhere(&page, &table->groups);
    }
    if (table->has_totals) {
        report_limits(&page, &table->totals, &table->groups);
        report_packets(&page, &table->totals);
    }
}

/* Where no input could be opened, "nothing was seen" would be a false answer. */
static bool has_looked(const struct table *table)
{
    const struct capture_totals *capture = &table->totals.capture;
    return !table->has_totals || capture->is_live || capture->inputs > 0;
}

static bool table_close(void *state, struct error *error)
{
    struct table *table = state;
    if (has_looked(table))
        add_report(table);
    bool is_whole = line_file_close(table->file, error);
    groups_reset(&table->groups);
    rows_reset(&table->rows);
    free(table->findings);
    free(table);
    return is_whole;
}

const struct sink_type table_sink = {
    .name = "table",
    .help = "what a person wants to read: totals, what deserves a look, what limits the answer",
    .open = table_open,
    .flow = table_flow,
    .finding = table_finding,
    .stats = table_stats,
    .close = table_close,
};
