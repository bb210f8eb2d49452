/* SPDX-License-Identifier: Apache-2.0
 *
 * `portscope rules explain PORT[/PROTO]`: all that is known of a port, for the person who found
 * traffic on it.
 */
#include "rules/rules.h"

#include "base/text.h"
#include "rules/ports.h"
#include "rules/sheet.h"

#include <string.h>

/* RFC 6335 section 6. */
static const char *range_of(uint16_t port)
{
    if (port < 1024)
        return "a system port (0-1023): listening on it takes privilege on most systems, and new "
               "assignments take IETF review (RFC 6335)";
    if (port < 49152)
        return "a user port (1024-49151): assigned by IANA on request (RFC 6335)";
    return "a dynamic port (49152-65535): never assigned; mostly a client's side (RFC 6335)";
}

static void explain_attributes(const struct service *service, FILE *out)
{
    char id[APPLICATION_ID_TEXT_SIZE];
    struct text words = {0};
    text_addf(&words, "application id %s (%s)", application_id_text(service->application_id, id),
              provenance_name(service->id_source));
    for (unsigned i = 0; i < ATTRIBUTES; i++)
        text_addf(&words, ", %s %s (%s)", attribute_name((enum attribute)i),
                  service->attributes.values[i], provenance_name(service->attributes.sources[i]));
    sheet_text(out, "tagged", text_words(&words));
    text_free(&words);
}

static void explain_comparison(const struct service *service, FILE *out)
{
    struct text words = {0};
    if (*service->expects)
        text_addf(&words,
                  "%s in the payload confirms the service; anything else that is recognised is a "
                  "masquerade when corroborated, else a guess",
                  service->expects);
    else
        text_add(&words, "no payload signature of this service is known, so nothing can confirm "
                         "it: whatever is recognised is a masquerade when corroborated, else a "
                         "guess; unknown payload is unverified");
    sheet_text(out, "compared", text_words(&words));
    text_free(&words);
}

static void explain_service(const struct service *service, FILE *out)
{
    char on[TRANSPORTS_TEXT_SIZE];
    struct text words = {0};
    text_addf(&words, "%s (%s) on %s", service->name, service->display_name,
              transports_text(service->transports, on));
    sheet_text(out, "assigned to", text_words(&words));
    text_free(&words);
    const struct {
        const char *key, *words;
    } facts[] = {
        {"assignee", service->assignee}, {"registered", service->registered},
        {"history", service->history},   {"in scans", service->scans},
        {"trojan lists", service->note}, {"also called", service->aliases},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        sheet_text(out, facts[i].key, facts[i].words);
    explain_attributes(service, out);
    explain_comparison(service, out);
    sheet_text(out, "if it shows up", service->advice);
    sheet_text(out, "rule", service->defined_at);
}

/* The nearest services below and above. Services are sorted by port. */
static void explain_neighbours(const struct rulebook *rulebook, uint16_t port, FILE *out)
{
    const struct service *below = NULL;
    const struct service *above = NULL;
    for (size_t i = 0; i < rulebook->service_count && !above; i++) {
        const struct service *service = &rulebook->services[i];
        if (service->port < port)
            below = service;
        else if (service->port > port)
            above = service;
    }
    struct text words = {0};
    if (below)
        text_addf(&words, "%u %s below", below->port, below->name);
    if (above)
        text_addf(&words, "%s%u %s above", below ? ", " : "", above->port, above->name);
    sheet_text(out, "neighbours", text_words(&words));
    text_free(&words);
}

static void explain_former_owner(const struct rulebook *rulebook, uint16_t port, FILE *out)
{
    for (size_t i = 0; i < rulebook->service_count; i++) {
        const struct service *service = &rulebook->services[i];
        if (service->legacy_port != port)
            continue;
        struct text words = {0};
        text_addf(&words, "once the port of %s, now on %u: a hint, never taken for %s. %s",
                  service->name, service->port, service->name, service->history);
        sheet_text(out, "formerly", text_words(&words));
        text_free(&words);
    }
}

static void explain_watching(const struct rulebook *rulebook, uint16_t port, FILE *out)
{
    struct text words = {0};
    if (port_set_has(&rulebook->watched, port))
        text_add(&words, "yes: every flow on this port is recorded, on any transport");
    else
        text_addf(&words, "no: flows on this port are recorded with --all, or with --watch %u",
                  port);
    sheet_text(out, "watched", text_words(&words));
    text_free(&words);
}

static void explain_no_service(FILE *out)
{
    sheet_text(out, "assigned to",
               "nothing in the rules: what is detected stands alone (verdict unassigned)");
    sheet_text(out, "if it shows up",
               "Name the program behind the port on the responder ('portscope listeners', or 'ss "
               "-tulpn') and ask the owner of both hosts.");
}

bool rules_explain(const struct rulebook *rulebook, const char *word, FILE *out,
                   struct error *error)
{
    uint16_t port;
    uint8_t transports;
    if (!port_word_parse(word, &port, &transports, error))
        return false;
    char number[16];
    bool has_service = false;
    snprintf(number, sizeof number, "%u", port);
    sheet_text(out, "port", number);
    sheet_text(out, "range", range_of(port));
    explain_watching(rulebook, port, out);
    for (size_t i = 0; i < rulebook->service_count; i++) {
        const struct service *service = &rulebook->services[i];
        if (service->port != port || !(service->transports & transports))
            continue;
        explain_service(service, out);
        has_service = true;
    }
    if (!has_service)
        explain_no_service(out);
    explain_former_owner(rulebook, port, out);
    explain_neighbours(rulebook, port, out);
    return true;
}
