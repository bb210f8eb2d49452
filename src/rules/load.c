/* SPDX-License-Identifier: Apache-2.0
 *
 * From files to a rulebook.
 */
#include "rules/rules.h"

#include "base/memory.h"
#include "rules/directory.h"
#include "rules/pack.h"
#include "rules/ports.h"
#include "rules/rulebook_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool read_shipped(struct pack *pack, const struct rules_options *options)
{
    static const struct {
        enum rule_file_kind kind;
        const char *name;
    } files[] = {
        {RULE_FILE_TAXONOMY, "taxonomy.yaml"},
        {RULE_FILE_APPLICATIONS, "applications.yaml"},
        {RULE_FILE_SERVICES, "services.yaml"},
        {RULE_FILE_EVIDENCE, "evidence.yaml"},
    };
    char directory[RULES_PATH_SIZE], path[RULES_PATH_SIZE + 32];
    if (!rules_directory(options->directory, directory, pack->error))
        return false;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i].name);
        if (!pack_read_path(pack, files[i].kind, path))
            return false;
    }
    return true;
}

static bool read_all(struct pack *pack, const struct rules_options *options)
{
    if (!read_shipped(pack, options))
        return false;
    for (size_t i = 0; i < options->file_count; i++) {
        if (!pack_read_path(pack, RULE_FILE_USER, options->files[i]))
            return false;
    }
    return applications_finish(pack) && services_finish(pack);
}

static int compare_applications(const void *a, const void *b)
{
    const struct application *left = a;
    const struct application *right = b;
    return strcasecmp(left->name, right->name);
}

static struct application *sorted_applications(const struct application_list *list)
{
    struct application *applications = memory_new(list->count + 1, sizeof *applications);
    for (size_t i = 0; i < list->count; i++)
        applications[i] = list->entries[i].application;
    qsort(applications, list->count, sizeof *applications, compare_applications);
    return applications;
}

static int compare_services(const void *a, const void *b)
{
    const struct service *left = a;
    const struct service *right = b;
    if (left->port != right->port)
        return left->port < right->port ? -1 : 1;
    return (left->transports > right->transports) - (left->transports < right->transports);
}

static void take_services(struct rulebook *rulebook, const struct pack *pack)
{
    rulebook->services = memory_new(pack->service_count + 1, sizeof *rulebook->services);
    for (size_t i = 0; i < pack->service_count; i++) {
        const struct service *service = &pack->services[i].service;
        if (service->transports == 0)
            continue; /* all of its port went to services of later files */
        rulebook->services[rulebook->service_count++] = *service;
        if (service->is_watched)
            port_set_add(&rulebook->watched, service->port);
    }
    qsort(rulebook->services, rulebook->service_count, sizeof *rulebook->services,
          compare_services);
}

static int compare_evidence(const void *a, const void *b)
{
    const struct evidence_rule *left = a;
    const struct evidence_rule *right = b;
    return strcasecmp(left->name, right->name);
}

static void take_evidence(struct rulebook *rulebook, const struct pack *pack)
{
    rulebook->evidence_count = pack->evidence_count;
    rulebook->evidence = memory_new(pack->evidence_count + 1, sizeof *rulebook->evidence);
    for (size_t i = 0; i < pack->evidence_count; i++)
        rulebook->evidence[i] = pack->evidence[i].rule;
    qsort(rulebook->evidence, rulebook->evidence_count, sizeof *rulebook->evidence,
          compare_evidence);
}

struct rulebook *pack_take_rulebook(struct pack *pack)
{
    struct rulebook *rulebook = memory_new(1, sizeof *rulebook);
    take_services(rulebook, pack);
    take_evidence(rulebook, pack);
    rulebook->applications = sorted_applications(&pack->applications);
    rulebook->application_count = pack->applications.count;
    rulebook->categories = sorted_applications(&pack->categories);
    rulebook->category_count = pack->categories.count;
    rulebook->unknown = (struct application){
        .name = "unknown",
        .attributes = pack->defaults,
        .defined_at = "defaults",
    };
    struct rulebook_memory *memory = memory_new(1, sizeof *memory);
    *memory = (struct rulebook_memory){
        .strings = pack->strings,
        .taxonomy = pack->taxonomy,
        .takeovers = pack->takeovers,
        .takeover_count = pack->takeover_count,
    };
    rulebook->memory = memory;
    pack->strings = (struct strings){0};
    pack->taxonomy = (struct taxonomy){0};
    pack->takeovers = NULL;
    return rulebook;
}

struct rulebook *rules_load(const struct rules_options *options, struct error *error)
{
    struct pack pack;
    struct rulebook *rulebook = NULL;
    pack_init(&pack, error);
    if (read_all(&pack, options))
        rulebook = pack_take_rulebook(&pack);
    pack_free(&pack);
    if (rulebook && options->watch && !watch_parse(options->watch, &rulebook->watched, error)) {
        rules_free(rulebook);
        rulebook = NULL;
    }
    return rulebook;
}

void rules_free(struct rulebook *rulebook)
{
    if (!rulebook)
        return;
    struct rulebook_memory *memory = rulebook->memory;
    strings_free(&memory->strings);
    taxonomy_free(&memory->taxonomy);
    free(memory->takeovers);
    free(memory);
    free(rulebook->services);
    free(rulebook->applications);
    free(rulebook->categories);
    free(rulebook->evidence);
    free(rulebook);
}
