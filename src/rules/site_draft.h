/* SPDX-License-Identifier: Apache-2.0
 *
 * A site policy on its way from the file: names of networks are resolved when all is read, so that
 * sections may stand in any order.
 */
#ifndef PORTSCOPE_RULES_SITE_DRAFT_H
#define PORTSCOPE_RULES_SITE_DRAFT_H

#include "model/site.h"
#include "rules/pack.h"

enum { SITE_ENTRIES_MAX = 4096 };

/* A growing list of networks. */
struct network_draft {
    struct network *all;
    size_t count;
};

/* A word and where it stands. */
struct placed_word {
    const char *word;
    struct place place;
};

struct word_draft {
    struct placed_word *all;
    size_t count;
};

struct rule_draft {
    struct site_rule rule;
    bool is_denied;
    struct word_draft from, to;
    struct network_draft from_networks, to_networks; /* resolved */
};

struct site_draft {
    struct pack pack; /* for its strings; `rulebook` finds the draft through it: keep it first */
    const struct rulebook *rulebook;
    struct network_draft home, components, zones[ZONES];
    struct rule_draft *rules;
    size_t rule_count;
};

/* The draft that a file is read into. */
static inline struct site_draft *draft_of(const struct rule_file *file)
{
    return (struct site_draft *)file->pack;
}

/* A network into a struct network_draft; false with a message when the word is none. */
bool network_add(const struct rule_file *file, const struct piece *item, void *record);

/* The section `policy`; the record is the draft. */
bool policy_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                 void *record);

/* Names in `from` and `to` become networks. */
bool policy_resolve(struct site_draft *draft);

#endif
