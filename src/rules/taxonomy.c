/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/taxonomy.h"

#include "base/memory.h"
#include "base/text.h"
#include "rules/pack.h"
#include "rules/values.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_LENGTH_MAX = 40 }; /* Cisco's longest is 32 */

void taxonomy_free(struct taxonomy *taxonomy)
{
    for (size_t i = 0; i < ATTRIBUTES; i++)
        free(taxonomy->lists[i].values);
    *taxonomy = (struct taxonomy){0};
}

const char *taxonomy_value(const struct taxonomy *taxonomy, enum attribute attribute,
                           const char *word)
{
    const struct taxonomy_list *list = &taxonomy->lists[attribute];
    for (size_t i = 0; i < list->count; i++) {
        const struct taxonomy_value *value = &list->values[i];
        if (strcmp(value->value, word) == 0 || (value->alias && strcmp(value->alias, word) == 0))
            return value->value;
    }
    return NULL;
}

/* One row an attribute, all read by `read` with the attribute as tag. */
static void attribute_fields(struct field fields[ATTRIBUTES],
                             bool (*read)(const struct rule_file *, const struct field *,
                                          const struct piece *, void *))
{
    for (unsigned i = 0; i < ATTRIBUTES; i++)
        fields[i] = (struct field){attribute_name((enum attribute)i), read, 0, 0, i};
}

static bool taxonomy_value_read(const struct rule_file *file, const struct piece *first,
                                struct taxonomy_value *value)
{
    enum { VALUE, ALIAS, FIELDS };
    static const struct field fields[FIELDS] = {
        [VALUE] = {"value", name_read, offsetof(struct taxonomy_value, value), 0, VALUE_LENGTH_MAX},
        [ALIAS] = {"alias", name_read, offsetof(struct taxonomy_value, alias), 0, VALUE_LENGTH_MAX},
    };
    static const struct schema schema = {"a value", fields, FIELDS};
    *value = (struct taxonomy_value){0};
    if (first->kind != PIECE_MAP)
        return name_read(file, &fields[VALUE], first, value);
    struct given given;
    if (!schema_read_map(file, &schema, first, value, &given))
        return false;
    return is_given(&given, VALUE) ||
           place_fail(file->error, given.place, "an alias without 'value'");
}

struct listing {
    enum attribute attribute;
};

static bool add_value(const struct rule_file *file, const struct piece *item, void *record)
{
    enum attribute attribute = ((struct listing *)record)->attribute;
    struct taxonomy *taxonomy = &file->pack->taxonomy;
    struct taxonomy_list *list = &taxonomy->lists[attribute];
    struct place place = item->place;
    struct taxonomy_value value;
    if (!taxonomy_value_read(file, item, &value))
        return false;
    if (taxonomy_value(taxonomy, attribute, value.value) ||
        (value.alias && taxonomy_value(taxonomy, attribute, value.alias)))
        return place_fail(file->error, place, "the %s '%s' is listed twice",
                          attribute_name(attribute), value.value);
    list->values = list_grown(list->values, list->count, sizeof *list->values);
    list->values[list->count++] = value;
    return true;
}

static bool list_read(const struct rule_file *file, const struct field *field,
                      const struct piece *first, void *record)
{
    (void)record;
    struct listing listing = {.attribute = (enum attribute)field->tag};
    return schema_read_list(file, field->name, first, add_value, &listing);
}

bool taxonomy_read(const struct rule_file *file, const struct piece *first)
{
    struct field fields[ATTRIBUTES];
    attribute_fields(fields, list_read);
    const struct schema schema = {"the taxonomy", fields, ATTRIBUTES};
    struct given given;
    if (!schema_read_map(file, &schema, first, NULL, &given))
        return false;
    for (unsigned i = 0; i < ATTRIBUTES; i++) {
        if (file->pack->taxonomy.lists[i].count == 0)
            return place_fail(file->error, given.place, "the taxonomy has no values for '%s'",
                              fields[i].name);
    }
    return true;
}

struct marked_value {
    const char *value;
    struct place place;
    enum provenance source;
};

static bool word_read(const struct rule_file *file, const struct field *field,
                      const struct piece *first, void *record)
{
    struct marked_value *marked = record;
    marked->place = first->place;
    return text_read(file, field, first, record);
}

static bool marked_value_read(const struct rule_file *file, const struct field *attribute,
                              const struct piece *first, struct marked_value *marked)
{
    enum { VALUE, SOURCE, FIELDS };
    static const struct field fields[FIELDS] = {
        [VALUE] = {"value", word_read, offsetof(struct marked_value, value), 0, VALUE_LENGTH_MAX},
        [SOURCE] = {"source", provenance_read, offsetof(struct marked_value, source), 0, 0},
    };
    *marked = (struct marked_value){.source = PROVENANCE_OWN};
    if (first->kind == PIECE_WORD)
        return word_read(file, &fields[VALUE], first, marked);
    const struct schema schema = {attribute->name, fields, FIELDS};
    struct given given;
    if (!schema_read_map(file, &schema, first, marked, &given))
        return false;
    return is_given(&given, VALUE) ||
           place_fail(file->error, given.place, "%s without 'value'", attribute->name);
}

static bool fail_unknown_value(const struct rule_file *file, const struct field *field,
                               const struct marked_value *marked)
{
    char word[WORD_TEXT_SIZE], hint[SUGGESTION_SIZE];
    const struct taxonomy_list *list = &file->pack->taxonomy.lists[field->tag];
    const char **names = memory_new(list->count + 1, sizeof *names);
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->values[i].value;
    suggestion(marked->value, names, list->count, hint);
    free(names);
    return place_fail(
        file->error, marked->place, "'%s' is no %s%s; 'portscope rules show %s' lists them",
        text_printable(marked->value, word, sizeof word), field->name, hint, field->name);
}

static bool attribute_read(const struct rule_file *file, const struct field *field,
                           const struct piece *first, void *record)
{
    struct attributes *attributes = record;
    struct marked_value marked;
    if (!marked_value_read(file, field, first, &marked))
        return false;
    enum attribute attribute = (enum attribute)field->tag;
    const char *value = taxonomy_value(&file->pack->taxonomy, attribute, marked.value);
    if (!value)
        return fail_unknown_value(file, field, &marked);
    attributes->values[attribute] = value;
    attributes->sources[attribute] = marked.source;
    return true;
}

bool attributes_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record)
{
    struct field fields[ATTRIBUTES];
    attribute_fields(fields, attribute_read);
    const struct schema schema = {"the attributes", fields, ATTRIBUTES};
    struct given given;
    return schema_read_map(file, &schema, first, field_in(field, record), &given);
}

void attributes_fill(struct attributes *attributes, const struct attributes *more)
{
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (!attributes->values[i]) {
            attributes->values[i] = more->values[i];
            attributes->sources[i] = more->sources[i];
        }
    }
}
