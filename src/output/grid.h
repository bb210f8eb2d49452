/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells in columns as wide as the widest of them. Columns that do not fit the page go to a second
 * line of each row; a last column of words is wrapped where it stands.
 */
#ifndef PORTSCOPE_OUTPUT_GRID_H
#define PORTSCOPE_OUTPUT_GRID_H

#include "output/page.h"

#include <stddef.h>

enum { GRID_COLUMNS_MAX = 100 };

/* Starts with the alignment of its columns, one letter each: {.columns = "lrr"}. The first row is
 * the heading. */
struct grid {
    const char *columns; /* 'l' or 'r'; borrowed */
    size_t most;         /* a longer cell is cut, 0: never */
    struct text cells;   /* terminated, one behind the other, row by row */
    size_t count;
    size_t width[GRID_COLUMNS_MAX];
};

/* The next cell, copied. Rows must be whole when the grid is printed. */
void grid_add(struct grid *grid, const char *words);

/* Prints it, behind `indent` blanks and with two blanks between columns, and frees its cells. */
void grid_print(struct grid *grid, struct page *page, size_t indent);

#endif
