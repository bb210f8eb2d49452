/* SPDX-License-Identifier: Apache-2.0
 *
 * The site policy: what is ours, which zone a host stands in, and who may talk to whom. Made by
 * rules/ from --site, or site_default() without one; changed by nobody.
 */
#ifndef PORTSCOPE_MODEL_SITE_H
#define PORTSCOPE_MODEL_SITE_H

#include "base/address.h"
#include "model/rulebook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zone { ZONE_NONE, ZONE_PROD, ZONE_DEV, ZONE_MANAGEMENT, ZONES };

/* "prod", ...; "none" for ZONE_NONE. */
const char *zone_name(enum zone zone);

struct network_list {
    const struct network *all;
    size_t count;
};

bool network_list_holds(const struct network_list *list, const struct address *address);

/* One entry of who may talk to whom. An empty list of networks holds everybody. */
struct site_rule {
    bool is_allowed; /* else expressly forbidden */
    struct network_list from, to;
    struct port_set *ports; /* NULL: every port */
    uint8_t transports;     /* enum service_transport */
    bool is_both_ways;      /* `to` may also begin */
    uint8_t days;           /* bit 0: Monday; in UTC */
    uint16_t begin, end;    /* minutes of the day, UTC; begin > end: over midnight */
    const char *comment;    /* may be "" */
    const char *defined_at; /* "site.yaml:12" */
};

/* All strings and lists live as long as the site; rules/ loads and frees it. */
struct site {
    bool is_given; /* a policy was loaded: what no entry allows is unexpected */
    struct network_list home;
    struct network_list zones[ZONES];
    struct network_list components; /* hosts known to be NetScout's */
    struct site_rule *rules;        /* in order; the first that matches decides */
    size_t rule_count;
    void *memory;
};

/* No policy: RFC 1918, RFC 4193, RFC 6598, loopback and link-local addresses are home. */
struct site site_default(void);

bool site_is_home(const struct site *site, const struct address *address);
enum zone site_zone(const struct site *site, const struct address *address);

/* A flow as the policy sees it. */
struct site_question {
    struct address client, server;
    uint16_t port;
    uint8_t protocol;
    int64_t time_ns;
};

/* Whether the rule is about this, whatever the hour. */
bool site_rule_fits(const struct site_rule *rule, const struct site_question *question);
bool site_rule_has_hours(const struct site_rule *rule);

enum { SITE_ALL_DAYS = 0x7f, SITE_DAY_END = 24 * 60 };

/* The first rule that matches; NULL when none does. */
const struct site_rule *site_decide(const struct site *site, const struct site_question *question);

#endif
