/* SPDX-License-Identifier: Apache-2.0 */
#include "output/grid.h"

#include <string.h>

void grid_add(struct grid *grid, const char *words)
{
    size_t column = grid->count++ % strlen(grid->columns);
    size_t length = strlen(words);
    bool is_cut = grid->most > 0 && length > grid->most;
    if (is_cut)
        length = grid->most;
    text_add_n(&grid->cells, words, is_cut ? length - 2 : length);
    if (is_cut)
        text_add(&grid->cells, "..");
    text_add_char(&grid->cells, '\0');
    if (length > grid->width[column])
        grid->width[column] = length;
}

static void print_cell(struct grid *grid, struct page *page, size_t column, const char *cell)
{
    size_t padding = grid->width[column] - strlen(cell);
    bool is_last = grid->columns[column + 1] == '\0';
    page_pad(page, column > 0 ? 2 : 0);
    if (grid->columns[column] == 'r')
        page_pad(page, padding);
    text_add(page->text, cell);
    if (grid->columns[column] == 'l' && !is_last)
        page_pad(page, padding);
}

void grid_print(struct grid *grid, struct page *page, size_t indent)
{
    size_t columns = strlen(grid->columns);
    const char *cell = text_words(&grid->cells);
    struct text heading = {0};
    for (size_t row = 0; row < grid->count / columns; row++) {
        struct page line = {.text = row == 0 ? &heading : page->text};
        page_pad(page, indent);
        for (size_t column = 0; column < columns; column++) {
            print_cell(grid, &line, column, cell);
            cell += strlen(cell) + 1;
        }
        if (row == 0)
            page_add(page, STYLE_QUIET, text_words(&heading));
        text_add_char(page->text, '\n');
    }
    text_free(&heading);
    text_free(&grid->cells);
}
