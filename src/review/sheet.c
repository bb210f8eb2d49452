/* SPDX-License-Identifier: Apache-2.0 */
#include "review/sheet.h"

#include "base/timestamp.h"
#include "output/grid.h"
#include "output/json.h"

#include <stdlib.h>

enum { CELL_WIDTH_MAX = 70 };

static const char *const format_names[SHEET_FORMATS] = {
    [SHEET_TABLE] = "table",
    [SHEET_JSON] = "json",
    [SHEET_CSV] = "csv",
    [SHEET_MARKDOWN] = "markdown",
};

bool sheet_format_parse(const char *word, enum sheet_format *out)
{
    for (enum sheet_format format = 0; format < SHEET_FORMATS; format++) {
        if (strcmp(format_names[format], word) == 0) {
            *out = format;
            return true;
        }
    }
    return false;
}

void sheet_add(struct sheet *sheet, const char *words)
{
    text_add_n(&sheet->cells, words, strlen(words) + 1);
    sheet->count++;
}

void sheet_add_number(struct sheet *sheet, uint64_t number)
{
    text_add_u64(&sheet->cells, number);
    text_add_char(&sheet->cells, '\0');
    sheet->count++;
}

size_t sheet_rows(const struct sheet *sheet)
{
    return sheet->count / sheet->column_count;
}

static bool is_number(enum cell_kind kind)
{
    return kind == CELL_COUNT || kind == CELL_BYTES;
}

static bool is_text(enum cell_kind kind)
{
    return kind == CELL_TEXT || kind == CELL_BLOCKS || kind == CELL_WORDS;
}

static int64_t number_of(const char *cell)
{
    return strtoll(cell, NULL, 10);
}

/* As a person reads it; a stranger's words become printable. */
static void add_for_people(struct text *text, enum cell_kind kind, const char *cell)
{
    char words[TIMESTAMP_TEXT_SIZE];
    int64_t number = number_of(cell);
    switch (kind) {
    case CELL_TEXT:
    case CELL_WORDS:
        text_add_printable(text, span_of(cell));
        break;
    case CELL_BLOCKS:
        text_add(text, cell);
        break;
    case CELL_COUNT:
        text_add_count(text, (uint64_t)number);
        break;
    case CELL_BYTES:
        text_add_bytes(text, (uint64_t)number);
        break;
    case CELL_TIME:
        text_add(text, number != 0 ? timestamp_human(number, words) : "-");
        break;
    }
}

static void add_heading(struct text *text, const char *name)
{
    for (; *name != '\0'; name++)
        text_add_char(text, *name == '_' ? ' ' : *name);
}

static void write_table(struct sheet_writer *writer, const struct sheet *sheet)
{
    char letters[SHEET_COLUMNS_MAX + 1] = "";
    struct text cell = {0};
    for (size_t i = 0; i < sheet->column_count; i++)
        letters[i] = is_number(sheet->columns[i].kind) ? 'r' : 'l';
    enum cell_kind last = sheet->columns[sheet->column_count - 1].kind;
    bool is_wide = last == CELL_BLOCKS || last == CELL_WORDS;
    struct grid grid = {.columns = letters, .most = is_wide ? 0 : CELL_WIDTH_MAX};
    for (size_t i = 0; i < sheet->column_count; i++) {
        text_clear(&cell);
        add_heading(&cell, sheet->columns[i].name);
        grid_add(&grid, text_words(&cell));
    }
    const char *at = sheet->cells.data;
    for (size_t i = 0; i < sheet->count; i++, at += strlen(at) + 1) {
        text_clear(&cell);
        add_for_people(&cell, sheet->columns[i % sheet->column_count].kind, at);
        grid_add(&grid, text_words(&cell));
    }
    if (sheet->heading)
        page_heading(&writer->page, sheet->heading);
    if (sheet->count > 0) {
        grid_print(&grid, &writer->page, 2);
    } else {
        text_free(&grid.cells);
        page_wrap(&writer->page, 2, STYLE_QUIET, "nothing");
    }
    if (sheet->note)
        page_wrap(&writer->page, 2, STYLE_QUIET, sheet->note);
    text_free(&cell);
}

/* A cell of Markdown: nothing in it begins a column, a tag, a link or emphasis. */
static void add_markdown(struct text *text, const char *words)
{
    for (; *words != '\0'; words++) {
        if (strchr("|`*_[]#~", *words))
            text_add_char(text, '\\');
        if (*words == '<')
            text_add(text, "&lt;");
        else
            text_add_char(text, *words);
    }
}

