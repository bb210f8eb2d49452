/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/sheet.h"

#include "base/text.h"

#include <string.h>

enum { KEY_WIDTH = 20, VALUE_WIDTH = 32, LINE_WIDTH = 100 };

void sheet_line(FILE *out, const char *key, const char *value, const char *mark)
{
    if (*value == '\0')
        return;
    struct text words = {0};
    text_add_printable(&words, span_of(value));
    if (mark)
        fprintf(out, "%*s : %-*s [%s]\n", KEY_WIDTH, key, VALUE_WIDTH, text_words(&words), mark);
    else
        fprintf(out, "%*s : %s\n", KEY_WIDTH, key, text_words(&words));
    text_free(&words);
}

/* How many letters of `words` fit into `width`, broken at a blank; a longer word stands alone. */
static size_t fitting(const char *words, size_t width)
{
    size_t length = strlen(words);
    if (length <= width)
        return length;
    size_t at = width;
    while (at > 0 && words[at] != ' ')
        at--;
    return at > 0 ? at : strcspn(words, " ");
}

void sheet_text(FILE *out, const char *key, const char *words)
{
    struct text printable = {0};
    text_add_printable(&printable, span_of(words));
    const char *left = text_words(&printable);
    const char *colon = " : ";
    while (*left) {
        size_t length = fitting(left, LINE_WIDTH - KEY_WIDTH - 3);
        fprintf(out, "%*s%s%.*s\n", KEY_WIDTH, key, colon, (int)length, left);
        left += length + strspn(left + length, " ");
        key = "";
        colon = "   ";
    }
    text_free(&printable);
}

void sheet_attributes(FILE *out, const struct attributes *attributes)
{
    for (unsigned i = 0; i < ATTRIBUTES; i++)
        sheet_line(out, attribute_name((enum attribute)i), attributes->values[i],
                   provenance_name(attributes->sources[i]));
}
