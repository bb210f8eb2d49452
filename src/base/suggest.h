/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_BASE_SUGGEST_H
#define PORTSCOPE_BASE_SUGGEST_H

#include <stddef.h>

/* The candidate that a mistyped word most likely meant (edit distance, without case), or NULL when
 * none is near. */
const char *suggest_nearest(const char *word, const char *const *candidates, size_t count);

/* " (did you mean 'WORD'?)" for the nearest candidate, "" when there is none; returns `out`. */
enum { SUGGESTION_SIZE = 96 };
const char *suggestion(const char *word, const char *const *candidates, size_t count,
                       char out[SUGGESTION_SIZE]);

#endif
