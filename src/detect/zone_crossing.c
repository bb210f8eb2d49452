/* SPDX-License-Identifier: Apache-2.0
 *
 * Production and development mix: a host of the zone `prod` on netsc-dev, a host of the zone `dev`
 * on netsc-prod; or, whatever the zones, one host that serves both. What the policy allows is no
 * finding. False alarms: build hosts that both sides share.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

#include <string.h>

enum { SERVERS_MAX = 4096 };
enum side { SIDE_PROD = 1 << 0, SIDE_DEV = 1 << 1, SIDE_BOTH = SIDE_PROD | SIDE_DEV };

struct zone_crossing {
    struct keyed_table *servers; /* address -> unsigned char of enum side */
};

static void zone_crossing_open(struct detecting *d)
{
    struct zone_crossing *watch = d->state;
    watch->servers = detecting_table(d, SERVERS_MAX, sizeof(struct address), 1);
}

static unsigned side_of(const struct observation *seen)
{
    const struct service *service = seen->record->classification.assigned;
    if (!seen->is_watched || !service || service->port != seen->port)
        return 0;
    if (strcmp(service->name, "netsc-prod") == 0)
        return SIDE_PROD;
    return strcmp(service->name, "netsc-dev") == 0 ? SIDE_DEV : 0;
}

static void check_zones(struct detecting *d, const struct observation *seen, unsigned side)
{
    enum zone foreign = side == SIDE_PROD ? ZONE_DEV : ZONE_PROD;
    bool is_server = seen->server_zone == foreign;
    if (!is_server && seen->client_zone != foreign)
        return;
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = seen->is_answered ? SEVERITY_HIGH : SEVERITY_MEDIUM,
        .confidence = 90,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE], host[ADDRESS_TEXT_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s crosses zones", pair_words(seen, pair));
    finding_why(finding, "%s stands in the zone %s; this is the port of %s",
                address_text(is_server ? &seen->server : &seen->client, host), zone_name(foreign),
                seen->record->classification.assigned->name);
    finding_why(finding, seen->is_answered ? "it was answered" : "nothing was answered");
}

static void check_both(struct detecting *d, const struct observation *seen, unsigned side)
{
    struct zone_crossing *watch = d->state;
    if (!seen->is_answered)
        return;
    unsigned char *sides = keyed_table_find_or_add(watch->servers, &seen->server, NULL);
    *sides |= (unsigned char)side;
    if (*sides != SIDE_BOTH)
        return;
    const struct claim claim = {
        .subject.server = seen->server,
        .severity = seen->is_forbidden ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = 80,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char host[ADDRESS_TEXT_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s serves production and development",
                  address_text(&seen->server, host));
    finding_why(finding, "it answers on the ports of netsc-prod and of netsc-dev");
}

static void zone_crossing_on_flow(struct detecting *d, const struct observation *seen)
{
    unsigned side = side_of(seen);
    if (side == 0 || seen->is_allowed)
        return;
    check_zones(d, seen, side);
    check_both(d, seen, side);
}

const struct detector zone_crossing_detector = {
    .name = "zone-crossing",
    .help = "a prod host on netsc-dev, a dev host on netsc-prod, one host serving both",
    .signature_id = 1540015,
    .attack_id = "T1021",
    .attack_name = "Remote Services",
    .next = "Check the segmentation between production and development, and who owns the host.",
    .state_size = sizeof(struct zone_crossing),
    .looks_early = true,
    .open = zone_crossing_open,
    .on_flow = zone_crossing_on_flow,
};