static void write_markdown(struct sheet_writer *writer, const struct sheet *sheet)
{
    struct text *out = writer->page.text;
    struct text cell = {0};
    if (sheet->heading)
        text_addf(out, "%s## %s\n\n", writer->written > 0 ? "\n" : "", sheet->heading);
    for (size_t i = 0; i < sheet->column_count; i++) {
        text_add(out, "| ");
        add_heading(out, sheet->columns[i].name);
        text_add_char(out, ' ');
    }
    text_add(out, "|\n");
    for (size_t i = 0; i < sheet->column_count; i++)
        text_add(out, is_number(sheet->columns[i].kind) ? "| ---: " : "| --- ");
    text_add(out, "|\n");
    const char *at = sheet->cells.data;
    for (size_t i = 0; i < sheet->count; i++, at += strlen(at) + 1) {
        text_clear(&cell);
        add_for_people(&cell, sheet->columns[i % sheet->column_count].kind, at);
        text_add(out, "| ");
        add_markdown(out, text_words(&cell));
        text_add(out, (i + 1) % sheet->column_count == 0 ? " |\n" : " ");
    }
    text_free(&cell);
}

static void add_value(struct text *out, const struct sheet_column *column, const char *cell)
{
    char words[TIMESTAMP_TEXT_SIZE];
    if (is_text(column->kind))
        json_string(out, column->name, span_of(cell));
    else if (column->kind == CELL_TIME)
        json_word(out, column->name,
                  number_of(cell) != 0 ? timestamp_rfc3339(number_of(cell), words) : "");
    else
        json_number(out, column->name, (uint64_t)number_of(cell));
}

static void write_json(struct sheet_writer *writer, const struct sheet *sheet)
{
    struct text *out = writer->page.text;
    json_begin(out, sheet->name, '[');
    const char *at = sheet->cells.data;
    for (size_t i = 0; i < sheet->count; i++, at += strlen(at) + 1) {
        size_t column = i % sheet->column_count;
        if (column == 0)
            json_begin(out, NULL, '{');
        add_value(out, &sheet->columns[column], at);
        if (column + 1 == sheet->column_count)
            json_end(out, '}');
    }
    json_end(out, ']');
}

/* The first column names the sheet, so that several can stand in one file. */
static void write_csv(struct sheet_writer *writer, const struct sheet *sheet)
{
    struct text *out = writer->page.text;
    char words[TIMESTAMP_TEXT_SIZE];
    text_add(out, "sheet");
    for (size_t i = 0; i < sheet->column_count; i++)
        text_addf(out, ",%s", sheet->columns[i].name);
    text_add(out, "\r\n");
    const char *at = sheet->cells.data;
    for (size_t i = 0; i < sheet->count; i++, at += strlen(at) + 1) {
        const struct sheet_column *column = &sheet->columns[i % sheet->column_count];
        if (i % sheet->column_count == 0)
            text_add(out, sheet->name);
        text_add_char(out, ',');
        if (is_text(column->kind))
            text_add_csv(out, span_of(at));
        else if (column->kind == CELL_TIME)
            text_add(out, number_of(at) != 0 ? timestamp_rfc3339(number_of(at), words) : "");
        else
            text_add(out, at);
        if ((i + 1) % sheet->column_count == 0)
            text_add(out, "\r\n");
    }
}

void sheets_begin(struct sheet_writer *writer)
{
    if (writer->format == SHEET_JSON)
        json_begin(writer->page.text, NULL, '{');
}

void sheet_write(struct sheet_writer *writer, struct sheet *sheet)
{
    static void (*const writers[SHEET_FORMATS])(struct sheet_writer *, const struct sheet *) = {
        [SHEET_TABLE] = write_table,
        [SHEET_JSON] = write_json,
        [SHEET_CSV] = write_csv,
        [SHEET_MARKDOWN] = write_markdown,
    };
    writers[writer->format](writer, sheet);
    writer->written++;
    text_free(&sheet->cells);
}

void sheets_end(struct sheet_writer *writer)
{
    if (writer->format != SHEET_JSON)
        return;
    json_end(writer->page.text, '}');
    text_add_char(writer->page.text, '\n');
}
