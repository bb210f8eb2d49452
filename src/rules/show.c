/* SPDX-License-Identifier: Apache-2.0
 *
 * `portscope rules show`: what is in the rulebook.
 */
#include "rules/rules.h"

#include "base/memory.h"
#include "base/suggest.h"
#include "base/text.h"
#include "rules/ports.h"
#include "rules/rulebook_memory.h"
#include "rules/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void show_table(const struct rulebook *rulebook, FILE *out)
{
    static const char row[] = "%s%5s %-12s %-15s %-8s %-31s %s\n";
    fprintf(out, row, " ", "port", "on", "service", "id", "category", "traffic-class");
    for (size_t i = 0; i < rulebook->service_count; i++) {
        const struct service *service = &rulebook->services[i];
        const char *const *values = service->attributes.values;
        bool is_watched = port_set_has(&rulebook->watched, service->port);
        char port[8], on[TRANSPORTS_TEXT_SIZE], id[APPLICATION_ID_TEXT_SIZE];
        snprintf(port, sizeof port, "%u", service->port);
        fprintf(out, row, is_watched ? "*" : " ", port, transports_text(service->transports, on),
                service->name, application_id_text(service->application_id, id),
                values[ATTRIBUTE_CATEGORY], values[ATTRIBUTE_TRAFFIC_CLASS]);
    }
    fprintf(out, "* watched\n");
}

static void show_service(const struct rulebook *rulebook, const struct service *service, FILE *out)
{
    char ports[64], on[TRANSPORTS_TEXT_SIZE], id[APPLICATION_ID_TEXT_SIZE];
    snprintf(ports, sizeof ports, "%s %u", transports_text(service->transports, on), service->port);
    const char *source = provenance_name(service->source);
    sheet_line(out, "service", service->name, source);
    sheet_line(out, "display-name", service->display_name, source);
    sheet_line(out, "description", service->description, NULL);
    sheet_line(out, "port-map", ports, source);
    sheet_line(out, "application-id", application_id_text(service->application_id, id),
               provenance_name(service->id_source));
    sheet_line(out, "watched", port_set_has(&rulebook->watched, service->port) ? "yes" : "no",
               NULL);
    sheet_line(out, "expects", *service->expects ? service->expects : "nothing that is known",
               NULL);
    sheet_attributes(out, &service->attributes);
    sheet_line(out, "aliases", service->aliases, NULL);
    sheet_line(out, "defined-at", service->defined_at, NULL);
    fputc('\n', out);
}

static void show_application(const char *what, const struct application *application, FILE *out)
{
    sheet_line(out, what, application->name, NULL);
    sheet_attributes(out, &application->attributes);
    sheet_line(out, "defined-at", application->defined_at, NULL);
    fputc('\n', out);
}

static bool show_named(const char *what, const struct application *list, size_t count,
                       const char *word, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(list[i].name, word) == 0) {
            show_application(what, &list[i], out);
            return true;
        }
    }
    return false;
}

static bool show_services(const struct rulebook *rulebook, const char *word, FILE *out)
{
    uint16_t port = 0;
    uint8_t transports = 0;
    bool is_port = port_word_parse(word, &port, &transports, NULL);
    bool is_found = false;
    for (size_t i = 0; i < rulebook->service_count; i++) {
        const struct service *service = &rulebook->services[i];
        bool is_meant = is_port ? service->port == port && (service->transports & transports)
                                : strcasecmp(service->name, word) == 0;
        if (is_meant)
            show_service(rulebook, service, out);
        is_found |= is_meant;
    }
    return is_found;
}

/* As `show ip nbar attribute`: the values that an attribute may have. */
static bool show_values(const struct rulebook *rulebook, const char *word, FILE *out)
{
    const struct rulebook_memory *memory = rulebook->memory;
    for (unsigned i = 0; i < ATTRIBUTES; i++) {
        if (strcmp(attribute_name((enum attribute)i), word) != 0)
            continue;
        const struct taxonomy_list *list = &memory->taxonomy.lists[i];
        for (size_t k = 0; k < list->count; k++)
            fprintf(out, "%s%s%s%s\n", list->values[k].value, list->values[k].alias ? " (or " : "",
                    list->values[k].alias ? list->values[k].alias : "",
                    list->values[k].alias ? ")" : "");
        return true;
    }
    return false;
}

static bool fail_unknown(const struct rulebook *rulebook, const char *word, struct error *error)
{
    char printable[WORD_TEXT_SIZE], hint[SUGGESTION_SIZE];
    uint16_t port;
    uint8_t transports;
    if (port_word_parse(word, &port, &transports, NULL))
        return error_set(error,
                         "no service on port %s; 'portscope rules explain %u' tells what is "
                         "known",
                         word, port);
    size_t count = 0;
    const char **names = memory_new(rulebook->service_count + rulebook->application_count +
                                        rulebook->category_count + ATTRIBUTES,
                                    sizeof *names);
    for (size_t i = 0; i < rulebook->service_count; i++)
        names[count++] = rulebook->services[i].name;
    for (size_t i = 0; i < rulebook->application_count; i++)
        names[count++] = rulebook->applications[i].name;
    for (size_t i = 0; i < rulebook->category_count; i++)
        names[count++] = rulebook->categories[i].name;
    for (unsigned i = 0; i < ATTRIBUTES; i++)
        names[count++] = attribute_name((enum attribute)i);
    suggestion(word, names, count, hint);
    free(names);
    return error_set(error,
                     "'%s' is no service, port, application, category or attribute of the "
                     "rules%s",
                     text_printable(word, printable, sizeof printable), hint);
}

bool rules_show(const struct rulebook *rulebook, const char *word, FILE *out, struct error *error)
{
    if (!word) {
        show_table(rulebook, out);
        return true;
    }
    bool is_found = show_services(rulebook, word, out);
    is_found |=
        show_named("application", rulebook->applications, rulebook->application_count, word, out);
    is_found |= show_named("category", rulebook->categories, rulebook->category_count, word, out);
    is_found |= show_values(rulebook, word, out);
    return is_found || fail_unknown(rulebook, word, error);
}

static void add_watched(const struct rulebook *rulebook, struct text *words)
{
    enum { SHOWN = 12 };
    unsigned count = 0;
    for (uint32_t port = 1; port <= UINT16_MAX; port++) {
        if (!port_set_has(&rulebook->watched, (uint16_t)port))
            continue;
        if (count < SHOWN)
            text_addf(words, "%s%u", count > 0 ? ", " : "", port);
        count++;
    }
    if (count > SHOWN)
        text_addf(words, " and %u more", count - SHOWN);
    if (count == 0)
        text_add(words, "none");
}

void rules_summary(const struct rulebook *rulebook, FILE *out)
{
    const struct rulebook_memory *memory = rulebook->memory;
    struct text watched = {0};
    add_watched(rulebook, &watched);
    fprintf(out, "%zu services, %zu applications, %zu categories\n", rulebook->service_count,
            rulebook->application_count, rulebook->category_count);
    fprintf(out, "watched ports: %s\n", text_words(&watched));
    for (size_t i = 0; i < memory->takeover_count; i++)
        fprintf(out, "note: %s\n", memory->takeovers[i]);
    text_free(&watched);
}
