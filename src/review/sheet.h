/* SPDX-License-Identifier: Apache-2.0
 *
 * An answer as a table of cells, written for people (aligned columns, Markdown) or programs (JSON,
 * CSV). Cells are kept raw; each form escapes and words them in its own way.
 */
#ifndef PORTSCOPE_REVIEW_SHEET_H
#define PORTSCOPE_REVIEW_SHEET_H

#include "output/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sheet_format { SHEET_TABLE, SHEET_JSON, SHEET_CSV, SHEET_MARKDOWN, SHEET_FORMATS };

/* "table", "json", "csv", "markdown"; false when the word is none of them. */
bool sheet_format_parse(const char *word, enum sheet_format *out);

enum cell_kind {
    CELL_TEXT,
    CELL_COUNT,
    CELL_BYTES,
    CELL_TIME,   /* ns since 1970; 0: never */
    CELL_BLOCKS, /* our own block characters */
    CELL_WORDS,  /* text that is never cut */
};

struct sheet_column {
    const char *name; /* in JSON and CSV; for people, with blanks */
    enum cell_kind kind;
};

enum { SHEET_COLUMNS_MAX = 24 };

struct sheet {
    const char *name;    /* the key in JSON */
    const char *heading; /* for people; NULL: none */
    const char *note;    /* below the table, for people; NULL: none */
    struct sheet_column columns[SHEET_COLUMNS_MAX];
    size_t column_count;
    struct text cells; /* terminated, one behind the other, row by row */
    size_t count;
};

void sheet_add(struct sheet *sheet, const char *words);
void sheet_add_number(struct sheet *sheet, uint64_t number);
size_t sheet_rows(const struct sheet *sheet);

/* Several sheets one after the other: begin, each, end. Writing a sheet frees its cells. */
struct sheet_writer {
    enum sheet_format format;
    struct page page;
    size_t written;
};
void sheets_begin(struct sheet_writer *writer);
void sheet_write(struct sheet_writer *writer, struct sheet *sheet);
void sheets_end(struct sheet_writer *writer);

#endif
