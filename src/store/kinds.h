/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows that were judged alike share most of their words: service, verdict, reasons, marks. SQLite
 * keeps those once, as a kind; and the few words that sums are asked by once for many kinds, as a
 * label. Here are the numbers of those that were met lately. Bounded: one that was forgotten gets
 * another number, which costs room and changes no answer.
 */
#ifndef PORTSCOPE_STORE_KINDS_H
#define PORTSCOPE_STORE_KINDS_H

#include "base/text.h"
#include "store/row.h"

#include <stdbool.h>
#include <stdint.h>

struct kinds;

struct kind {
    uint32_t id, label;
    /* Of a new kind, a new label: the columns IN_KIND, IN_LABEL, each terminated; borrowed until
     * the next call. NULL: met before. */
    const struct text *words, *label_words;
};

/* Numbers begin behind those that the store has. */
struct kinds *kinds_new(uint32_t last_kind, uint32_t last_label);
void kinds_free(struct kinds *kinds); /* accepts NULL */

struct kind kinds_find(struct kinds *kinds, const struct store_flow *flow);

/* What was new was not written after all. */
void kinds_forget(struct kinds *kinds);

#endif
