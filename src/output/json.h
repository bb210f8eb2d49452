/* SPDX-License-Identifier: Apache-2.0
 *
 * Appends JSON to a text. Values go behind a comma unless they are the first of their object or
 * array; keys are our own words and need no escape. Strings of others are always escaped.
 */
#ifndef PORTSCOPE_OUTPUT_JSON_H
#define PORTSCOPE_OUTPUT_JSON_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* ,"key": */
void json_key(struct text *text, const char *key);

/* `key` is NULL for the value of an array. */
void json_begin(struct text *text, const char *key, char bracket);
void json_end(struct text *text, char bracket);

void json_number(struct text *text, const char *key, uint64_t number);
void json_bool(struct text *text, const char *key, bool value);
/* A string of our own making: no quotes, no backslash, no control in it. */
void json_word(struct text *text, const char *key, const char *word);
void json_string(struct text *text, const char *key, struct span bytes);
/* Leaves the key out when the string is empty. */
void json_string_if(struct text *text, const char *key, const char *string);
/* The printable form of the bytes (text_add_printable) as a string. */
void json_printable(struct text *text, const char *key, struct span bytes);
/* EVE's form, in UTC. */
void json_time(struct text *text, const char *key, int64_t time_ns);

#endif
