/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets from one address that begin with another TTL, or travel another number of hops, than
 * before: a second machine behind the address, or packets forged in its name. Stacks begin at 32,
 * 64, 128 or 255, and routes seldom change by more than a few hops. False alarms: load balancers,
 * SYN proxies, failover, anycast; address translation with several systems behind it.
 */
#include "detect/detector_types.h"

enum { HOSTS_MAX = 8192 };

struct ttl_change {
    uint64_t hops;
    struct keyed_table *hosts;
};

/* The TTLs seen of a host; 0: none yet. */
struct host {
    uint8_t low, high;
};

static const struct setting ttl_change_settings[] = {
    {"hops", SETTING_COUNT, offsetof(struct ttl_change, hops), "5",
     "a larger distance between two TTLs is a change"},
    {0},
};

static void ttl_change_open(struct detecting *d)
{
    struct ttl_change *watch = d->state;
    watch->hosts = detecting_table(d, HOSTS_MAX, sizeof(struct address), sizeof(struct host));
}

static void report(struct detecting *d, const struct observation *seen,
                   const struct address *address, const struct host *host)
{
    struct claim claim = {
        .subject.client = *address,
        .severity = SEVERITY_LOW,
        .confidence = 50,
        .actor = address,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char words[ADDRESS_TEXT_SIZE];
    if (!finding)
        return;
    finding_title(finding, "Packets from %s have different TTLs", address_text(address, words));
    finding_why(finding,
                "between %u and %u; a stack begins at 32, 64, 128 or 255, and stays with "
                "it",
                host->low, host->high);
}

static void look(struct detecting *d, const struct observation *seen, const struct address *address,
                 const struct flow_side *side)
{
    struct ttl_change *watch = d->state;
    if (side->packets == 0 || side->ttl_max == 0)
        return;
    struct host *host = keyed_table_find_or_add(watch->hosts, address, NULL);
    bool is_first = host->high == 0;
    struct host before = *host;
    if (is_first || side->ttl_min < host->low)
        host->low = side->ttl_min;
    if (side->ttl_max > host->high)
        host->high = side->ttl_max;
    bool has_changed = is_first || host->low != before.low || host->high != before.high;
    if (has_changed && (uint64_t)(host->high - host->low) > watch->hops)
        report(d, seen, address, host);
}

static void ttl_change_on_flow(struct detecting *d, const struct observation *seen)
{
    if (seen->is_continued)
        return;
    look(d, seen, &seen->client, &seen->flow->sides[TO_RESPONDER]);
    look(d, seen, &seen->server, &seen->flow->sides[TO_INITIATOR]);
}

const struct detector ttl_change_detector = {
    .name = "ttl-change",
    .help = "packets from one address with different TTLs",
    .signature_id = 1540024,
    .attack_id = "T1090",
    .attack_name = "Proxy",
    .next = "Ask whether a load balancer or a failover pair uses the address; else look for what "
            "sends in its name.",
    .state_size = sizeof(struct ttl_change),
    .settings = ttl_change_settings,
    .open = ttl_change_open,
    .on_flow = ttl_change_on_flow,
};
