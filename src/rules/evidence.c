/* SPDX-License-Identifier: Apache-2.0
 *
 * Evidence: what a detected name needs beside one dissector's word.
 */
#include "rules/pack.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELD_NAME, FIELD_NEEDS, FIELD_REASON, FIELDS };

enum {
    BY_STRUCTURE = 1 << EVIDENCE_STRUCTURE,
    BY_OTHER_DIRECTION = BY_STRUCTURE | 1 << EVIDENCE_OTHER_DIRECTION,
    BY_SECOND_PACKET = BY_OTHER_DIRECTION | 1 << EVIDENCE_SECOND_PACKET,
};

/* The other side's packet is a second packet too, and a structure is more than either. */
static const struct {
    const char *word;
    uint8_t accepted;
} needs[] = {
    {"structure", BY_STRUCTURE},
    {"other-direction", BY_OTHER_DIRECTION},
    {"second-packet", BY_SECOND_PACKET},
    {"any", BY_SECOND_PACKET},
};

static bool needs_read(const struct rule_file *file, const struct field *field,
                       const struct piece *first, void *record)
{
    struct evidence_entry *entry = record;
    char word[WORD_TEXT_SIZE];
    if (!schema_expect_word(file, field->name, first))
        return false;
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        if (strcmp(first->word, needs[i].word) == 0) {
            entry->rule.accepted = needs[i].accepted;
            return true;
        }
    }
    return place_fail(file->error, first->place,
                      "unknown evidence '%s'; it is structure, other-direction, second-packet or "
                      "any",
                      text_printable(first->word, word, sizeof word));
}

static const struct field entry_fields[FIELDS] = {
    [FIELD_NAME] = {"name", label_read, offsetof(struct evidence_entry, rule.name), 0,
                    APPLICATION_NAME_MAX},
    [FIELD_NEEDS] = {"needs", needs_read, 0, 0, 0},
    [FIELD_REASON] = {"reason", text_read, offsetof(struct evidence_entry, rule.reason), 0,
                      FACT_MAX},
};

static const struct schema entry_schema = {"an evidence rule", entry_fields, FIELDS};

static struct evidence_entry *find(const struct pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->evidence_count; i++) {
        if (strcasecmp(pack->evidence[i].rule.name, name) == 0)
            return &pack->evidence[i];
    }
    return NULL;
}

static bool add(const struct rule_file *file, struct pack *pack, const struct evidence_entry *entry)
{
    struct evidence_entry *same = find(pack, entry->rule.name);
    if (same && same->given.place.file == entry->given.place.file)
        return place_fail(file->error, entry->given.places[FIELD_NAME],
                          "the evidence for '%s' is already in line %u", entry->rule.name,
                          same->given.place.line);
    if (!same && pack->evidence_count == ENTRIES_MAX)
        return place_fail(file->error, entry->given.place, "more than %d entries", ENTRIES_MAX);
    if (!same) {
        pack->evidence = list_grown(pack->evidence, pack->evidence_count, sizeof *pack->evidence);
        same = &pack->evidence[pack->evidence_count++];
    }
    *same = *entry;
    same->rule.defined_at = pack_place_text(pack, entry->given.place);
    return true;
}

static bool entry_read(const struct rule_file *file, const struct piece *item, void *record)
{
    struct evidence_entry entry = {.rule.reason = ""};
    if (!schema_read_map(file, &entry_schema, item, &entry, &entry.given))
        return false;
    if (!is_given(&entry.given, FIELD_NAME) || !is_given(&entry.given, FIELD_NEEDS))
        return place_fail(file->error, entry.given.place,
                          "an evidence rule without 'name' or 'needs'");
    return add(file, record, &entry);
}

bool evidence_read(const struct rule_file *file, const struct field *field,
                   const struct piece *first, void *record)
{
    return schema_read_list(file, field->name, first, entry_read, record);
}
