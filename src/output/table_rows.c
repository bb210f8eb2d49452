/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_rows.h"

#include "output/grid.h"
#include "output/table_groups.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_COLUMNS = 48 };

struct row {
    uint64_t key; /* keyed hash of its cells: two rows in 2^64 are taken for one */
    uint64_t flows;
    size_t cells; /* where they begin */
    unsigned interest;
    uint32_t number; /* in order of arrival */
};

void rows_init(struct rows *rows, const struct field_list *fields)
{
    memset(rows, 0, sizeof *rows);
    rows->fields = *fields;
    bounded_map_init(&rows->map, ROWS_MAX, sizeof(struct row), sizeof(uint64_t));
}

void rows_reset(struct rows *rows)
{
    bounded_map_reset(&rows->map);
    text_free(&rows->cells);
    text_free(&rows->value.scratch);
}

void rows_add(struct rows *rows, const struct flow_record *record)
{
    size_t start = rows->cells.length;
    rows->value.record = record;
    for (size_t i = 0; i < rows->fields.count; i++) {
        field_add_printable(&rows->cells, rows->fields.all[i], &rows->value);
        text_add_char(&rows->cells, '\0');
    }
    uint64_t key = siphash(&rows->map.key, rows->cells.data + start, rows->cells.length - start);
    struct row *row = bounded_map_find_or_add(&rows->map, &key);
    bool is_new = row && row->flows == 0;
    if (is_new) {
        row->cells = start;
        row->number = (uint32_t)rows->map.count;
        row->interest = verdict_interest(record->classification.verdict);
    } else {
        rows->cells.length = start;
    }
    if (row)
        row->flows++;
    else
        rows->untold_flows++;
}

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    if (a->interest != b->interest)
        return a->interest < b->interest ? 1 : -1;
    return a->number < b->number ? -1 : 1;
}

static void add_heading(struct grid *grid, const struct field_list *fields, char *columns)
{
    columns[0] = 'r';
    for (size_t i = 0; i < fields->count; i++) {
        enum field_kind kind = fields->all[i]->kind;
        bool is_number = kind == FIELD_COUNT || kind == FIELD_REAL || kind == FIELD_INTERVAL;
        columns[i + 1] = is_number ? 'r' : 'l';
    }
    columns[fields->count + 1] = '\0';
    grid->columns = columns;
    grid_add(grid, "flows");
    for (size_t i = 0; i < fields->count; i++)
        grid_add(grid, field_name(fields->all[i], NAMED_AS_OURS));
}

static void add_row(struct grid *grid, const struct rows *rows, const struct row *row)
{
    const char *cell = rows->cells.data + row->cells;
    struct text flows = {0};
    text_add_count(&flows, row->flows);
    grid_add(grid, text_words(&flows));
    text_free(&flows);
    for (size_t i = 0; i < rows->fields.count; i++) {
        grid_add(grid, *cell != '\0' ? cell : "-");
        cell += strlen(cell) + 1;
    }
}

void rows_print(struct rows *rows, struct page *page)
{
    char columns[GRID_COLUMNS_MAX];
    struct grid grid = {.most = CELL_COLUMNS};
    struct row *all = (struct row *)(void *)rows->map.items;
    if (rows->map.count == 0)
        return;
    qsort(all, rows->map.count, sizeof *all, compare_rows);
    add_heading(&grid, &rows->fields, columns);
    for (size_t i = 0; i < rows->map.count; i++)
        add_row(&grid, rows, &all[i]);
    page_heading(page, "FLOWS");
    grid_print(&grid, page, 0);
    if (rows->untold_flows > 0) {
        text_add_counted(page->text, rows->untold_flows, "more flow");
        text_add(page->text, " that the table has no room for; -o csv:FILE has them all\n");
    }
}
