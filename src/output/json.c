/* SPDX-License-Identifier: Apache-2.0 */
#include "output/json.h"

/* What one byte takes at most: a backslash and "xNN", the backslash escaped once more for JSON. */
enum { PRINTABLE_MAX = 5 };

static char *put_printable(char *at, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    if (byte == '"') {
        memcpy(at, "\\\"", 2);
        return at + 2;
    }
    if (byte == '\\') {
        memcpy(at, "\\\\\\\\", 4);
        return at + 4;
    }
    if (byte >= 0x20 && byte < 0x7f) {
        *at = (char)byte;
        return at + 1;
    }
    const char escape[PRINTABLE_MAX] = {'\\', '\\', 'x', digits[byte >> 4], digits[byte & 15]};
    memcpy(at, escape, sizeof escape);
    return at + sizeof escape;
}

void json_printable(struct text *text, const char *key, struct span bytes)
{
    json_begin(text, key, '"');
    char *start = text_room(text, bytes.length * PRINTABLE_MAX);
    char *at = start;
    for (size_t i = 0; i < bytes.length; i++)
        at = put_printable(at, bytes.at[i]);
    text_added(text, (size_t)(at - start));
    json_end(text, '"');
}
