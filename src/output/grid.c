/* SPDX-License-Identifier: Apache-2.0 */
#include "output/grid.h"

#include <string.h>

enum { BETWEEN = 2, CONTINUED = 4, WRAPPED_LEAST = 30 };

/* Where the columns stand: what does not fit a line goes to another one. */
struct layout {
    size_t columns, start[GRID_COLUMNS_MAX];
    bool begins_line[GRID_COLUMNS_MAX];
    size_t wrap; /* room for the last column, 0: it has what it needs */
};

/* On the screen: octets that continue a character take no room. */
static size_t width_of(const char *words)
{
    size_t width = 0;
    for (; *words != '\0'; words++)
        width += (*words & 0xc0) != 0x80;
    return width;
}

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
    size_t width = is_cut ? length : width_of(words);
    if (width > grid->width[column])
        grid->width[column] = width;
}

/* A last column of words takes what is left of the line, if that is enough to read in. */
static struct layout lay_out(const struct grid *grid, size_t indent)
{
    struct layout layout = {.columns = strlen(grid->columns)};
    size_t at = indent;
    for (size_t column = 0; column < layout.columns; column++) {
        bool is_last = column + 1 == layout.columns;
        bool may_wrap = is_last && grid->columns[column] == 'l';
        size_t needed = grid->width[column];
        if (may_wrap && needed > WRAPPED_LEAST)
            needed = WRAPPED_LEAST;
        bool is_first = column == 0;
        size_t start = is_first ? at : at + BETWEEN;
        if (!is_first && start + needed > PAGE_COLUMNS) {
            start = indent + CONTINUED;
            layout.begins_line[column] = true;
        }
        layout.start[column] = start;
        at = start + grid->width[column];
        if (may_wrap && at > PAGE_COLUMNS && start < PAGE_COLUMNS)
            layout.wrap = PAGE_COLUMNS - start;
    }
    return layout;
}

/* As many octets as fit `room`, up to a blank when there is one. */
static size_t piece_of(const char *words, size_t room)
{
    size_t width = 0, blank = 0, at = 0;
    while (words[at] != '\0' && (width < room || (words[at] & 0xc0) == 0x80)) {
        if (words[at] == ' ')
            blank = at;
        width += (words[at] & 0xc0) != 0x80;
        at++;
    }
    if (words[at] == '\0' || words[at] == ' ' || blank == 0)
        return at;
    return blank;
}

static void print_wrapped(struct page *page, const struct layout *layout, const char *cell)
{
    for (;;) {
        size_t length = piece_of(cell, layout->wrap);
        text_add_n(page->text, cell, length);
        cell += length;
        cell += strspn(cell, " ");
        if (*cell == '\0')
            return;
        text_add_char(page->text, '\n');
        page_pad(page, layout->start[layout->columns - 1]);
    }
}

/* `at` is how far the line is filled. */
static size_t print_cell(const struct grid *grid, const struct layout *layout, struct page *page,
                         size_t column, size_t at, const char *cell)
{
    bool is_last = column + 1 == layout->columns;
    if (layout->begins_line[column]) {
        text_add_char(page->text, '\n');
        at = 0;
    }
    size_t width = width_of(cell), start = layout->start[column];
    if (grid->columns[column] == 'r')
        start += grid->width[column] - width;
    if (width == 0)
        return at;
    page_pad(page, start - at);
    if (is_last && layout->wrap > 0)
        print_wrapped(page, layout, cell);
    else
        text_add(page->text, cell);
    return start + width;
}

void grid_print(struct grid *grid, struct page *page, size_t indent)
{
    const struct layout layout = lay_out(grid, indent);
    const char *cell = text_words(&grid->cells);
    struct text heading = {0};
    for (size_t row = 0; row < grid->count / layout.columns; row++) {
        struct page line = {.text = row == 0 ? &heading : page->text};
        size_t at = 0;
        for (size_t column = 0; column < layout.columns; column++) {
            at = print_cell(grid, &layout, &line, column, at, cell);
            cell += strlen(cell) + 1;
        }
        if (row == 0)
            page_add(page, STYLE_QUIET, text_words(&heading));
        text_add_char(page->text, '\n');
    }
    text_free(&heading);
    text_free(&grid->cells);
}
