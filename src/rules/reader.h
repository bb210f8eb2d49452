/* SPDX-License-Identifier: Apache-2.0
 *
 * A rule file as a sequence of pieces, each with its place. The only part that knows libyaml. What
 * rules have no use for and an attacker might (aliases, anchors, tags, several documents, control
 * characters, endless words) is refused here.
 */
#ifndef PORTSCOPE_RULES_READER_H
#define PORTSCOPE_RULES_READER_H

#include "base/cursor.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Line and column count from 1, in characters. The file's name is borrowed. */
struct place {
    const char *file;
    unsigned line, column;
};

/* Writes "file:line:column: " and the sentence; false. */
__attribute__((format(printf, 3, 4))) bool place_fail(struct error *error, struct place place,
                                                      const char *format, ...);

enum piece_kind {
    PIECE_WORD,
    PIECE_LIST,
    PIECE_LIST_END,
    PIECE_MAP,
    PIECE_MAP_END,
    PIECE_END, /* of the file */
};

struct piece {
    enum piece_kind kind;
    struct place place;
    const char *word; /* of PIECE_WORD; printable UTF-8, valid until the next piece is read */
};

struct reader;

/* Reads `bytes`. They and `name`, which stands in all messages and places, must outlive the reader
 * and what was made of its places. */
struct reader *reader_open(const char *name, struct span bytes, struct error *error);
void reader_close(struct reader *reader); /* accepts NULL */

/* The next piece; false with a message when there is none because the file is wrong. */
bool reader_next(struct reader *reader, struct piece *piece);

#endif
