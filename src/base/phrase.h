/* SPDX-License-Identifier: Apache-2.0
 *
 * A sentence put together in an array of fixed size: what does not fit is left out, and it is
 * always terminated. For sentences of every record, where snprintf() would cost more than all else.
 */
#ifndef PORTSCOPE_BASE_PHRASE_H
#define PORTSCOPE_BASE_PHRASE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct phrase {
    char *at;
    char *last; /* of the array: the terminator's when it is full */
};

/* `size` is at least 1. */
static inline struct phrase phrase_into(char *out, size_t size)
{
    *out = '\0';
    return (struct phrase){.at = out, .last = out + size - 1};
}

static inline void phrase_add_n(struct phrase *phrase, const char *bytes, size_t length)
{
    size_t room = (size_t)(phrase->last - phrase->at);
    if (length > room)
        length = room;
    memcpy(phrase->at, bytes, length);
    phrase->at += length;
    *phrase->at = '\0';
}

static inline void phrase_add(struct phrase *phrase, const char *string)
{
    phrase_add_n(phrase, string, strlen(string));
}

void phrase_add_u64(struct phrase *phrase, uint64_t number);
void phrase_add_hex(struct phrase *phrase, uint8_t byte); /* two digits */

/* The whole of it: one string into an array. Returns `out`. */
static inline const char *phrase_copy(char *out, size_t size, const char *string)
{
    struct phrase phrase = phrase_into(out, size);
    phrase_add(&phrase, string);
    return out;
}

#endif
