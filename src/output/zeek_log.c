/* SPDX-License-Identifier: Apache-2.0 */
#include "output/zeek_log.h"

#include "base/timestamp.h"

#include <string.h>

static void add_moment(struct text *text, const char *keyword, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    timestamp_human(time_ns, words);
    for (char *c = words; *c != '\0'; c++) {
        if (*c == ' ' || *c == ':')
            *c = '-';
    }
    text_addf(text, "%s\t%s\n", keyword, words);
}

static void add_heading(struct zeek_log *log)
{
    struct text *text = line_file_text(log->file);
    text_add(text, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n");
    text_addf(text, "#path\t%s\n", log->path);
    add_moment(text, "#open", log->first_ns);
    text_add(text, "#fields");
    for (size_t i = 0; i < log->column_count; i++)
        text_addf(text, "\t%s", log->columns[i].name);
    text_add(text, "\n#types");
    for (size_t i = 0; i < log->column_count; i++)
        text_addf(text, "\t%s", log->columns[i].type);
    text_add_char(text, '\n');
    log->has_heading = true;
}

void zeek_log_date(struct zeek_log *log, const struct capture_totals *capture)
{
    if (!log->has_heading)
        log->first_ns = capture->first_ns;
    log->last_ns = capture->last_ns;
}

struct text *zeek_log_begin(struct zeek_log *log, int64_t time_ns)
{
    if (!log->has_heading) {
        log->first_ns = log->last_ns = time_ns;
        add_heading(log);
    }
    if (time_ns > log->last_ns)
        log->last_ns = time_ns;
    return line_file_text(log->file);
}

bool zeek_log_end(struct zeek_log *log, struct error *error)
{
    return line_file_end_line(log->file, error);
}

static void begin_column(struct text *line)
{
    if (line->length > 0 && line->data[line->length - 1] != '\n')
        text_add_char(line, '\t');
}

void zeek_add_unset(struct text *line)
{
    begin_column(line);
    text_add_char(line, '-');
}

static bool is_marker(struct span bytes)
{
    static const char empty[] = "(empty)";
    return (bytes.length == 1 && bytes.at[0] == '-') ||
           (bytes.length == sizeof empty - 1 && memcmp(bytes.at, empty, bytes.length) == 0);
}

void zeek_add_text(struct text *line, struct span bytes)
{
    begin_column(line);
    if (bytes.length == 0)
        text_add(line, "(empty)");
    if (is_marker(bytes)) {
        text_add(line, "\\x");
        text_add_hex(line, (struct span){bytes.at, 1});
        bytes.at++;
        bytes.length--;
    }
    text_add_zeek(line, bytes);
}

void zeek_add_word(struct text *line, const char *word)
{
    zeek_add_text(line, span_of(word));
}

void zeek_add_count(struct text *line, uint64_t number)
{
    begin_column(line);
    text_add_u64(line, number);
}

void zeek_add_real(struct text *line, double number)
{
    begin_column(line);
    text_addf(line, "%.6f", number);
}

void zeek_add_time(struct text *line, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    begin_column(line);
    text_add(line, timestamp_epoch(time_ns, words));
}

bool zeek_log_turn(struct zeek_log *log, const struct sink_turn *turn, struct error *error)
{
    if (!log->file || !log->has_heading)
        return true;
    enum line_file_turn turned = line_file_turn(log->file, turn->aside, turn->keep, error);
    if (turned == LINE_FILE_NEW)
        log->has_heading = false;
    return turned != LINE_FILE_FAILED;
}

bool zeek_log_close(struct zeek_log *log, struct error *error)
{
    if (!log->file)
        return true;
    if (!log->has_heading)
        add_heading(log);
    add_moment(line_file_text(log->file), "#close", log->last_ns);
    return line_file_close(log->file, error);
}
