/* SPDX-License-Identifier: Apache-2.0
 *
 * A log in Zeek's TSV form (Zeek's ASCII writer): a heading that names and types the columns, a
 * line for each entry, and "#close".
 */
#ifndef PORTSCOPE_OUTPUT_ZEEK_LOG_H
#define PORTSCOPE_OUTPUT_ZEEK_LOG_H

#include "base/error.h"
#include "base/text.h"
#include "model/totals.h"
#include "output/line_file.h"
#include "output/sink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zeek_column {
    const char *name, *type;
};

struct zeek_log {
    struct line_file *file; /* closed by zeek_log_close(); NULL: nothing to close */
    const char *path;       /* "conn" */
    const struct zeek_column *columns;
    size_t column_count;
    bool has_heading;
    int64_t first_ns, last_ns; /* for "#open" and "#close": no clock is read */
};

/* Where the next line goes; `time_ns` is the entry's. Writes the heading before the first. */
struct text *zeek_log_begin(struct zeek_log *log, int64_t time_ns);
bool zeek_log_end(struct zeek_log *log, struct error *error);

/* Columns of a line, in order, each with the tab before it unless it is the first. Text that could
 * be taken for an empty or unset value is escaped. */
void zeek_add_unset(struct text *line);
void zeek_add_text(struct text *line, struct span bytes);
void zeek_add_word(struct text *line, const char *word);
void zeek_add_count(struct text *line, uint64_t number);
void zeek_add_real(struct text *line, double number);
/* A time, or an interval: seconds either way. */
void zeek_add_time(struct text *line, int64_t time_ns);

/* Dates the log by what was read, which counts where no entry's time does. */
void zeek_log_date(struct zeek_log *log, const struct capture_totals *capture);

/* Writes "#close" (and the heading when nothing was logged) and closes the file. */
/* Goes on in a new file, which gets its heading with its first entry. */
bool zeek_log_turn(struct zeek_log *log, const struct sink_turn *turn, struct error *error);

bool zeek_log_close(struct zeek_log *log, struct error *error);

#endif
