/* SPDX-License-Identifier: Apache-2.0
 *
 * Appends JSON to a text. Values go behind a comma unless they are the first of their object or
 * array. Keys are our own words and need no escape; strings of others are always escaped.
 *
 * Inline, because a record has a hundred values and the compiler knows the length of every key.
 */
#ifndef PORTSCOPE_OUTPUT_JSON_H
#define PORTSCOPE_OUTPUT_JSON_H

#include "base/text.h"
#include "base/timestamp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A comma, where one is due, and the key; no key (NULL) in an array. */
static inline void json_key(struct text *text, const char *key)
{
    size_t length = key ? strlen(key) : 0;
    char *start = text_room(text, length + 4);
    char *at = start;
    char last = text->length > 0 ? at[-1] : '\n';
    if (last != '{' && last != '[' && last != '\n')
        *at++ = ',';
    if (key) {
        *at++ = '"';
        memcpy(at, key, length);
        at += length;
        *at++ = '"';
        *at++ = ':';
    }
    text_added(text, (size_t)(at - start));
}

/* Opens an object ('{'), an array ('[') or a string ('"') whose content follows. */
static inline void json_begin(struct text *text, const char *key, char opening)
{
    json_key(text, key);
    text_add_char(text, opening);
}

static inline void json_end(struct text *text, char closing)
{
    text_add_char(text, closing);
}

static inline void json_number(struct text *text, const char *key, uint64_t number)
{
    json_key(text, key);
    text_add_u64(text, number);
}

static inline void json_bool(struct text *text, const char *key, bool value)
{
    json_key(text, key);
    text_add(text, value ? "true" : "false");
}

static inline void json_null(struct text *text, const char *key)
{
    json_key(text, key);
    text_add(text, "null");
}

/* A string of our own making: no quote, no backslash, no control in it. */
static inline void json_word(struct text *text, const char *key, const char *word)
{
    json_begin(text, key, '"');
    text_add(text, word);
    json_end(text, '"');
}

static inline void json_string(struct text *text, const char *key, struct span bytes)
{
    json_begin(text, key, '"');
    text_add_json(text, bytes);
    json_end(text, '"');
}

/* Leaves the key out when there is no string, or an empty one. */
static inline void json_string_if(struct text *text, const char *key, const char *string)
{
    if (string && string[0] != '\0')
        json_string(text, key, span_of(string));
}

/* EVE's form, in UTC. */
static inline void json_time(struct text *text, const char *key, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    json_word(text, key, timestamp_eve(time_ns, words));
}

/* The printable form of the bytes (text_add_printable) as a string. */
void json_printable(struct text *text, const char *key, struct span bytes);

#endif
