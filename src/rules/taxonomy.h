/* SPDX-License-Identifier: Apache-2.0
 *
 * The closed lists: which values an attribute may have.
 */
#ifndef PORTSCOPE_RULES_TAXONOMY_H
#define PORTSCOPE_RULES_TAXONOMY_H

#include "rules/schema.h"

/* `alias` is another spelling of `value`, or NULL. */
struct taxonomy_value {
    const char *value, *alias;
};

struct taxonomy {
    struct taxonomy_list {
        struct taxonomy_value *values;
        size_t count;
    } lists[ATTRIBUTES];
};

void taxonomy_free(struct taxonomy *taxonomy);

/* Reads all sections of taxonomy.yaml into the pack's taxonomy. */
bool taxonomy_read(const struct rule_file *file, const struct piece *first);

/* The value as the taxonomy spells it, NULL when it is none. */
const char *taxonomy_value(const struct taxonomy *taxonomy, enum attribute attribute,
                           const char *word);

/* Reads the eight attributes (a mapping) into a `struct attributes`; those not given stay NULL. */
bool attributes_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record);

/* Takes from `more` what `attributes` has not (NULL). */
void attributes_fill(struct attributes *attributes, const struct attributes *more);

#endif
