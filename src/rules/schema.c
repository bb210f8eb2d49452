/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/schema.h"

#include "base/text.h"

#include <string.h>

struct place place_of_field(const struct given *given, unsigned field)
{
    return is_given(given, field) ? given->places[field] : given->place;
}

void *field_in(const struct field *field, void *record)
{
    return (char *)record + field->offset;
}

bool schema_expect_word(const struct rule_file *file, const char *what, const struct piece *piece)
{
    if (piece->kind == PIECE_WORD)
        return true;
    return place_fail(file->error, piece->place, "%s needs a single value, not a %s", what,
                      piece->kind == PIECE_LIST ? "list" : "mapping");
}

static bool fail_unknown_key(const struct rule_file *file, const struct schema *schema,
                             const struct piece *key)
{
    char word[WORD_TEXT_SIZE], hint[SUGGESTION_SIZE];
    const char *names[SCHEMA_FIELDS_MAX];
    for (size_t i = 0; i < schema->count; i++)
        names[i] = schema->fields[i].name;
    return place_fail(file->error, key->place, "unknown key '%s' in %s%s",
                      text_printable(key->word, word, sizeof word), schema->what,
                      suggestion(key->word, names, schema->count, hint));
}

static const struct field *field_of_key(const struct schema *schema, const char *key)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (strcmp(schema->fields[i].name, key) == 0)
            return &schema->fields[i];
    }
    return NULL;
}

static bool read_field(const struct rule_file *file, const struct schema *schema,
                       const struct piece *key, void *record, struct given *given)
{
    if (!schema_expect_word(file, "a key", key))
        return false;
    const struct field *field = field_of_key(schema, key->word);
    if (!field)
        return fail_unknown_key(file, schema, key);
    size_t row = (size_t)(field - schema->fields);
    if (is_given(given, (unsigned)row))
        return place_fail(file->error, key->place, "'%s' is given twice in %s (first in line %u)",
                          field->name, schema->what, given->places[row].line);
    struct piece value;
    if (!reader_next(file->reader, &value))
        return false;
    given->fields |= UINT32_C(1) << row;
    given->places[row] = value.place;
    return field->read(file, field, &value, record);
}

bool schema_read_map(const struct rule_file *file, const struct schema *schema,
                     const struct piece *first, void *record, struct given *given)
{
    *given = (struct given){.place = first->place};
    if (first->kind != PIECE_MAP)
        return place_fail(file->error, first->place, "%s is written as a mapping of 'key: value'",
                          schema->what);
    struct piece key;
    while (reader_next(file->reader, &key)) {
        if (key.kind == PIECE_MAP_END)
            return true;
        if (!read_field(file, schema, &key, record, given))
            return false;
    }
    return false;
}

bool schema_read_list(const struct rule_file *file, const char *what, const struct piece *first,
                      bool (*each)(const struct rule_file *file, const struct piece *item,
                                   void *record),
                      void *record)
{
    if (first->kind != PIECE_LIST)
        return place_fail(file->error, first->place, "%s is written as a list", what);
    struct piece item;
    while (reader_next(file->reader, &item)) {
        if (item.kind == PIECE_LIST_END)
            return true;
        if (!each(file, &item, record))
            return false;
    }
    return false;
}
