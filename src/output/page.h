/* SPDX-License-Identifier: Apache-2.0
 *
 * Text for a person: at most 100 columns, plain unless colour is wanted, numbers as people write
 * them.
 */
#ifndef PORTSCOPE_OUTPUT_PAGE_H
#define PORTSCOPE_OUTPUT_PAGE_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE_COLUMNS = 100 };

enum style { STYLE_PLAIN, STYLE_HEADING, STYLE_ALARM, STYLE_WARNING, STYLE_QUIET, STYLES };

struct page {
    struct text *text; /* borrowed */
    bool use_colour;
};

/* Words as they are: whoever calls has made a stranger's printable. */
void page_add(struct page *page, enum style style, const char *words);

/* An empty line, then the heading. */
void page_heading(struct page *page, const char *words);

/* The words, broken between blanks (a word that is too long, anywhere), each line behind `indent`
 * blanks. */
void page_wrap(struct page *page, size_t indent, enum style style, const char *words);

/* The same, and empties the words. */
void page_paragraph(struct page *page, size_t indent, enum style style, struct text *words);

void page_pad(struct page *page, size_t blanks);

/* "12,345", and "12.3 KB" (of 1000 bytes). */
void text_add_count(struct text *text, uint64_t number);
void text_add_bytes(struct text *text, uint64_t bytes);
/* "1 flow", "2 flows". */
void text_add_counted(struct text *text, uint64_t number, const char *noun);

#endif
