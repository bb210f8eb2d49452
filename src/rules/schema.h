/* SPDX-License-Identifier: Apache-2.0
 *
 * What may stand in a mapping, as a table: one row a key. Unknown and repeated keys are told with
 * their place and the nearest right word.
 */
#ifndef PORTSCOPE_RULES_SCHEMA_H
#define PORTSCOPE_RULES_SCHEMA_H

#include "base/suggest.h"
#include "model/rulebook.h"
#include "rules/reader.h"

enum { SCHEMA_FIELDS_MAX = 24, WORD_TEXT_SIZE = 80 };

struct pack;

/* A rule file that is being read into a pack. */
struct rule_file {
    struct reader *reader;
    struct pack *pack;
    struct error *error;
};

struct field {
    const char *name;
    /* Reads the value that begins with the piece `first` into the record. */
    bool (*read)(const struct rule_file *file, const struct field *field, const struct piece *first,
                 void *record);
    size_t offset; /* of the value in the record */
    size_t size;   /* of the value, where a later file may replace it as a whole */
    unsigned tag;  /* for `read`: which attribute, how long a text may be */
};

struct schema {
    const char *what; /* "a service" */
    const struct field *fields;
    size_t count;
};

/* Which keys of a mapping were given, by their row, and where their values stand. */
struct given {
    uint32_t fields;
    struct place place; /* of the mapping */
    struct place places[SCHEMA_FIELDS_MAX];
};

static inline bool is_given(const struct given *given, unsigned field)
{
    return given->fields >> field & 1;
}

/* Where the value of a field stands; the mapping's place when another file gave it. */
struct place place_of_field(const struct given *given, unsigned field);

/* Where the value of a field goes. */
void *field_in(const struct field *field, void *record);

/* Reads a mapping that begins with `first` into `record`. */
bool schema_read_map(const struct rule_file *file, const struct schema *schema,
                     const struct piece *first, void *record, struct given *given);

/* Reads a list that begins with `first`: calls `each` with the first piece of every item. */
bool schema_read_list(const struct rule_file *file, const char *what, const struct piece *first,
                      bool (*each)(const struct rule_file *file, const struct piece *item,
                                   void *record),
                      void *record);

/* False with a message when the piece is not a single word. */
bool schema_expect_word(const struct rule_file *file, const char *what, const struct piece *piece);

#endif
