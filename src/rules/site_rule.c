/* SPDX-License-Identifier: Apache-2.0
 *
 * The entries of `policy`: who may talk to whom, on what, when.
 */
#include "rules/site_draft.h"

#include "base/memory.h"
#include "base/text.h"
#include "rules/ports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A value that is one word, or a list of words. */
static bool read_words(const struct rule_file *file, const struct field *field,
                       const struct piece *first,
                       bool (*each)(const struct rule_file *, const struct piece *, void *),
                       void *record)
{
    if (first->kind == PIECE_WORD)
        return each(file, first, record);
    return schema_read_list(file, field->name, first, each, record);
}

static bool add_word(const struct rule_file *file, const struct piece *item, void *record)
{
    struct word_draft *words = record;
    if (!schema_expect_word(file, "a network", item))
        return false;
    if (words->count == SITE_ENTRIES_MAX)
        return place_fail(file->error, item->place, "more than %d words", SITE_ENTRIES_MAX);
    words->all = list_grown(words->all, words->count, sizeof *words->all);
    words->all[words->count++] =
        (struct placed_word){strings_keep(&file->pack->strings, item->word), item->place};
    return true;
}

static bool peers_read(const struct rule_file *file, const struct field *field,
                       const struct piece *first, void *record)
{
    return read_words(file, field, first, add_word, field_in(field, record));
}

static const struct service *service_named(const struct rulebook *rulebook, const char *name)
{
    for (size_t i = 0; i < rulebook->service_count; i++) {
        if (strcasecmp(rulebook->services[i].name, name) == 0)
            return &rulebook->services[i];
    }
    return NULL;
}

static bool add_service(const struct rule_file *file, const struct piece *item, void *record)
{
    struct site_rule *rule = record;
    uint16_t port;
    uint8_t transports;
    struct error reason;
    if (!schema_expect_word(file, "a service", item))
        return false;
    const struct service *service = service_named(draft_of(file)->rulebook, item->word);
    if (service) {
        port = service->port;
        transports = service->transports;
    } else if (!port_word_parse(item->word, &port, &transports, &reason)) {
        char word[WORD_TEXT_SIZE];
        return place_fail(file->error, item->place,
                          "'%s' is neither a service of the rules nor PORT[/PROTO]",
                          text_printable(item->word, word, sizeof word));
    }
    if (!rule->ports)
        rule->ports = memory_new(1, sizeof *rule->ports);
    port_set_add(rule->ports, port);
    rule->transports |= transports;
    return true;
}

static bool services_of_rule_read(const struct rule_file *file, const struct field *field,
                                  const struct piece *first, void *record)
{
    return read_words(file, field, first, add_service, field_in(field, record));
}

static bool add_day(const struct rule_file *file, const struct piece *item, void *record)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    uint8_t *out = record;
    if (!schema_expect_word(file, "a day", item))
        return false;
    for (unsigned i = 0; i < sizeof days / sizeof days[0]; i++) {
        if (strcasecmp(days[i], item->word) == 0) {
            *out |= (uint8_t)(1u << i);
            return true;
        }
    }
    char word[WORD_TEXT_SIZE];
    return place_fail(file->error, item->place, "'%s' is no day; they are mon, tue, ... sun",
                      text_printable(item->word, word, sizeof word));
}

static bool days_read(const struct rule_file *file, const struct field *field,
                      const struct piece *first, void *record)
{
    return read_words(file, field, first, add_day, field_in(field, record));
}

/* "06:30" at `word`; minutes of the day, or -1. */
static int clock_parse(const char *word)
{
    for (size_t i = 0; i < 5; i++) {
        if (i == 2 ? word[i] != ':' : word[i] < '0' || word[i] > '9')
            return -1;
    }
    int hour = (word[0] - '0') * 10 + word[1] - '0';
    int minute = (word[3] - '0') * 10 + word[4] - '0';
    int minutes = hour * 60 + minute;
    return minute < 60 && minutes <= SITE_DAY_END ? minutes : -1;
}

static bool hours_read(const struct rule_file *file, const struct field *field,
                       const struct piece *first, void *record)
{
    struct site_rule *rule = field_in(field, record);
    if (!schema_expect_word(file, field->name, first))
        return false;
    bool has_form = strlen(first->word) == strlen("06:00-22:00") && first->word[5] == '-';
    int begin = has_form ? clock_parse(first->word) : -1;
    int end = has_form ? clock_parse(first->word + 6) : -1;
    char word[WORD_TEXT_SIZE];
    if (begin < 0 || end < 0 || begin == end)
        return place_fail(file->error, first->place,
                          "'%s' are no hours; write them as 06:00-22:00, in UTC",
                          text_printable(first->word, word, sizeof word));
    rule->begin = (uint16_t)begin;
    rule->end = (uint16_t)end;
    return true;
}

static bool action_read(const struct rule_file *file, const struct field *field,
                        const struct piece *first, void *record)
{
    bool *is_denied = field_in(field, record);
    char word[WORD_TEXT_SIZE];
    if (!schema_expect_word(file, field->name, first))
        return false;
    *is_denied = strcmp(first->word, "deny") == 0;
    return *is_denied || strcmp(first->word, "allow") == 0 ||
           place_fail(file->error, first->place, "action is allow or deny, not '%s'",
                      text_printable(first->word, word, sizeof word));
}

