/* SPDX-License-Identifier: Apache-2.0
 *
 * A pen for HTML. Tags are ours and written as they are; whatever came from elsewhere goes through
 * html_words(), inside of elements and of quoted attributes alike.
 */
#ifndef PORTSCOPE_REVIEW_HTML_H
#define PORTSCOPE_REVIEW_HTML_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many octets of a stranger's words are shown; more end in an ellipsis. */
enum { HTML_WORDS_MAX = 240 };

/* The printable form (text_add_printable) with what HTML means something by escaped: no tag, no
 * entity, no end of a quoted attribute, no control, no bidi trick. */
void html_words(struct text *out, const char *words);
void html_words_n(struct text *out, const char *words, size_t length);

/* JSON as the content of a script element: "<", ">" and "&", which in JSON stand in strings only,
 * become \u00NN, so that nothing in it ends the element. */
void html_json(struct text *out, const char *json);

/* "<code>WORDS</code>" */
void html_code(struct text *out, const char *words);

/* A column of a table. */
struct html_column {
    const char *name; /* our own words */
    bool is_number;
};

/* The head of a table that scrolls in its own frame when it is wide; `label`, which is HTML, names
 * it to a reader of the screen. */
void html_table_begin(struct text *out, const char *label, const struct html_column *columns,
                      size_t count);
void html_table_end(struct text *out);

/* Cells, between html_row_begin() and html_row_end(). */
void html_row_begin(struct text *out);
void html_row_end(struct text *out);
void html_cell(struct text *out, const char *words);
void html_cell_count(struct text *out, uint64_t number);
void html_cell_bytes(struct text *out, uint64_t bytes);
void html_cell_time(struct text *out, int64_t time_ns);
void html_cell_verdict(struct text *out, const char *verdict);

/* A verdict's dot and word; a word that is no verdict is shown without a colour. */
void html_verdict(struct text *out, const char *verdict);

/* "And 12 more flows, of which ...", when there are; `noun` and `what` are our own words. */
void html_more(struct text *out, uint64_t more, const char *noun, const char *what);

#endif
