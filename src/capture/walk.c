/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/walk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { WORDS_SIZE = 160 };

/* Where the next record is, as a subject's second half: "at byte 12" or "at unpacked byte 12". */
static const char *unpacked(const struct walk *walk)
{
    return stream_compression(walk->window->stream) ? "unpacked " : "";
}

bool packet_fault(const struct walk *walk, const char *format, ...)
{
    char words[WORDS_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return error_set(walk->error, "%s: packet %" PRIu64 " at %sbyte %" PRIu64 " %s",
                     stream_name(walk->window->stream), walk->packets_before + walk->count + 1,
                     unpacked(walk), window_offset(walk->window), words);
}

bool block_fault(const struct walk *walk, const char *format, ...)
{
    char words[WORDS_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return error_set(walk->error,
                     "%s: the block at %sbyte %" PRIu64 ", behind packet %" PRIu64 ", %s",
                     stream_name(walk->window->stream), unpacked(walk), window_offset(walk->window),
                     walk->packets_before + walk->count, words);
}
