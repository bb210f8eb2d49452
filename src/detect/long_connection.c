/* SPDX-License-Identifier: Apache-2.0
 *
 * A connection that stays open for hours where the site policy allows none: tunnels and shells do.
 * RITA's steps are 1, 4, 8 and 12 hours; a severity begins with the second. Records of one
 * connection that an active time-out divided are added up. False alarms: control sessions, which
 * are meant to be long: allow them in the policy.
 */
#include "base/timestamp.h"
#include "detect/detector_types.h"
#include "detect/words.h"

enum { PAIRS_MAX = 4096 };

struct long_connection {
    int64_t low_ns, medium_ns;
    struct keyed_table *flows;
};

/* Which connection, and how long it has been open in earlier records. */
struct connection_key {
    struct endpoint client, server;
    uint8_t protocol, zero;
};

static const struct setting long_connection_settings[] = {
    {"low", SETTING_DURATION, offsetof(struct long_connection, low_ns), "4h", "severity low from"},
    {"medium", SETTING_DURATION, offsetof(struct long_connection, medium_ns), "8h",
     "severity medium from"},
    {0},
};

static void long_connection_open(struct detecting *d)
{
    struct long_connection *watch = d->state;
    watch->flows = detecting_table(d, PAIRS_MAX, sizeof(struct connection_key), sizeof(int64_t));
}

/* Only what goes on is remembered. */
static int64_t open_for(struct long_connection *watch, const struct observation *seen)
{
    const struct flow *flow = seen->flow;
    const struct connection_key key = {flow->initiator, flow->responder, seen->protocol, 0};
    int64_t *before = keyed_table_find(watch->flows, &key);
    int64_t duration_ns = flow_duration_ns(flow);
    if (before && seen->is_continued && __builtin_add_overflow(duration_ns, *before, &duration_ns))
        duration_ns = INT64_MAX;
    if (flow->end == FLOW_ACTIVE_TIMEOUT)
        *(int64_t *)keyed_table_find_or_add(watch->flows, &key, NULL) = duration_ns;
    else if (before)
        keyed_table_remove(watch->flows, &key);
    return duration_ns;
}

static void long_connection_on_flow(struct detecting *d, const struct observation *seen)
{
    struct long_connection *watch = d->state;
    if (!seen->is_watched || seen->is_allowed || !seen->is_answered)
        return;
    int64_t open_ns = open_for(watch, seen);
    if (open_ns < watch->low_ns)
        return;
    enum severity severity = open_ns >= watch->medium_ns ? SEVERITY_MEDIUM : SEVERITY_LOW;
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = severity + (seen->is_forbidden ? 1U : 0U),
        .confidence = 85,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE], duration[TIMESTAMP_TEXT_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s open for %s", pair_words(seen, pair),
                  duration_human(open_ns, duration));
    finding_why(finding, "a tunnel or a shell stays open; %s",
                seen->is_forbidden ? "the site policy does not allow this one"
                                   : "only a site policy can tell it from a control session");
}

const struct detector long_connection_detector = {
    .name = "long-connection",
    .help = "a connection that stays open for hours, and is not allowed to",
    .signature_id = 1540019,
    .attack_id = "T1572",
    .attack_name = "Protocol Tunneling",
    .next = "Name the programs on both ends; look at how the bytes are spread over time.",
    .state_size = sizeof(struct long_connection),
    .settings = long_connection_settings,
    .open = long_connection_open,
    .on_flow = long_connection_on_flow,
};
