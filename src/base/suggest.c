/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edits from one word to the other: a letter more, less or another, or two exchanged (optimal
 * string alignment). Three rows of the usual table are enough; words are short. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t k = 0; k <= b_length; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *two_above = rows[(i + 1) % 3]; /* i - 2, modulo 3 */
        row[0] = i;
        for (size_t k = 1; k <= b_length; k++) {
            row[k] = least(least(row[k - 1], above[k]) + 1,
                           above[k - 1] + (is_same(a[i - 1], b[k - 1]) ? 0 : 1));
            if (i > 1 && k > 1 && is_same(a[i - 1], b[k - 2]) && is_same(a[i - 2], b[k - 1]))
                row[k] = least(row[k], two_above[k - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
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
