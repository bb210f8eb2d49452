/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/strings.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

void *list_grown(void *list, size_t count, size_t size)
{
    bool is_full = (count & (count - 1)) == 0; /* capacities are powers of two */
    return is_full ? memory_resize(list, count > 0 ? count * 2 : 1, size) : list;
}

const char *strings_keep(struct strings *strings, const char *string)
{
    strings->items = list_grown(strings->items, strings->count, sizeof *strings->items);
    strings->items[strings->count] = memory_string(string);
    return strings->items[strings->count++];
}

const char *strings_format(struct strings *strings, const char *format, ...)
{
    char sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return strings_keep(strings, sentence);
}

void strings_free(struct strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct strings){0};
}
