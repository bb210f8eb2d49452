/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 63 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

/* Levenshtein distance, one row at a time; words are short. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[WORD_MAX + 1];
    for (size_t i = 0; i <= b_length; i++)
        row[i] = i;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b_length; k++) {
            size_t above = row[k];
            int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[k - 1]);
            row[k] = least(row[k - 1] + 1, above + 1, diagonal + (same ? 0 : 1));
            diagonal = above;
        }
    }
    return row[b_length];
}

const char *suggest_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t length = strlen(word);
    const char *nearest = NULL;
    size_t best = length / 3 + 2; /* farther than this is another word, not a slip */
    for (size_t i = 0; i < count && length <= WORD_MAX; i++) {
        size_t other = strlen(candidates[i]);
        if (other > WORD_MAX)
            continue;
        size_t away = distance(word, length, candidates[i], other);
        if (away < best && away < length + 1 && away < other) {
            best = away;
            nearest = candidates[i];
        }
    }
    return nearest;
}

const char *suggestion(const char *word, const char *const *candidates, size_t count,
                       char out[SUGGESTION_SIZE])
{
    const char *nearest = suggest_nearest(word, candidates, count);
    out[0] = '\0';
    if (nearest)
        snprintf(out, SUGGESTION_SIZE, " (did you mean '%s'?)", nearest);
    return out;
}
