/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_grow(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
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

void text_add_u64(struct text *text, uint64_t number)
{
    enum { DIGITS_MAX = 20 };
    size_t digits = 1;
    for (uint64_t rest = number; rest >= 10; rest /= 10)
        digits++;
    char *at = text_room(text, DIGITS_MAX) + digits;
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_added(text, digits);
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
    va_start(arguments, format);
    vsnprintf(text_room(text, (size_t)length), (size_t)length + 1, format, arguments);
    va_end(arguments);
    text_added(text, (size_t)length);
}

struct span span_of(const char *string)
{
    if (!string)
        return (struct span){0};
    return (struct span){(const uint8_t *)string, strlen(string)};
}
