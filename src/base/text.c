/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    if (needed <= text->capacity)
        return;
    size_t capacity = text->capacity ? text->capacity * 2 : 256;
    if (capacity < needed)
        capacity = needed;
    text->data = memory_resize(text->data, capacity, 1);
    text->capacity = capacity;
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

const char *text_words(const struct text *text)
{
    return text->data ? text->data : "";
}

void text_add_n(struct text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    if (length > 0)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *words)
{
    text_add_n(text, words, strlen(words));
}

void text_add_char(struct text *text, char c)
{
    text_add_n(text, &c, 1);
}

void text_add_u64(struct text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_add_n(text, digits + at, sizeof digits - at);
}

void text_add_i64(struct text *text, int64_t number)
{
    if (number < 0)
        text_add_char(text, '-');
    text_add_u64(text, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    reserve(text, (size_t)length);
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

struct span span_of(const char *string)
{
    if (!string)
        return (struct span){0};
    return (struct span){(const uint8_t *)string, strlen(string)};
}
