/* SPDX-License-Identifier: Apache-2.0
 *
 * Rule files on their way to a rulebook: entries as written, with their places, later files over
 * earlier ones.
 */
#ifndef PORTSCOPE_RULES_PACK_H
#define PORTSCOPE_RULES_PACK_H

#include "rules/schema.h"
#include "rules/strings.h"
#include "rules/taxonomy.h"
#include "rules/values.h"

enum {
    FILE_SIZE_MAX = 1 << 20,
    ENTRIES_MAX = 4096,        /* of services, applications, categories each */
    SERVICE_NAME_MAX = 24,     /* as long as Cisco's applicationName, 24 octets on the wire */
    APPLICATION_NAME_MAX = 47, /* fits struct detection */
    DISPLAY_NAME_MAX = 55,
    DESCRIPTION_MAX = 55, /* as long as Cisco's applicationDescription */
    FACT_MAX = 1000,
};

/* Attributes that have a name: of an application, or of a category of applications. */
struct application_entry {
    struct application application;
    const char *like; /* take from there what is not given; NULL: from the defaults */
    struct given given;
};

struct application_list {
    const char *what; /* "application", "category" */
    struct application_entry *entries;
    size_t count;
};

struct service_entry {
    struct service service;
    struct marked_id id;
    const char *like;
    struct given given; /* of the latest file that speaks of it */
    bool has_id;
    uint8_t transports_lost; /* to services of later files, at the same port */
};

struct evidence_entry {
    struct evidence_rule rule;
    struct given given;
};

struct pack {
    struct error *error;
    struct strings strings;
    struct taxonomy taxonomy;
    struct attributes defaults;
    struct application_list applications, categories;
    struct service_entry *services;
    size_t service_count;
    struct evidence_entry *evidence;
    size_t evidence_count;
    const char **takeovers; /* sentences: which service of a later file took whose port */
    size_t takeover_count;
};

enum rule_file_kind {
    RULE_FILE_TAXONOMY,
    RULE_FILE_APPLICATIONS,
    RULE_FILE_SERVICES,
    RULE_FILE_EVIDENCE,
    RULE_FILE_USER
};

void pack_init(struct pack *pack, struct error *error);
void pack_free(struct pack *pack);

/* Reads a rule file of at most FILE_SIZE_MAX bytes. `name` is copied. */
bool pack_read(struct pack *pack, enum rule_file_kind kind, const char *name, struct span bytes);
/* The same from the disk. */
bool pack_read_path(struct pack *pack, enum rule_file_kind kind, const char *path);

/* The bytes of a rule file, to be freed; NULL with a sentence. `name` is for that sentence, and one
 * more byte than FILE_SIZE_MAX is read, so that a longer file shows. */
char *rule_bytes_read(const char *path, const char *name, size_t *length, struct error *error);

/* Sections, each in its file. The record of a section is the pack. */
bool applications_read(const struct rule_file *file, const struct field *field,
                       const struct piece *first, void *record);
bool categories_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record);
bool services_read(const struct rule_file *file, const struct field *field,
                   const struct piece *first, void *record);

bool evidence_read(const struct rule_file *file, const struct field *field,
                   const struct piece *first, void *record);

/* "services.yaml:12", kept with the pack's strings. */
const char *pack_place_text(struct pack *pack, struct place place);

struct application_entry *application_list_find(const struct application_list *list,
                                                const char *name);

/* "'who' names 'name', which is no known application (did you mean ...?)"; false. */
bool application_list_fail(const struct pack *pack, const struct application_list *list,
                           struct place place, const char *who, const char *name);

/* When all files are read: follow `like`, fill in defaults, check what names something. */
bool applications_finish(struct pack *pack);
bool services_finish(struct pack *pack);

/* The finished pack as a rulebook, which takes over what it needs; free it with rules_free(). */
struct rulebook *pack_take_rulebook(struct pack *pack);

#endif
