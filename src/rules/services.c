/* SPDX-License-Identifier: Apache-2.0
 *
 * Services: what a port is assigned to.
 */
#include "rules/pack.h"

#include "base/text.h"
#include "rules/ports.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    FIELD_NAME,
    FIELD_DISPLAY_NAME,
    FIELD_PORT,
    FIELD_TRANSPORTS,
    FIELD_LEGACY_PORT,
    FIELD_SOURCE,
    FIELD_ID,
    FIELD_WATCH,
    FIELD_LIKE,
    FIELD_ATTRIBUTES,
    FIELD_EXPECTS,
    FIELD_DESCRIPTION,
    FIELD_ASSIGNEE,
    FIELD_REGISTERED,
    FIELD_HISTORY,
    FIELD_SCANS,
    FIELD_NOTE,
    FIELD_ADVICE,
    FIELD_ALIASES,
    FIELDS
};
_Static_assert((int)FIELDS <= (int)SCHEMA_FIELDS_MAX, "every key has a place");

#define SERVICE_FIELD(key, reader, member, most)                                                   \
    {                                                                                              \
        key, reader, offsetof(struct service_entry, member),                                       \
            sizeof(((struct service_entry *)0)->member), most                                      \
    }

static const struct field service_fields[FIELDS] = {
    [FIELD_NAME] = SERVICE_FIELD("name", name_read, service.name, SERVICE_NAME_MAX),
    [FIELD_DISPLAY_NAME] =
        SERVICE_FIELD("display-name", text_read, service.display_name, DISPLAY_NAME_MAX),
    [FIELD_PORT] = SERVICE_FIELD("port", port_read, service.port, 0),
    [FIELD_TRANSPORTS] = SERVICE_FIELD("transports", transports_read, service.transports, 0),
    [FIELD_LEGACY_PORT] = SERVICE_FIELD("legacy-port", port_read, service.legacy_port, 0),
    [FIELD_SOURCE] = SERVICE_FIELD("source", provenance_read, service.source, 0),
    [FIELD_ID] = SERVICE_FIELD("id", id_read, id, 0),
    [FIELD_WATCH] = SERVICE_FIELD("watch", truth_read, service.is_watched, 0),
    [FIELD_LIKE] = SERVICE_FIELD("like", label_read, like, APPLICATION_NAME_MAX),
    [FIELD_ATTRIBUTES] = SERVICE_FIELD("attributes", attributes_read, service.attributes, 0),
    [FIELD_EXPECTS] = SERVICE_FIELD("expects", texts_read, service.expects, APPLICATION_NAME_MAX),
    [FIELD_DESCRIPTION] =
        SERVICE_FIELD("description", text_read, service.description, DESCRIPTION_MAX),
    [FIELD_ASSIGNEE] = SERVICE_FIELD("assignee", text_read, service.assignee, FACT_MAX),
    [FIELD_REGISTERED] = SERVICE_FIELD("registered", text_read, service.registered, FACT_MAX),
    [FIELD_HISTORY] = SERVICE_FIELD("history", text_read, service.history, FACT_MAX),
    [FIELD_SCANS] = SERVICE_FIELD("scans", text_read, service.scans, FACT_MAX),
    [FIELD_NOTE] = SERVICE_FIELD("note", text_read, service.note, FACT_MAX),
    [FIELD_ADVICE] = SERVICE_FIELD("advice", text_read, service.advice, FACT_MAX),
    [FIELD_ALIASES] = SERVICE_FIELD("aliases", texts_read, service.aliases, FACT_MAX),
};

static const struct schema service_schema = {"a service", service_fields, FIELDS};

static struct service_entry *find_service(const struct pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->service_count; i++) {
        if (strcasecmp(pack->services[i].service.name, name) == 0)
            return &pack->services[i];
    }
    return NULL;
}

/* A later file's entry of the same name replaces what it gives and keeps the rest. */
static void override(struct service_entry *entry, struct service_entry *later)
{
    struct attributes attributes = later->service.attributes;
    if (!later->like)
        attributes_fill(&attributes, &entry->service.attributes);
    for (unsigned i = 0; i < FIELDS; i++) {
        const struct field *field = &service_fields[i];
        if (is_given(&later->given, i))
            memcpy(field_in(field, entry), field_in(field, later), field->size);
    }
    entry->service.attributes = attributes;
    if (is_given(&later->given, FIELD_PORT) || is_given(&later->given, FIELD_TRANSPORTS)) {
        entry->service.source = later->service.source;
        entry->transports_lost = 0;
    }
    entry->has_id |= is_given(&later->given, FIELD_ID);
    entry->given = later->given;
}

static uint8_t transports_left(const struct service_entry *entry)
{
    return entry->service.transports & (uint8_t)~entry->transports_lost;
}

static void note_takeover(struct pack *pack, const struct service_entry *entry,
                          const struct service_entry *other, uint8_t transports)
{
    char text[TRANSPORTS_TEXT_SIZE];
    pack->takeovers = list_grown(pack->takeovers, pack->takeover_count, sizeof *pack->takeovers);
    pack->takeovers[pack->takeover_count++] =
        strings_format(&pack->strings, "%s (%s) takes port %u (%s) from %s (%s)",
                       entry->service.name, pack_place_text(pack, entry->given.place),
                       entry->service.port, transports_text(transports, text), other->service.name,
                       pack_place_text(pack, other->given.place));
}

/* Two services of one file on one port and transport are a mistake; of different files the later
 * takes the port over. */
