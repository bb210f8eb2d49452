/* SPDX-License-Identifier: Apache-2.0
 *
 * Who talks to whom: initiators by responders. The hosts named first get a row or a column of their
 * own: those of masquerades, then those of most flows.
 */
#include "review/report_parts.h"

#include "base/memory.h"
#include "output/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MAX = 14, COLUMNS_MAX = 12, NAMED_FIRST_MAX = 8, PAIRS_MAX = 200000, HEATS = 5 };

struct cell {
    uint64_t flows;
    unsigned rank; /* of its worst verdict in report_verdict_order */
};

struct axis {
    char names[ROWS_MAX + 1][ADDRESS_TEXT_SIZE]; /* the last: all others */
    size_t count, most;
    bool has_others;
};

struct matrix {
    struct axis rows, columns;
    struct cell cells[ROWS_MAX + 1][COLUMNS_MAX + 1];
    uint64_t pairs; /* by verdict */
};

static size_t place_of(struct axis *axis, const char *name)
{
    for (size_t i = 0; i < axis->count; i++) {
        if (strcmp(axis->names[i], name) == 0)
            return i;
    }
    if (axis->count == axis->most) {
        axis->has_others = true;
        return axis->most;
    }
    snprintf(axis->names[axis->count], ADDRESS_TEXT_SIZE, "%s", name);
    return axis->count++;
}

static unsigned rank_of(const char *word)
{
    unsigned rank = 0;
    while (rank < VERDICTS - 1 && strcmp(verdict_name(report_verdict_order[rank]), word) != 0)
        rank++;
    return rank;
}

static bool add_group(void *context, const struct store_group *group)
{
    struct matrix *matrix = context;
    matrix->pairs++;
    size_t row = place_of(&matrix->rows, group->keys[0]);
    size_t column = place_of(&matrix->columns, group->keys[1]);
    struct cell *cell = &matrix->cells[row][column];
    unsigned rank = rank_of(group->keys[2]);
    if (cell->flows == 0 || rank < cell->rank)
        cell->rank = rank;
    cell->flows += group->flows;
    return true;
}

static bool name_group(void *context, const struct store_group *group)
{
    struct matrix *matrix = context;
    place_of(&matrix->rows, group->keys[0]);
    place_of(&matrix->columns, group->keys[1]);
    return true;
}

/* So that a scan of many hosts leaves room for what somebody should look at. */
static bool name_masquerades(struct report *report, struct matrix *matrix, struct error *error)
{
    const struct store_grouping grouping = {.keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER},
                                            .key_count = 2,
                                            .page = {.limit = NAMED_FIRST_MAX}};
    struct store_filter filter = report->review->filter;
    if (filter.verdict)
        return true;
    filter.verdict = verdict_name(VERDICT_MASQUERADE);
    return store_groups(report->review->store, &filter, &grouping, name_group, matrix, error);
}

static uint64_t most_of(const struct matrix *matrix)
{
    uint64_t most = 1;
    for (size_t row = 0; row <= ROWS_MAX; row++) {
        for (size_t column = 0; column <= COLUMNS_MAX; column++)
            most =
                matrix->cells[row][column].flows > most ? matrix->cells[row][column].flows : most;
    }
    return most;
}

static void add_cell(struct text *out, const struct cell *cell, uint64_t most)
{
    if (cell->flows == 0) {
        text_add(out, "<td></td>");
        return;
    }
    int heat = 1 + (int)(log((double)cell->flows) / log((double)most + 1) * HEATS);
    const char *verdict = verdict_name(report_verdict_order[cell->rank]);
    text_addf(out,
              "<td class=\"number heat-%d\"><span class=\"verdict verdict-%s\">"
              "<span class=\"unseen\">%s </span>",
              heat <= HEATS ? heat : HEATS, verdict, verdict);
    text_add_count(out, cell->flows);
    text_add(out, "</span></td>");
}

static void add_head(struct text *out, const struct axis *columns)
{
    text_add(
        out,
        "<div class=\"table matrix\" tabindex=\"0\" role=\"region\" aria-label=\"Initiators by "
        "responders\"><table><thead><tr><td class=\"corner\">initiator &#8595; responder "
        "&#8594;</td>");
    for (size_t i = 0; i < columns->count; i++) {
        text_add(out, "<th scope=\"col\"><span>");
        html_words(out, columns->names[i]);
        text_add(out, "</span></th>");
    }
    text_add(out, columns->has_others ? "<th scope=\"col\"><span>all others</span></th>" : "");
    text_add(out, "</tr></thead>\n<tbody>\n");
}

static void add_row(struct text *out, const struct matrix *matrix, size_t row, uint64_t most)
{
    bool is_others = row == matrix->rows.most;
    text_add(out, "<tr><th scope=\"row\">");
    html_words(out, is_others ? "all others" : matrix->rows.names[row]);
    text_add(out, "</th>");
    for (size_t column = 0; column < matrix->columns.count; column++)
        add_cell(out, &matrix->cells[row][column], most);
    if (matrix->columns.has_others)
        add_cell(out, &matrix->cells[row][matrix->columns.most], most);
    html_row_end(out);
}

static void add_matrix(struct text *out, const struct matrix *matrix)
{
    uint64_t most = most_of(matrix);
    add_head(out, &matrix->columns);
    for (size_t row = 0; row < matrix->rows.count; row++)
        add_row(out, matrix, row, most);
    if (matrix->rows.has_others)
        add_row(out, matrix, matrix->rows.most, most);
    html_table_end(out);
}

bool section_pairs(struct report *report, struct error *error)
{
    const struct store_grouping grouping = {
        .keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER, STORE_BY_VERDICT},
        .key_count = 3,
        .page = {.limit = PAIRS_MAX}};
    struct matrix *matrix = memory_new(1, sizeof *matrix);
    matrix->rows.most = ROWS_MAX;
    matrix->columns.most = COLUMNS_MAX;
    bool is_done = name_masquerades(report, matrix, error) &&
                   store_groups(report->review->store, &report->review->filter, &grouping,
                                add_group, matrix, error);
    section_begin(report, "pairs", "Who talks to whom",
                  matrix->rows.count > 0
                      ? "Flows from each initiator to each responder; the dot is the worst "
                        "verdict among them."
                      : "No flow was seen.");
    if (matrix->rows.count > 0)
        add_matrix(report->out, matrix);
    if (matrix->pairs == PAIRS_MAX)
        text_addf(report->out, "<p class=\"more\">Of the %d pairs with the most flows.</p>\n",
                  PAIRS_MAX);
    section_end(report);
    free(matrix);
    return is_done;
}
