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

/* Opens a file that must not exist (unless `may_overwrite`, or it is a pipe or a device), never
 * through a symbolic link, mode 0600. NULL or "-": standard output. NULL with a sentence on
 * failure. */
struct line_file *line_file_open(const char *target, bool may_overwrite, struct error *error);

/* Where the next line is appended, without its newline. */
struct text *line_file_text(struct line_file *file);

/* Ends the line (or lines) appended. False when the buffer had to be written and could not. */
bool line_file_end_line(struct line_file *file, struct error *error);

/* Writes what is buffered. After a failure nothing more is written, ever. */
bool line_file_flush(struct line_file *file, struct error *error);

/* What turning did. */
enum line_file_turn { LINE_FILE_SAME, LINE_FILE_NEW, LINE_FILE_FAILED };

/* Goes on in a new file of the same name. The old one is renamed to "NAME.ASIDE", never over
 * another one, and of all set aside so far the newest `keep` are kept (0: all). With `aside` NULL:
 * only if somebody else has moved the old one away. To be called between lines; LINE_FILE_NEW: the
 * file is empty and wants its heading. On LINE_FILE_FAILED `error` says why, and the old file goes
 * on. */
enum line_file_turn line_file_turn(struct line_file *file, const char *aside, unsigned keep,
                                   struct error *error);

/* Of the file as it is now, including what is still buffered; standard output has none: 0. */
uint64_t line_file_size(const struct line_file *file);

/* Lines ended that did not reach the target. */
uint64_t line_file_lost(const struct line_file *file);

/* Writes, closes (standard output stays open) and frees. False when bytes were lost, now or
 * before. Accepts NULL. */
bool line_file_close(struct line_file *file, struct error *error);

#endif
