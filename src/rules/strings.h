/* SPDX-License-Identifier: Apache-2.0
 *
 * All strings of a rulebook, freed together.
 */
#ifndef PORTSCOPE_RULES_STRINGS_H
#define PORTSCOPE_RULES_STRINGS_H

#include <stddef.h>

/* Starts as {0}. */
struct strings {
    char **items;
    size_t count;
};

/* A copy that lives as long as the strings. */
const char *strings_keep(struct strings *strings, const char *string);
/* The same for a formatted one. */
__attribute__((format(printf, 2, 3))) const char *strings_format(struct strings *strings,
                                                                 const char *format, ...);
void strings_free(struct strings *strings);

/* Room for one more thing of `size` bytes in a list of `count` that only grows by this. */
void *list_grown(void *list, size_t count, size_t size);

#endif
