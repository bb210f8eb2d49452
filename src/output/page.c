/* SPDX-License-Identifier: Apache-2.0 */
#include "output/page.h"

#include <string.h>

static const char *const escapes[STYLES] = {
    [STYLE_HEADING] = "\x1b[1m",
    [STYLE_ALARM] = "\x1b[1;31m",
    [STYLE_WARNING] = "\x1b[33m",
    [STYLE_QUIET] = "\x1b[2m",
};

static void add_styled(struct page *page, enum style style, const char *words, size_t length)
{
    bool is_styled = page->use_colour && escapes[style];
    if (is_styled)
        text_add(page->text, escapes[style]);
    text_add_n(page->text, words, length);
    if (is_styled)
        text_add(page->text, "\x1b[0m");
}

void page_add(struct page *page, enum style style, const char *words)
{
    add_styled(page, style, words, strlen(words));
}

void page_heading(struct page *page, const char *words)
{
    text_add_char(page->text, '\n');
    page_add(page, STYLE_HEADING, words);
    text_add_char(page->text, '\n');
}

void page_pad(struct page *page, size_t blanks)
{
    for (size_t i = 0; i < blanks; i++)
        text_add_char(page->text, ' ');
}

/* How much of `words` goes on a line of `room` columns. */
static size_t line_length(const char *words, size_t room)
{
    size_t length = strlen(words);
    if (length <= room)
        return length;
    for (size_t i = room; i > 0; i--) {
        if (words[i] == ' ')
            return i;
    }
    return room;
}

void page_wrap(struct page *page, size_t indent, enum style style, const char *words)
{
    while (*words != '\0') {
        size_t length = line_length(words, PAGE_COLUMNS - indent);
        page_pad(page, indent);
        add_styled(page, style, words, length);
        text_add_char(page->text, '\n');
        words += length;
        words += *words == ' ';
    }
}

void page_paragraph(struct page *page, size_t indent, enum style style, struct text *words)
{
    page_wrap(page, indent, style, text_words(words));
    text_clear(words);
}

void text_add_count(struct text *text, uint64_t number)
{
    char reversed[32];
    size_t used = 0;
    for (size_t digits = 0; number > 0 || digits == 0; digits++) {
        if (digits > 0 && digits % 3 == 0)
            reversed[used++] = ',';
        reversed[used++] = (char)('0' + number % 10);
        number /= 10;
    }
    while (used > 0)
        text_add_char(text, reversed[--used]);
}

void text_add_bytes(struct text *text, uint64_t bytes)
{
    static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        text_addf(text, "%u B", (unsigned)bytes);
        return;
    }
    double size = (double)bytes / 1000;
    size_t unit = 0;
    for (; size >= 999.95; unit++)
        size /= 1000;
    text_addf(text, "%.1f %s", size, units[unit]);
}

void text_add_counted(struct text *text, uint64_t number, const char *noun)
{
    text_add_count(text, number);
    text_add_char(text, ' ');
    text_add(text, noun);
    text_add(text, number == 1 ? "" : "s");
}
