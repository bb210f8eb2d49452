/* SPDX-License-Identifier: Apache-2.0
 *
 * Loads a site policy.
 */
#include "rules/rules.h"

#include "base/memory.h"
#include "base/text.h"
#include "rules/site_draft.h"

#include <stdlib.h>
#include <string.h>

bool network_add(const struct rule_file *file, const struct piece *item, void *record)
{
    struct network_draft *list = record;
    struct network network;
    char word[WORD_TEXT_SIZE];
    if (!schema_expect_word(file, "a network", item))
        return false;
    if (!network_parse(item->word, &network))
        return place_fail(file->error, item->place,
                          "'%s' is neither an address nor a network such as 10.0.0.0/8",
                          text_printable(item->word, word, sizeof word));
    if (list->count == SITE_ENTRIES_MAX)
        return place_fail(file->error, item->place, "more than %d networks", SITE_ENTRIES_MAX);
    list->all = list_grown(list->all, list->count, sizeof *list->all);
    list->all[list->count++] = network;
    return true;
}

static bool networks_read(const struct rule_file *file, const struct field *field,
                          const struct piece *first, void *record)
{
    return schema_read_list(file, field->name, first, network_add, field_in(field, record));
}

static const struct field zone_fields[] = {
    {"prod", networks_read,
     offsetof(struct site_draft, zones) + ZONE_PROD * sizeof(struct network_draft), 0, 0},
    {"dev", networks_read,
     offsetof(struct site_draft, zones) + ZONE_DEV * sizeof(struct network_draft), 0, 0},
    {"management", networks_read,
     offsetof(struct site_draft, zones) + ZONE_MANAGEMENT * sizeof(struct network_draft), 0, 0},
};

static const struct schema zone_schema = {"zones", zone_fields,
                                          sizeof zone_fields / sizeof zone_fields[0]};

static bool zones_read(const struct rule_file *file, const struct field *field,
                       const struct piece *first, void *record)
{
    struct given given;
    (void)field;
    return schema_read_map(file, &zone_schema, first, record, &given);
}

static const struct field site_fields[] = {
    {"home", networks_read, offsetof(struct site_draft, home), 0, 0},
    {"zones", zones_read, 0, 0, 0},
    {"components", networks_read, offsetof(struct site_draft, components), 0, 0},
    {"policy", policy_read, 0, 0, 0},
};

static const struct schema site_schema = {"a site policy", site_fields,
                                          sizeof site_fields / sizeof site_fields[0]};

static bool read_file(struct site_draft *draft, const char *name, struct span bytes)
{
    struct error *error = draft->pack.error;
    struct piece piece;
    struct given given;
    if (bytes.length > FILE_SIZE_MAX)
        return error_set(error, "%s: larger than 1 MiB, which no site policy is", name);
    struct reader *reader = reader_open(strings_keep(&draft->pack.strings, name), bytes, error);
    if (!reader)
        return false;
    const struct rule_file file = {.reader = reader, .pack = &draft->pack, .error = error};
    bool is_read = reader_next(reader, &piece);
    if (is_read && piece.kind == PIECE_END)
        is_read = error_set(error, "%s: holds no policy; rules/site.example.yaml is one", name);
    else
        is_read = is_read && schema_read_map(&file, &site_schema, &piece, draft, &given) &&
                  reader_next(reader, &piece);
    reader_close(reader);
    return is_read;
}

/* What site_free() frees. */
struct site_memory {
    struct strings strings;
    struct network_draft home, components, zones[ZONES];
    struct network **peers; /* two of each rule */
};

static struct network_list list_of(const struct network_draft *draft)
{
    return (struct network_list){draft->all, draft->count};
}

/* The site takes over what the draft holds. */
static void take(struct site_draft *draft, struct site *site)
{
    struct site_memory *memory = memory_new(1, sizeof *memory);
    *memory = (struct site_memory){
        .strings = draft->pack.strings, .home = draft->home, .components = draft->components};
    memcpy(memory->zones, draft->zones, sizeof memory->zones);
    *site = site_default();
    site->is_given = true;
    site->memory = memory;
    if (draft->home.count > 0)
        site->home = list_of(&draft->home);
    site->components = list_of(&draft->components);
    for (size_t i = 0; i < ZONES; i++)
        site->zones[i] = list_of(&draft->zones[i]);
    site->rules = memory_new(draft->rule_count, sizeof *site->rules);
    site->rule_count = draft->rule_count;
    memory->peers = memory_new(2 * draft->rule_count, sizeof *memory->peers);
    for (size_t i = 0; i < draft->rule_count; i++) {
        const struct rule_draft *entry = &draft->rules[i];
        site->rules[i] = entry->rule;
        site->rules[i].from = list_of(&entry->from_networks);
        site->rules[i].to = list_of(&entry->to_networks);
        memory->peers[2 * i] = entry->from_networks.all;
        memory->peers[2 * i + 1] = entry->to_networks.all;
    }
}

static void free_words(struct site_draft *draft)
{
    for (size_t i = 0; i < draft->rule_count; i++) {
        free(draft->rules[i].from.all);
        free(draft->rules[i].to.all);
    }
    free(draft->rules);
}

bool site_parse(const char *name, struct span bytes, const struct rulebook *rulebook,
                struct site *site, struct error *error)
{
    struct site_draft draft = {.rulebook = rulebook};
    pack_init(&draft.pack, error);
    bool is_loaded = read_file(&draft, name, bytes) && policy_resolve(&draft);
    take(&draft, site);
    free_words(&draft);
    if (!is_loaded)
        site_free(site);
    return is_loaded;
}

bool site_load(const char *path, const struct rulebook *rulebook, struct site *site,
               struct error *error)
{
    char name[WORD_TEXT_SIZE * 3];
    size_t length;
    text_printable(path, name, sizeof name);
    char *bytes = rule_bytes_read(path, name, &length, error);
    if (!bytes)
        return false;
    const struct span all = {(const uint8_t *)bytes, length};
    bool is_loaded = site_parse(name, all, rulebook, site, error);
    free(bytes);
    return is_loaded;
}

void site_free(struct site *site)
{
    struct site_memory *memory = site->memory;
    if (!memory)
        return;
    for (size_t i = 0; i < site->rule_count; i++) {
        free(memory->peers[2 * i]);
        free(memory->peers[2 * i + 1]);
        free(site->rules[i].ports);
    }
    free(site->rules);
    free(memory->peers);
    strings_free(&memory->strings);
    free(memory->home.all);
    free(memory->components.all);
    for (size_t i = 0; i < ZONES; i++)
        free(memory->zones[i].all);
    free(memory);
    *site = site_default();
}
