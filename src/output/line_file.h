/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole lines into a file or to standard output. A line is appended to a buffer and the buffer is
 * written between lines, so what a reader finds ends with a whole line even when the disk is full.
 */
#ifndef PORTSCOPE_OUTPUT_LINE_FILE_H
#define PORTSCOPE_OUTPUT_LINE_FILE_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct line_file;

/* Opens a file that must not exist (unless `may_overwrite`), never through a symbolic link, mode
 * 0600. NULL or "-": standard output. NULL with a sentence on failure. */
struct line_file *line_file_open(const char *target, bool may_overwrite, struct error *error);

/* Where the next line is appended, without its newline. */
struct text *line_file_text(struct line_file *file);

/* Ends the line (or lines) appended. False when the buffer had to be written and could not. */
bool line_file_end_line(struct line_file *file, struct error *error);

/* Writes what is buffered. After a failure nothing more is written, ever. */
bool line_file_flush(struct line_file *file, struct error *error);

/* Lines ended that did not reach the target. */
uint64_t line_file_lost(const struct line_file *file);

/* Writes, closes (standard output stays open) and frees. False when bytes were lost, now or
 * before. Accepts NULL. */
bool line_file_close(struct line_file *file, struct error *error);

#endif
