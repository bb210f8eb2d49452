/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kinds.h"

#include "base/keyed_table.h"
#include "base/memory.h"
#include "store/column.h"

#include <stdlib.h>

enum { KINDS_MAX = 1 << 14, LABELS_MAX = 1 << 12 };

/* Two keyed hashes stand for the words: nobody can choose words that collide in both. */
struct fingerprint {
    uint64_t hashes[2], label;
};

struct kinds {
    struct siphash_key keys[2];
    struct keyed_table *kinds, *labels; /* numbers by fingerprint */
    uint32_t last_kind, last_label;
    struct text words, label_words;
};

static void make_tables(struct kinds *kinds)
{
    kinds->kinds =
        keyed_table_new(KINDS_MAX, sizeof(struct fingerprint), sizeof(uint32_t), &kinds->keys[0]);
    kinds->labels =
        keyed_table_new(LABELS_MAX, sizeof(struct fingerprint), sizeof(uint32_t), &kinds->keys[0]);
}

struct kinds *kinds_new(uint32_t last_kind, uint32_t last_label)
{
    struct kinds *kinds = memory_new(1, sizeof *kinds);
    kinds->keys[0] = siphash_random_key();
    kinds->keys[1] = siphash_random_key();
    kinds->last_kind = last_kind;
    kinds->last_label = last_label;
    make_tables(kinds);
    return kinds;
}

static void free_tables(struct kinds *kinds)
{
    keyed_table_free(kinds->kinds);
    keyed_table_free(kinds->labels);
}

void kinds_free(struct kinds *kinds)
{
    if (!kinds)
        return;
    free_tables(kinds);
    text_free(&kinds->words);
    text_free(&kinds->label_words);
    free(kinds);
}

void kinds_forget(struct kinds *kinds)
{
    free_tables(kinds);
    make_tables(kinds);
}

static void put_words(struct text *words, const struct store_flow *flow, enum column_place place)
{
    const struct table *table = table_of(TABLE_FLOW);
    text_clear(words);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        if (column->place != place)
            continue;
        struct column_value value = column_get(column, flow);
        text_add_n(words, (const char *)value.bytes.at, value.bytes.length + 1);
    }
}

/* The number of these words; a new one gets the number behind `*last`. */
static uint32_t number_of(const struct kinds *kinds, struct keyed_table *table,
                          const struct text *words, uint32_t label, uint32_t *last)
{
    const struct fingerprint fingerprint = {
        .hashes = {siphash(&kinds->keys[0], words->data, words->length),
                   siphash(&kinds->keys[1], words->data, words->length)},
        .label = label,
    };
    bool is_new;
    uint32_t *number = keyed_table_find_or_add(table, &fingerprint, &is_new);
    if (is_new)
        *number = ++*last;
    return *number;
}

struct kind kinds_find(struct kinds *kinds, const struct store_flow *flow)
{
    uint32_t last_label = kinds->last_label, last_kind = kinds->last_kind;
    put_words(&kinds->label_words, flow, IN_LABEL);
    put_words(&kinds->words, flow, IN_KIND);
    uint32_t label = number_of(kinds, kinds->labels, &kinds->label_words, 0, &kinds->last_label);
    uint32_t id = number_of(kinds, kinds->kinds, &kinds->words, label, &kinds->last_kind);
    return (struct kind){
        .id = id,
        .label = label,
        .words = kinds->last_kind != last_kind ? &kinds->words : NULL,
        .label_words = kinds->last_label != last_label ? &kinds->label_words : NULL,
    };
}
