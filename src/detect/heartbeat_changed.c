/* SPDX-License-Identifier: Apache-2.0
 *
 * An allowed pair that comes in another rhythm than before: the median of its latest eight gaps
 * lies more than a quarter, and more than six deviations, from the median of those before. Somebody
 * changed its settings, or something else speaks in its place. False alarms: adaptive polling.
 */
#include "base/timestamp.h"
#include "detect/detector_types.h"
#include "detect/pulse.h"

#include <math.h>

enum { PAIRS_MAX = 4096, LATEST = 8, BEFORE_MIN = 8 };

struct heartbeat_changed {
    double change;
    struct keyed_table *pairs;
};

static const struct setting heartbeat_changed_settings[] = {
    {"change", SETTING_NUMBER, offsetof(struct heartbeat_changed, change), "0.25",
     "of the period, at least"},
    {0},
};

static void heartbeat_changed_open(struct detecting *d)
{
    struct heartbeat_changed *watch = d->state;
    watch->pairs = detecting_table(d, PAIRS_MAX, sizeof(struct subject), sizeof(struct pulse));
}

static bool has_changed(const struct heartbeat_changed *watch, const struct rhythm *before,
                        const struct rhythm *latest)
{
    double change_s = fabs(latest->median_s - before->median_s);
    return before->gaps >= BEFORE_MIN && latest->gaps == LATEST && rhythm_is_regular(before) &&
           rhythm_is_regular(latest) && change_s > watch->change * before->median_s &&
           change_s > 6 * before->deviation_s;
}

/* Adds what the flow has of beats; true when the rhythm is another one by then. */
static bool feel(const struct heartbeat_changed *watch, struct pulse *pulse,
                 const struct flow *flow, struct rhythm *before, struct rhythm *latest)
{
    int64_t times_ns[PULSE_TIMES_MAX];
    size_t count = pulse_times(flow, times_ns);
    bool is_other = false;
    for (size_t i = 0; i < count && !is_other; i++) {
        pulse_beat(pulse, times_ns[i]);
        *latest = pulse_rhythm(pulse, 0, LATEST);
        *before = pulse_rhythm(pulse, LATEST, PULSE_GAPS);
        is_other = has_changed(watch, before, latest);
    }
    return is_other;
}

static void heartbeat_changed_on_flow(struct detecting *d, const struct observation *seen)
{
    struct heartbeat_changed *watch = d->state;
    if (!seen->is_watched || !seen->is_allowed ||
        (seen->is_failed && seen->protocol != TRANSPORT_UDP))
        return;
    const struct subject subject = subject_of_pair(seen);
    struct pulse *pulse = keyed_table_find_or_add(watch->pairs, &subject, NULL);
    struct rhythm latest, before;
    if (!feel(watch, pulse, seen->flow, &before, &latest))
        return;
    const struct claim claim = {.subject = subject, .severity = SEVERITY_LOW, .confidence = 75};
    struct finding *finding = detecting_raise(d, seen, &claim);
    *pulse = (struct pulse){.last_ns = pulse->last_ns, .beats = 1};
    if (!finding)
        return;
    char client[ADDRESS_TEXT_SIZE], server[ADDRESS_TEXT_SIZE];
    char then[TIMESTAMP_TEXT_SIZE], now[TIMESTAMP_TEXT_SIZE];
    finding_title(finding, "%s changed its rhythm towards %s on %s %u",
                  address_text(&subject.client, client), address_text(&subject.server, server),
                  transport_name(subject.protocol), subject.port);
    finding_why(finding, "it came every %s, and comes every %s now",
                duration_human((int64_t)(before.median_s * 1000) * NS_PER_MS, then),
                duration_human((int64_t)(latest.median_s * 1000) * NS_PER_MS, now));
}

const struct detector heartbeat_changed_detector = {
    .name = "heartbeat-changed",
    .help = "an allowed pair that comes in another rhythm than before",
    .signature_id = 1540018,
    .attack_id = "T1562",
    .attack_name = "Impair Defenses",
    .next = "Ask who changed the interval; compare the first payload bytes with those of before.",
    .state_size = sizeof(struct heartbeat_changed),
    .settings = heartbeat_changed_settings,
    .open = heartbeat_changed_open,
    .on_flow = heartbeat_changed_on_flow,
};
