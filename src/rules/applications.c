/* SPDX-License-Identifier: Apache-2.0
 *
 * Applications and categories: named attributes for what was detected.
 */
#include "rules/pack.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELD_NAME, FIELD_ATTRIBUTES, FIELD_LIKE, FIELDS };

static const struct field entry_fields[FIELDS] = {
    [FIELD_NAME] = {"name", label_read, offsetof(struct application_entry, application.name), 0,
                    APPLICATION_NAME_MAX},
    [FIELD_ATTRIBUTES] = {"attributes", attributes_read,
                          offsetof(struct application_entry, application.attributes), 0, 0},
    [FIELD_LIKE] = {"like", label_read, offsetof(struct application_entry, like), 0,
                    APPLICATION_NAME_MAX},
};

static const struct schema application_schema = {"an application", entry_fields, FIELDS};
static const struct schema category_schema = {"a category", entry_fields, FIELD_LIKE};

struct application_entry *application_list_find(const struct application_list *list,
                                                const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcasecmp(list->entries[i].application.name, name) == 0)
            return &list->entries[i];
    }
    return NULL;
}

bool application_list_fail(const struct pack *pack, const struct application_list *list,
                           struct place place, const char *who, const char *name)
{
    char word[WORD_TEXT_SIZE], hint[SUGGESTION_SIZE];
    const char **names = memory_new(list->count + 1, sizeof *names);
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->entries[i].application.name;
    suggestion(name, names, list->count, hint);
    free(names);
    return place_fail(pack->error, place, "'%s' names '%s', which is no known %s%s", who,
                      text_printable(name, word, sizeof word), list->what, hint);
}

/* A later file's entry of the same name: what it gives replaces what was there. */
static void override(struct application_entry *entry, struct application_entry *later)
{
    if (!later->like) {
        attributes_fill(&later->application.attributes, &entry->application.attributes);
        later->like = entry->like;
    }
    *entry = *later;
}

static bool add(const struct rule_file *file, struct application_list *list,
                struct application_entry *entry)
{
    const struct given *given = &entry->given;
    const char *name = entry->application.name;
    struct application_entry *same = application_list_find(list, name);
    if (same && same->given.place.file == given->place.file)
        return place_fail(file->error, given->places[FIELD_NAME],
                          "the %s '%s' is already in line %u", list->what, name,
                          same->given.place.line);
    if (same) {
        override(same, entry);
        return true;
    }
    if (list->count == ENTRIES_MAX)
        return place_fail(file->error, given->place, "more than %d entries", ENTRIES_MAX);
    list->entries = list_grown(list->entries, list->count, sizeof *list->entries);
    list->entries[list->count++] = *entry;
    return true;
}

static bool entry_read(const struct rule_file *file, const struct schema *schema,
                       const struct piece *item, struct application_list *list)
{
    struct application_entry entry = {0};
    if (!schema_read_map(file, schema, item, &entry, &entry.given))
        return false;
    if (!is_given(&entry.given, FIELD_NAME))
        return place_fail(file->error, entry.given.place, "%s without 'name'", schema->what);
    if (!is_given(&entry.given, FIELD_ATTRIBUTES) && !is_given(&entry.given, FIELD_LIKE))
        return place_fail(file->error, entry.given.place, "the %s '%s' has no attributes",
                          list->what, entry.application.name);
    return add(file, list, &entry);
}

static bool application_read(const struct rule_file *file, const struct piece *item, void *record)
{
    return entry_read(file, &application_schema, item, record);
}

static bool category_read(const struct rule_file *file, const struct piece *item, void *record)
{
    return entry_read(file, &category_schema, item, record);
}

bool applications_read(const struct rule_file *file, const struct field *field,
                       const struct piece *first, void *record)
{
    struct pack *pack = record;
    return schema_read_list(file, field->name, first, application_read, &pack->applications);
}

bool categories_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record)
{
    struct pack *pack = record;
    return schema_read_list(file, field->name, first, category_read, &pack->categories);
}

static bool follow_like(struct pack *pack, struct application_entry *entry)
{
    if (!entry->like)
        return true;
    const struct application_list *categories = &pack->categories;
    const struct application_entry *like = application_list_find(categories, entry->like);
    if (like) {
        attributes_fill(&entry->application.attributes, &like->application.attributes);
        return true;
    }
    return application_list_fail(pack, categories, place_of_field(&entry->given, FIELD_LIKE),
                                 entry->application.name, entry->like);
}

static void complete(struct pack *pack, struct application_entry *entry)
{
    attributes_fill(&entry->application.attributes, &pack->defaults);
    entry->application.defined_at = pack_place_text(pack, entry->given.place);
}

bool applications_finish(struct pack *pack)
{
    for (size_t i = 0; i < pack->categories.count; i++)
        complete(pack, &pack->categories.entries[i]);
    for (size_t i = 0; i < pack->applications.count; i++) {
        if (!follow_like(pack, &pack->applications.entries[i]))
            return false;
        complete(pack, &pack->applications.entries[i]);
    }
    return true;
}
