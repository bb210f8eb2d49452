/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As when a disk is full: what was to be written was not (exit status 5). */
enum { STATUS_NOT_WRITTEN = 5 };

void memory_exhausted(void)
{
    fputs("portscope: out of memory; fewer --threads and a smaller --max-flows need less\n",
          stderr);
    _exit(STATUS_NOT_WRITTEN);
}

static void *or_stop(void *memory)
{
    if (!memory)
        memory_exhausted();
    return memory;
}

void *memory_new(size_t count, size_t size)
{
    return or_stop(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *memory, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count ? count : 1, size ? size : 1, &bytes))
        return or_stop(NULL);
    return or_stop(realloc(memory, bytes));
}

char *memory_string(const char *string)
{
    return memory_string_n(string, strlen(string));
}

char *memory_string_n(const char *string, size_t length)
{
    char *copy = memory_new(length + 1, 1);
    memcpy(copy, string, length);
    return copy;
}
