/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 4180, with the line ends of Unix: a heading, then a row for each flow. Numbers stand bare,
 * everything else is quoted, and no cell is a formula.
 */
#include "base/memory.h"
#include "base/timestamp.h"
#include "output/field.h"
#include "output/line_file.h"
#include "output/sink_types.h"

#include <stdlib.h>

struct csv {
    struct line_file *file;
    struct field_list fields;
    struct field_value value;
};

static bool write_heading(struct csv *csv, struct error *error)
{
    struct text *line = line_file_text(csv->file);
    for (size_t i = 0; i < csv->fields.count; i++) {
        text_add(line, i > 0 ? "," : "");
        text_add(line, field_name(csv->fields.all[i], NAMED_AS_OURS));
    }
    text_add_char(line, '\n');
    return line_file_flush(csv->file, error);
}

static bool csv_close(void *state, struct error *error)
{
    struct csv *csv = state;
    bool is_whole = line_file_close(csv->file, error);
    text_free(&csv->value.scratch);
    free(csv);
    return is_whole;
}

static void *csv_open(const struct sink_options *options, struct error *error)
{
    struct field_list fields = fields_default();
    if (options->fields && !fields_choose(&fields, options->fields, NAMED_AS_OURS, error))
        return NULL;
    struct line_file *file = line_file_open(options->target, options->may_overwrite, error);
    if (!file)
        return NULL;
    struct csv *csv = memory_new(1, sizeof *csv);
    csv->file = file;
    csv->fields = fields;
    if (write_heading(csv, error))
        return csv;
    csv_close(csv, NULL);
    return NULL;
}

static void add_cell(struct text *line, const struct field *field, struct field_value *value)
{
    char words[TIMESTAMP_TEXT_SIZE];
    if (!field_get(field, value))
        return;
    switch (field->kind) {
    case FIELD_TIME:
        text_add_csv(line, span_of(timestamp_rfc3339(value->ns, words)));
        break;
    case FIELD_TEXT:
    case FIELD_SET:
        text_add_csv(line, value->text);
        break;
    case FIELD_COUNT:
    case FIELD_REAL:
    case FIELD_INTERVAL:
        field_add_number(line, field, value);
        break;
    }
}

static bool csv_flow(void *state, const struct flow_record *record, struct error *error)
{
    struct csv *csv = state;
    struct text *line = line_file_text(csv->file);
    csv->value.record = record;
    for (size_t i = 0; i < csv->fields.count; i++) {
        text_add(line, i > 0 ? "," : "");
        add_cell(line, csv->fields.all[i], &csv->value);
    }
    return line_file_end_line(csv->file, error);
}

static bool csv_flush(void *state, struct error *error)
{
    struct csv *csv = state;
    return line_file_flush(csv->file, error);
}

static bool csv_turn(void *state, const struct sink_turn *turn, struct error *error)
{
    struct csv *csv = state;
    switch (line_file_turn(csv->file, turn->aside, turn->keep, error)) {
    case LINE_FILE_SAME:
        return true;
    case LINE_FILE_NEW:
        return write_heading(csv, error);
    case LINE_FILE_FAILED:
        break;
    }
    return false;
}

static uint64_t csv_size(const void *state)
{
    const struct csv *csv = state;
    return line_file_size(csv->file);
}

static uint64_t csv_lost(const void *state)
{
    const struct csv *csv = state;
    return line_file_lost(csv->file);
}

const struct sink_type csv_sink = {
    .name = "csv",
    .help = "a row for each flow, in the columns of --fields or all",
    .open = csv_open,
    .flow = csv_flow,
    .flush = csv_flush,
    .turn = csv_turn,
    .size = csv_size,
    .lost = csv_lost,
    .close = csv_close,
};
