/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

static void add_hex_escape(struct text *text, uint8_t byte)
{
    char escape[4] = {'\\', 'x', hex_digits[byte >> 4], hex_digits[byte & 15]};
    text_add_n(text, escape, sizeof escape);
}

/* The length of the printable start that has neither a backslash nor `other` in it: what is added
 * as it is, nearly always all there is. */
static size_t harmless_length(struct span bytes, char other)
{
    size_t length = 0;
    while (length < bytes.length && is_printable(bytes.at[length]) && bytes.at[length] != '\\' &&
           bytes.at[length] != (uint8_t)other)
        length++;
    return length;
}

static struct span add_harmless(struct text *text, struct span bytes, char other)
{
    size_t length = harmless_length(bytes, other);
    text_add_n(text, (const char *)bytes.at, length);
    return (struct span){bytes.at + length, bytes.length - length};
}

static void add_one_printable(struct text *text, uint8_t byte)
{
    if (byte == '\\')
        text_add(text, "\\\\");
    else if (is_printable(byte))
        text_add_char(text, (char)byte);
    else
        add_hex_escape(text, byte);
}

void text_add_printable(struct text *text, struct span bytes)
{
    while ((bytes = add_harmless(text, bytes, '\\')).length > 0) {
        add_one_printable(text, *bytes.at);
        bytes = (struct span){bytes.at + 1, bytes.length - 1};
    }
}

void text_add_zeek(struct text *text, struct span bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        if (bytes.at[i] == '\\' || !is_printable(bytes.at[i]))
            add_hex_escape(text, bytes.at[i]);
        else
            text_add_char(text, (char)bytes.at[i]);
    }
}

void text_add_hex(struct text *text, struct span bytes)
{
    char *at = text_room(text, bytes.length * 2);
    for (size_t i = 0; i < bytes.length; i++) {
        at[2 * i] = hex_digits[bytes.at[i] >> 4];
        at[2 * i + 1] = hex_digits[bytes.at[i] & 15];
    }
    text_added(text, bytes.length * 2);
}

void text_add_csv(struct text *text, struct span bytes)
{
    text_add_char(text, '"');
    if (bytes.length > 0 && memchr("=+-@\t\r", bytes.at[0], 6))
        text_add_char(text, '\'');
    while ((bytes = add_harmless(text, bytes, '"')).length > 0) {
        if (*bytes.at == '"')
            text_add(text, "\"\"");
        else
            add_one_printable(text, *bytes.at);
        bytes = (struct span){bytes.at + 1, bytes.length - 1};
    }
    text_add_char(text, '"');
}

/* Lead bytes and their smallest code point (RFC 3629 §3): shorter forms are overlong, hence bad. */
static const struct utf8_lead {
    uint8_t mask, bits;
    size_t length;
    uint32_t smallest;
} utf8_leads[] = {
    {0x80, 0x00, 1, 0x00},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
};

static bool code_point_is_valid(uint32_t point, uint32_t smallest)
{
    bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
    return point >= smallest && point <= 0x10ffff && !is_surrogate;
}

/* Length of the valid UTF-8 sequence at the start of `bytes` and its code point, or 0. */
static size_t utf8_sequence(struct span bytes, uint32_t *out_point)
{
    for (size_t i = 0; i < sizeof utf8_leads / sizeof utf8_leads[0]; i++) {
        const struct utf8_lead *lead = &utf8_leads[i];
        if ((bytes.at[0] & lead->mask) != lead->bits)
            continue;
        if (bytes.length < lead->length)
            return 0;
        uint32_t point = bytes.at[0] & (uint8_t)~lead->mask;
        for (size_t k = 1; k < lead->length; k++) {
            if ((bytes.at[k] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (bytes.at[k] & 0x3fu);
        }
        *out_point = point;
        return code_point_is_valid(point, lead->smallest) ? lead->length : 0;
    }
    return 0;
}

static void add_json_point(struct text *text, uint32_t point)
{
    switch (point) {
    case '"':
        text_add(text, "\\\"");
        break;
    case '\\':
        text_add(text, "\\\\");
        break;
    case '\n':
        text_add(text, "\\n");
        break;
    case '\r':
        text_add(text, "\\r");
        break;
    case '\t':
        text_add(text, "\\t");
        break;
    default:
        text_addf(text, "\\u%04x", (unsigned)point);
    }
}

/* Characters that are valid UTF-8 and still must not stand raw in a line of JSON: controls (C0,
 * DEL, C1), line separators, and the bidi controls that make a reader see another text. */
static bool needs_json_escape(uint32_t point)
{
    return point < 0x20 || point == '"' || point == '\\' || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static bool is_plain(uint8_t byte)
{
    return is_printable(byte) && byte != '"' && byte != '\\';
}

/* Whether eight bytes are all plain, at once: a byte is zero exactly when subtracting one borrows
 * from it and its own high bit is not set. May say no where a plain byte follows one that is not.
 */
static bool are_plain(const uint8_t *bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = ones << 7;
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    uint64_t quote = word ^ ones * '"';
    uint64_t backslash = word ^ ones * '\\';
    uint64_t delete = word ^ ones * 0x7f;
    uint64_t found = (word - ones * 0x20) | (quote - ones) | (backslash - ones) | (delete - ones);
    return ((found | word) & highs) == 0;
}

/* Bytes at the start that stand in JSON as they are: nearly always all there are. */
static size_t plain_length(struct span bytes)
{
    size_t length = 0;
    while (bytes.length - length >= 8 && are_plain(bytes.at + length))
        length += 8;
    while (length < bytes.length && is_plain(bytes.at[length]))
        length++;
    return length;
}

void text_add_json(struct text *text, struct span bytes)
{
    for (;;) {
        size_t plain = plain_length(bytes);
        text_add_n(text, (const char *)bytes.at, plain);
        bytes.at += plain;
        bytes.length -= plain;
        if (bytes.length == 0)
            return;
        uint32_t point = 0;
        size_t length = utf8_sequence(bytes, &point);
        if (length == 0) {
            add_json_point(text, bytes.at[0]);
            length = 1;
        } else if (needs_json_escape(point)) {
            add_json_point(text, point);
        } else {
            text_add_n(text, (const char *)bytes.at, length);
        }
        bytes.at += length;
        bytes.length -= length;
    }
}

const char *text_printable(const char *string, char *out, size_t size)
{
    struct text text = {0};
    text_add_printable(&text, span_of(string));
    snprintf(out, size, "%s", text_words(&text));
    text_free(&text);
    return out;
}