enum {
    FIELD_FROM,
    FIELD_TO,
    FIELD_SERVICE,
    FIELD_BOTH_WAYS,
    FIELD_DAYS,
    FIELD_HOURS,
    FIELD_ACTION,
    FIELD_COMMENT,
    FIELDS
};

#define RULE_FIELD(key, reader, member, most)                                                      \
    {                                                                                              \
        key, reader, offsetof(struct rule_draft, member), 0, most                                  \
    }

static const struct field rule_fields[FIELDS] = {
    [FIELD_FROM] = RULE_FIELD("from", peers_read, from, 0),
    [FIELD_TO] = RULE_FIELD("to", peers_read, to, 0),
    [FIELD_SERVICE] = RULE_FIELD("service", services_of_rule_read, rule, 0),
    [FIELD_BOTH_WAYS] = RULE_FIELD("both-ways", truth_read, rule.is_both_ways, 0),
    [FIELD_DAYS] = RULE_FIELD("days", days_read, rule.days, 0),
    [FIELD_HOURS] = RULE_FIELD("hours", hours_read, rule, 0),
    [FIELD_ACTION] = RULE_FIELD("action", action_read, is_denied, 0),
    [FIELD_COMMENT] = RULE_FIELD("comment", text_read, rule.comment, 200),
};

static const struct schema rule_schema = {"an entry of the policy", rule_fields, FIELDS};

static bool rule_read(const struct rule_file *file, const struct piece *item, void *record)
{
    struct site_draft *draft = record;
    struct given given;
    if (draft->rule_count == SITE_ENTRIES_MAX)
        return place_fail(file->error, item->place, "more than %d entries", SITE_ENTRIES_MAX);
    draft->rules = list_grown(draft->rules, draft->rule_count, sizeof *draft->rules);
    struct rule_draft *entry = &draft->rules[draft->rule_count++];
    *entry = (struct rule_draft){.rule = {.end = SITE_DAY_END}};
    if (!schema_read_map(file, &rule_schema, item, entry, &given))
        return false;
    if (!is_given(&given, FIELD_COMMENT))
        return place_fail(file->error, given.place,
                          "an entry of the policy without 'comment': say what it is for");
    entry->rule.is_allowed = !entry->is_denied;
    if (!entry->rule.ports)
        entry->rule.transports = SERVICE_TCP | SERVICE_UDP | SERVICE_SCTP | SERVICE_DCCP;
    if (!is_given(&given, FIELD_DAYS))
        entry->rule.days = SITE_ALL_DAYS;
    entry->rule.defined_at = pack_place_text(file->pack, given.place);
    return true;
}

bool policy_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                 void *record)
{
    return schema_read_list(file, field->name, first, rule_read, record);
}

/* What a name stands for; NULL when it is none. */
static const struct network_draft *group_named(const struct site_draft *draft, const char *name)
{
    for (enum zone zone = ZONE_PROD; zone < ZONES; zone++) {
        if (strcmp(zone_name(zone), name) == 0)
            return &draft->zones[zone];
    }
    if (strcmp(name, "home") == 0)
        return &draft->home;
    return strcmp(name, "components") == 0 ? &draft->components : NULL;
}

static void add_network(struct network_draft *list, const struct network *network)
{
    list->all = list_grown(list->all, list->count, sizeof *list->all);
    list->all[list->count++] = *network;
}

static bool resolve_word(const struct site_draft *draft, const struct placed_word *word,
                         struct network_draft *list)
{
    static const char *const names[] = {"any", "home", "prod", "dev", "management", "components"};
    const struct network_draft *group = group_named(draft, word->word);
    struct network network;
    char shown[WORD_TEXT_SIZE], hint[SUGGESTION_SIZE];
    if (group && group->count == 0)
        return place_fail(draft->pack.error, word->place, "'%s' has no networks in this file",
                          word->word);
    for (size_t i = 0; group && i < group->count; i++)
        add_network(list, &group->all[i]);
    if (group)
        return true;
    if (!network_parse(word->word, &network))
        return place_fail(draft->pack.error, word->place,
                          "'%s' is neither an address, a network, nor a name%s",
                          text_printable(word->word, shown, sizeof shown),
                          suggestion(word->word, names, sizeof names / sizeof names[0], hint));
    add_network(list, &network);
    return true;
}

/* "any" among the words makes the list empty, which holds everybody. */
static bool resolve(const struct site_draft *draft, const struct word_draft *words,
                    struct network_draft *list)
{
    bool is_any = false;
    bool is_resolved = true;
    for (size_t i = 0; i < words->count && is_resolved; i++) {
        if (strcmp(words->all[i].word, "any") == 0)
            is_any = true;
        else
            is_resolved = resolve_word(draft, &words->all[i], list);
    }
    if (is_any)
        list->count = 0;
    return is_resolved;
}

bool policy_resolve(struct site_draft *draft)
{
    for (size_t i = 0; i < draft->rule_count; i++) {
        struct rule_draft *entry = &draft->rules[i];
        if (!resolve(draft, &entry->from, &entry->from_networks) ||
            !resolve(draft, &entry->to, &entry->to_networks))
            return false;
    }
    return true;
}
