/* SPDX-License-Identifier: Apache-2.0
 *
 * A growing piece of text, and the escapes that make a stranger's bytes harmless in it. Nothing
 * from a packet, a file name or a rule file reaches an output but through one of these.
 */
#ifndef PORTSCOPE_BASE_TEXT_H
#define PORTSCOPE_BASE_TEXT_H

#include "base/cursor.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Starts as {0}. `data` is terminated whenever it is not NULL; keeps its memory when emptied. */
struct text {
    char *data;
    size_t length;
    size_t capacity;
};

void text_free(struct text *text);
void text_clear(struct text *text);

/* The words so far; never NULL. */
const char *text_words(const struct text *text);

/* Makes room for `more` bytes and a terminator; returns where they go. Whoever writes there adds
 * them with text_added(). The functions below are inline because sinks call them a hundred times a
 * record, mostly with words whose length the compiler knows. */
void text_grow(struct text *text, size_t more);

static inline char *text_room(struct text *text, size_t more)
{
    if (more >= text->capacity - text->length)
        text_grow(text, more);
    return text->data + text->length;
}

static inline void text_added(struct text *text, size_t length)
{
    text->length += length;
    text->data[text->length] = '\0';
}

static inline void text_add_n(struct text *text, const char *bytes, size_t length)
{
    char *at = text_room(text, length);
    if (length > 0)
        memcpy(at, bytes, length);
    text_added(text, length);
}

static inline void text_add(struct text *text, const char *words)
{
    text_add_n(text, words, strlen(words));
}

static inline void text_add_char(struct text *text, char c)
{
    *text_room(text, 1) = c;
    text_added(text, 1);
}

void text_add_u64(struct text *text, uint64_t number);
void text_add_i64(struct text *text, int64_t number);
__attribute__((format(printf, 2, 3))) void text_addf(struct text *text, const char *format, ...);

/* For terminals, logs and messages: printable ASCII stays, a backslash is doubled, every other
 * byte becomes \xNN. So no control sequence, no bidi trick, no invalid UTF-8 gets through. */
void text_add_printable(struct text *text, struct span bytes);

/* The inside of a JSON string: quotes, backslash, controls, DEL and U+2028/2029 escaped; valid
 * UTF-8 kept; each byte of invalid UTF-8 becomes \u00NN. */
void text_add_json(struct text *text, struct span bytes);

/* One CSV cell (RFC 4180), always quoted; printable form inside; a cell that a spreadsheet would
 * read as a formula (= + - @ TAB CR first) gets a leading apostrophe. */
void text_add_csv(struct text *text, struct span bytes);

/* Zeek's TSV: tab, newline, backslash and everything unprintable as \xNN. */
void text_add_zeek(struct text *text, struct span bytes);

/* Lower-case hexadecimal, two digits a byte. */
void text_add_hex(struct text *text, struct span bytes);

/* Writes the printable form of a string into `out` (cut to fit, always terminated), for use in
 * messages; returns `out`. */
const char *text_printable(const char *string, char *out, size_t size);

/* The bytes of a string as a span; NULL is empty. */
struct span span_of(const char *string);

#endif
