/* SPDX-License-Identifier: Apache-2.0
 *
 * What the rule files say, in memory: services (what a port is assigned to), applications (what a
 * detected protocol's attributes are). Made by rules/, read by everyone, changed by nobody.
 */
#ifndef PORTSCOPE_MODEL_RULEBOOK_H
#define PORTSCOPE_MODEL_RULEBOOK_H

#include "model/detection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a value comes from; printed by `rules show`. */
enum provenance {
    PROVENANCE_DOCUMENTED, /* a public document of Cisco or IANA says so */
    PROVENANCE_PORT_PAGE,  /* stands only in a public port encyclopedia */
    PROVENANCE_OWN,        /* our own choice: no source exists or none was found */
    PROVENANCES
};

const char *provenance_name(enum provenance provenance);

/* NBAR2's attributes, in the order in which they are printed. */
enum attribute {
    ATTRIBUTE_CATEGORY,
    ATTRIBUTE_SUB_CATEGORY,
    ATTRIBUTE_APPLICATION_GROUP,
    ATTRIBUTE_TRAFFIC_CLASS,
    ATTRIBUTE_BUSINESS_RELEVANCE,
    ATTRIBUTE_P2P_TECHNOLOGY,
    ATTRIBUTE_TUNNEL,
    ATTRIBUTE_ENCRYPTED,
    ATTRIBUTES
};

/* "category", "sub-category", ...: the key in rule files and outputs. */
const char *attribute_name(enum attribute attribute);

struct attributes {
    const char *values[ATTRIBUTES]; /* from the taxonomy's closed lists; never NULL */
    enum provenance sources[ATTRIBUTES];
};

/* RFC 6759: engine and selector, printed "3:154". */
struct application_id {
    uint8_t engine;
    uint32_t selector;
};

enum {
    ENGINE_IANA_L4 = 3,
    ENGINE_USER_DEFINED = 6,
    ENGINE_NDPI = 22,
    APPLICATION_ID_TEXT_SIZE = 16
};

/* Writes "3:154" and returns `out`. */
const char *application_id_text(struct application_id id, char out[APPLICATION_ID_TEXT_SIZE]);

/* Which transports a service is assigned on, as bits. */
enum service_transport {
    SERVICE_TCP = 1 << 0,
    SERVICE_UDP = 1 << 1,
    SERVICE_SCTP = 1 << 2,
    SERVICE_DCCP = 1 << 3,
};

/* The bit of an IP protocol number; 0 for one without ports. */
uint8_t service_transport_of(uint8_t protocol);

/* What a port is assigned to. */
struct service {
    const char *name;         /* "netsc-prod" */
    const char *display_name; /* "NETSC-PROD" */
    const char *description;
    uint16_t port;
    uint16_t legacy_port; /* where it was assigned in former times; 0: nowhere */
    uint8_t transports;   /* enum service_transport */
    struct application_id application_id;
    enum provenance source;    /* of name, port and transports */
    enum provenance id_source; /* of application_id */
    struct attributes attributes;
    bool is_watched; /* by default */
    const char
        *expects; /* names of detected protocols that are this service, comma separated; "" */

    /* For `rules explain`; "" when unknown. */
    const char *assignee, *registered, *history, *scans, *advice, *note, *aliases;
    const char *defined_at; /* "services.yaml:12" */
};

/* The attributes of a detected protocol. */
struct application {
    const char *name; /* nDPI's name ("SSH") or category ("Web") */
    struct attributes attributes;
    const char *defined_at;
};

/* What must speak for a detected name beside one dissector's word. */
struct evidence_rule {
    const char *name; /* as `application.name` */
    uint8_t accepted; /* bit n: enum evidence n suffices */
    const char *reason;
    const char *defined_at;
};

/* A set of port numbers; one load and one bit test to ask. */
struct port_set {
    uint64_t words[65536 / 64];
};

static inline bool port_set_has(const struct port_set *set, uint16_t port)
{
    return set->words[port >> 6] >> (port & 63) & 1;
}

static inline void port_set_add(struct port_set *set, uint16_t port)
{
    set->words[port >> 6] |= UINT64_C(1) << (port & 63);
}

/* All strings live as long as the rulebook; rules/ loads and frees it. */
struct rulebook {
    struct service *services; /* sorted by port, then transports */
    size_t service_count;
    struct application *applications; /* by nDPI protocol name, sorted by name without case */
    size_t application_count;
    struct application *categories; /* by nDPI category name, sorted likewise */
    size_t category_count;
    struct application unknown;     /* for what has neither */
    struct evidence_rule *evidence; /* sorted by name without case */
    size_t evidence_count;

    /* Ports whose flows are of interest: services with `watch: true`, and --watch. A port watched
     * on one transport is watched on all, so that odd transports are seen. */
    struct port_set watched;
    void *memory; /* what rules/ needs to free it */
};

/* The service assigned to a port on a transport (IP protocol number). On an odd transport (SCTP on
 * a service assigned to TCP and UDP) there is none. NULL when nothing is assigned. */
const struct service *rulebook_service(const struct rulebook *rulebook, uint16_t port,
                                       uint8_t protocol);

/* Attributes for a detected protocol: by its name, else by its nDPI category, else the defaults.
 * Never NULL. */
const struct application *rulebook_application(const struct rulebook *rulebook,
                                               const char *protocol, const char *category);

/* The rule that a detected name ("TLS.Google") does not meet with its evidence, for any of its
 * parts; NULL when it meets all. Any evidence meets a name without a rule. */
const struct evidence_rule *rulebook_unmet_evidence(const struct rulebook *rulebook,
                                                    const struct detection *detection);

#endif