static bool claim_port(const struct rule_file *file, struct service_entry *entry)
{
    struct pack *pack = file->pack;
    for (size_t i = 0; i < pack->service_count; i++) {
        struct service_entry *other = &pack->services[i];
        uint8_t both = transports_left(other) & transports_left(entry);
        char text[TRANSPORTS_TEXT_SIZE];
        if (other == entry || other->service.port != entry->service.port || !both)
            continue;
        if (other->given.place.file == entry->given.place.file)
            return place_fail(file->error, place_of_field(&entry->given, FIELD_PORT),
                              "port %u (%s) of '%s' already belongs to '%s' in line %u",
                              entry->service.port, transports_text(both, text), entry->service.name,
                              other->service.name, other->given.place.line);
        note_takeover(pack, entry, other, both);
        other->transports_lost |= both;
    }
    return true;
}

static bool check_new(const struct rule_file *file, const struct service_entry *entry)
{
    static const unsigned required[] = {FIELD_PORT, FIELD_TRANSPORTS};
    const struct given *given = &entry->given;
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        if (!is_given(given, required[i]))
            return place_fail(file->error, given->place, "the service '%s' has no '%s'",
                              entry->service.name, service_fields[required[i]].name);
    }
    if (!is_given(given, FIELD_ATTRIBUTES) && !is_given(given, FIELD_LIKE))
        return place_fail(file->error, given->place,
                          "the service '%s' has neither 'attributes' nor 'like'",
                          entry->service.name);
    if (file->pack->service_count == ENTRIES_MAX)
        return place_fail(file->error, given->place, "more than %d services", ENTRIES_MAX);
    return true;
}

static bool add(const struct rule_file *file, struct service_entry *entry)
{
    struct pack *pack = file->pack;
    const char *name = entry->service.name;
    struct service_entry *same = find_service(pack, name);
    if (same && same->given.place.file == entry->given.place.file)
        return place_fail(file->error, entry->given.places[FIELD_NAME],
                          "the service '%s' is already in line %u", name, same->given.place.line);
    if (same) {
        override(same, entry);
        return claim_port(file, same);
    }
    if (!check_new(file, entry))
        return false;
    entry->has_id = is_given(&entry->given, FIELD_ID);
    pack->services = list_grown(pack->services, pack->service_count, sizeof *pack->services);
    pack->services[pack->service_count++] = *entry;
    return claim_port(file, &pack->services[pack->service_count - 1]);
}

static bool service_read(const struct rule_file *file, const struct piece *item, void *record)
{
    (void)record;
    struct service_entry entry = {.service.source = PROVENANCE_OWN};
    if (!schema_read_map(file, &service_schema, item, &entry, &entry.given))
        return false;
    if (!is_given(&entry.given, FIELD_NAME))
        return place_fail(file->error, entry.given.place, "a service without 'name'");
    return add(file, &entry);
}

bool services_read(const struct rule_file *file, const struct field *field,
                   const struct piece *first, void *record)
{
    return schema_read_list(file, field->name, first, service_read, record);
}

static bool follow_like(struct pack *pack, struct service_entry *entry)
{
    if (!entry->like)
        return true;
    const struct application_entry *like = application_list_find(&pack->applications, entry->like);
    if (!like)
        like = application_list_find(&pack->categories, entry->like);
    if (!like)
        return application_list_fail(pack, &pack->applications,
                                     place_of_field(&entry->given, FIELD_LIKE), entry->service.name,
                                     entry->like);
    attributes_fill(&entry->service.attributes, &like->application.attributes);
    return true;
}

/* A misspelt name in `expects` would turn every honest flow into a masquerade. */
static bool check_expects(struct pack *pack, const struct service_entry *entry)
{
    const char *at = entry->service.expects;
    while (at && *at) {
        size_t length = strcspn(at, ",");
        char name[APPLICATION_NAME_MAX + 1] = "";
        memcpy(name, at, length < sizeof name ? length : sizeof name - 1);
        if (!application_list_find(&pack->applications, name))
            return application_list_fail(pack, &pack->applications,
                                         place_of_field(&entry->given, FIELD_EXPECTS),
                                         entry->service.name, name);
        at += length + (at[length] == ',');
    }
    return true;
}

/* By RFC 6759 the selector under engine 3 is the port that IANA assigned; what a site makes up
 * itself goes under engine 6. */
static struct marked_id default_id(const struct service *service)
{
    bool is_registered = service->source == PROVENANCE_DOCUMENTED;
    return (struct marked_id){
        .id = {.engine = is_registered ? ENGINE_IANA_L4 : ENGINE_USER_DEFINED,
               .selector = service->port},
        .source = service->source,
    };
}

/* What an entry need not say. */
static void complete(struct pack *pack, struct service_entry *entry)
{
    struct service *service = &entry->service;
    if (!service->display_name)
        service->display_name = service->name;
    if (!service->description)
        service->description =
            strings_format(&pack->strings, "%s, port %u", service->name, service->port);
    if (!entry->has_id)
        entry->id = default_id(service);
    const char **facts[] = {&service->expects, &service->assignee, &service->registered,
                            &service->history, &service->scans,    &service->advice,
                            &service->note,    &service->aliases};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (!*facts[i])
            *facts[i] = "";
    }
    attributes_fill(&service->attributes, &pack->defaults);
    service->application_id = entry->id.id;
    service->id_source = entry->id.source;
    service->transports = transports_left(entry);
    service->defined_at = pack_place_text(pack, entry->given.place);
}

bool services_finish(struct pack *pack)
{
    for (size_t i = 0; i < pack->service_count; i++) {
        struct service_entry *entry = &pack->services[i];
        if (!follow_like(pack, entry) || !check_expects(pack, entry))
            return false;
        complete(pack, entry);
    }
    return true;
}
