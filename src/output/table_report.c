/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_report.h"

#include "base/timestamp.h"
#include "output/grid.h"
#include "output/record_words.h"

#include <stdlib.h>
#include <string.h>

enum { SERVICES_SHOWN = 20 };

static void add_input(struct text *line, const struct totals *totals, const struct groups *groups)
{
    const struct capture_totals *capture = &totals->capture;
    if (groups->input[0] != '\0' && capture->inputs <= 1) {
        text_add(line, groups->input);
        text_add(line, capture->inputs_damaged ? " (damaged)" : "");
        return;
    }
    text_add_counted(line, capture->inputs, capture->is_live ? "interface" : "capture");
    if (capture->inputs_damaged > 0)
        text_addf(line, " (%u damaged)", capture->inputs_damaged);
}

static void add_time_span(struct text *line, int64_t first_ns, int64_t last_ns)
{
    char first[TIMESTAMP_TEXT_SIZE], last[TIMESTAMP_TEXT_SIZE], span[TIMESTAMP_TEXT_SIZE];
    int64_t duration = 0;
    timestamp_human(first_ns, first);
    timestamp_human(last_ns, last);
    bool is_same_day = strncmp(first, last, strlen("2026-11-20 ")) == 0;
    if (__builtin_sub_overflow(last_ns, first_ns, &duration))
        duration = INT64_MAX;
    text_addf(line, "%s to %s UTC, %s", first, last + (is_same_day ? strlen("2026-11-20 ") : 0),
              duration_human(duration, span));
}

void report_headline(struct page *page, const struct totals *totals, const struct groups *groups)
{
    const struct capture_totals *capture = &totals->capture;
    struct text line = {0};
    add_input(&line, totals, groups);
    text_add(&line, ": ");
    text_add_counted(&line, capture->packets_read, "packet");
    text_add(&line, ", ");
    text_add_bytes(&line, capture->bytes_read);
    page_paragraph(page, 0, STYLE_HEADING, &line);
    if (capture->packets_read > 0) {
        add_time_span(&line, capture->first_ns, capture->last_ns);
        page_paragraph(page, 0, STYLE_PLAIN, &line);
    }
    if (groups->watched.flows == 0) {
        text_add(&line, "Nothing was seen on the watched ports: ");
        text_add_counted(&line, capture->packets_read, "packet");
        text_add(&line, " looked at, no flow there.");
        page_heading(page, text_words(&line));
    }
    text_free(&line);
}

static void add_cell_count(struct grid *grid, uint64_t number)
{
    struct text cell = {0};
    text_add_count(&cell, number);
    grid_add(grid, number > 0 ? text_words(&cell) : "-");
    text_free(&cell);
}

static void add_cell_bytes(struct grid *grid, uint64_t bytes)
{
    struct text cell = {0};
    text_add_bytes(&cell, bytes);
    grid_add(grid, text_words(&cell));
    text_free(&cell);
}

/* In the order of the columns; `unassigned` needs none: it is all that a port without rule has. */
static const enum verdict service_columns[] = {
    VERDICT_CONFIRMED, VERDICT_MASQUERADE, VERDICT_UNVERIFIED,
    VERDICT_GUESS,     VERDICT_STRAY,      VERDICT_EMPTY,
};
enum { SERVICE_COLUMNS = sizeof service_columns / sizeof service_columns[0] };

static void add_service_line(struct grid *grid, const char *name, const struct service_line *line)
{
    struct text cell = {0};
    add_printable(&cell, name);
    grid_add(grid, text_words(&cell));
    text_clear(&cell);
    if (line->service)
        text_add_u64(&cell, line->service->port);
    grid_add(grid, text_words(&cell));
    text_free(&cell);
    add_cell_count(grid, line->flows);
    for (size_t i = 0; i < SERVICE_COLUMNS; i++)
        add_cell_count(grid, line->verdicts[service_columns[i]]);
    add_cell_bytes(grid, line->wire_bytes);
}

/* Adds up what has no line of its own. */
static void merge_line(struct service_line *sum, const struct service_line *more)
{
    sum->flows += more->flows;
    sum->wire_bytes += more->wire_bytes;
    for (size_t i = 0; i < VERDICTS; i++)
        sum->verdicts[i] += more->verdicts[i];
}

static void add_service_lines(struct grid *grid, const struct groups *groups)
{
    const struct service_line **lines = services_sorted(groups);
    const struct service_line *without_rule = NULL;
    struct service_line others = groups->other_services;
    size_t shown = 0;
    for (size_t i = 0; i < groups->service_count; i++) {
        if (!lines[i]->service)
            without_rule = lines[i];
        else if (shown++ < SERVICES_SHOWN)
            add_service_line(grid, lines[i]->service->name, lines[i]);
        else
            merge_line(&others, lines[i]);
    }
    if (others.flows > 0)
        add_service_line(grid, "(other services)", &others);
    if (without_rule)
        add_service_line(grid, "(no rule)", without_rule);
    free(lines);
}

void report_services(struct page *page, const struct groups *groups)
{
    struct grid grid = {.columns = "lrrrrrrrrr", .most = 24};
    if (groups->service_count == 0)
        return;
    grid_add(&grid, "service");
    grid_add(&grid, "port");
    grid_add(&grid, "flows");
    for (size_t i = 0; i < SERVICE_COLUMNS; i++)
        grid_add(&grid, verdict_name(service_columns[i]));
    grid_add(&grid, "bytes");
    add_service_lines(&grid, groups);
    page_heading(page, "SERVICES");
    grid_print(&grid, page, 0);
}
