/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rulebook.h"

#include "model/packet.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *provenance_name(enum provenance provenance)
{
    static const char *const names[PROVENANCES] = {
        [PROVENANCE_DOCUMENTED] = "documented",
        [PROVENANCE_PORT_PAGE] = "port-page",
        [PROVENANCE_OWN] = "own",
    };
    return names[provenance];
}

const char *attribute_name(enum attribute attribute)
{
    static const char *const names[ATTRIBUTES] = {
        [ATTRIBUTE_CATEGORY] = "category",
        [ATTRIBUTE_SUB_CATEGORY] = "sub-category",
        [ATTRIBUTE_APPLICATION_GROUP] = "application-group",
        [ATTRIBUTE_TRAFFIC_CLASS] = "traffic-class",
        [ATTRIBUTE_BUSINESS_RELEVANCE] = "business-relevance",
        [ATTRIBUTE_P2P_TECHNOLOGY] = "p2p-technology",
        [ATTRIBUTE_TUNNEL] = "tunnel",
        [ATTRIBUTE_ENCRYPTED] = "encrypted",
    };
    return names[attribute];
}

const char *application_id_text(struct application_id id, char out[APPLICATION_ID_TEXT_SIZE])
{
    snprintf(out, APPLICATION_ID_TEXT_SIZE, "%u:%u", (unsigned)id.engine, (unsigned)id.selector);
    return out;
}

uint8_t service_transport_of(uint8_t protocol)
{
    static const struct {
        uint8_t protocol, bit;
    } bits[] = {
        {TRANSPORT_TCP, SERVICE_TCP},
        {TRANSPORT_UDP, SERVICE_UDP},
        {TRANSPORT_SCTP, SERVICE_SCTP},
        {TRANSPORT_DCCP, SERVICE_DCCP},
    };
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if (bits[i].protocol == protocol)
            return bits[i].bit;
    }
    return 0;
}

/* The first service at or above a port. */
static size_t lower_bound(const struct rulebook *rulebook, uint16_t port)
{
    size_t low = 0;
    size_t high = rulebook->service_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rulebook->services[middle].port < port)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct service *rulebook_service(const struct rulebook *rulebook, uint16_t port,
                                       uint8_t protocol)
{
    uint8_t bit = service_transport_of(protocol);
    for (size_t i = lower_bound(rulebook, port); i < rulebook->service_count; i++) {
        const struct service *service = &rulebook->services[i];
        if (service->port != port)
            break;
        if (service->transports & bit)
            return service;
    }
    return NULL;
}

static const struct application *find_named(const struct application *list, size_t count,
                                            const char *name)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(list[middle].name, name);
        if (order == 0)
            return &list[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct application *rulebook_application(const struct rulebook *rulebook,
                                               const char *protocol, const char *category)
{
    const struct application *found =
        find_named(rulebook->applications, rulebook->application_count, protocol);
    if (!found)
        found = find_named(rulebook->categories, rulebook->category_count, category);
    return found ? found : &rulebook->unknown;
}

/* The rule for the first `length` bytes of a name. */
static const struct evidence_rule *find_evidence_rule(const struct rulebook *rulebook,
                                                      const char *name, size_t length)
{
    for (size_t i = 0; i < rulebook->evidence_count; i++) {
        const struct evidence_rule *rule = &rulebook->evidence[i];
        if (strlen(rule->name) == length && strncasecmp(rule->name, name, length) == 0)
            return rule;
    }
    return NULL;
}

static bool is_met(const struct evidence_rule *rule, enum evidence evidence)
{
    return !rule || (rule->accepted >> evidence & 1);
}

const struct evidence_rule *rulebook_unmet_evidence(const struct rulebook *rulebook,
                                                    const struct detection *detection)
{
    /* By itself first: a protocol's name may have a dot in it, "Z39.50". */
    const struct evidence_rule *rule =
        find_evidence_rule(rulebook, detection->protocol, strlen(detection->protocol));
    const char *part = detection->name;
    while (is_met(rule, detection->evidence)) {
        if (*part == '\0')
            return NULL;
        size_t length = strcspn(part, ".");
        rule = find_evidence_rule(rulebook, part, length);
        part += length + (part[length] == '.');
    }
    return rule;
}
