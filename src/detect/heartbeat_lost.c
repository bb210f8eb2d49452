/* SPDX-License-Identifier: Apache-2.0
 *
 * An allowed pair that came regularly and stopped. Silence is too long beyond three periods, or six
 * deviations above one; "now" is the clock of a live capture, or the last packet of a saved one. It
 * matters between known components (site policy); other hosts come and go, so that only informs,
 * and so does a pause that ended. Who comes by chance has no heartbeat. False alarms: gaps in the
 * capture itself.
 */
#include "base/timestamp.h"
#include "detect/detector_types.h"
#include "detect/pulse.h"

enum { PAIRS_MAX = 4096, PAUSED = 1, LOST = 0 };

struct pair {
    struct pulse pulse;
    uint64_t flow_id; /* of the latest beat */
};

struct heartbeat_lost {
    uint64_t gaps;
    struct keyed_table *pairs;
};

static const struct setting heartbeat_lost_settings[] = {
    {"gaps", SETTING_COUNT, offsetof(struct heartbeat_lost, gaps), "8",
     "gaps before there is a rhythm"},
    {0},
};

static void heartbeat_lost_open(struct detecting *d)
{
    struct heartbeat_lost *watch = d->state;
    watch->pairs = detecting_table(d, PAIRS_MAX, sizeof(struct subject), sizeof(struct pair));
}

static bool is_too_long(const struct heartbeat_lost *watch, const struct rhythm *rhythm,
                        double silence_s)
{
    return rhythm->gaps >= watch->gaps && rhythm_is_regular(rhythm) &&
           silence_s > rhythm_patience_s(rhythm);
}

/* Whether there were more beats before number `index` than the flow has kept. */
static bool leaves_beats_out(const struct flow *flow, size_t index)
{
    return index == 0 && flow->beat_count > FLOW_BEATS;
}

static void explain(struct finding *finding, const struct subject *subject,
                    const struct rhythm *rhythm, double silence_s)
{
    char client[ADDRESS_TEXT_SIZE], server[ADDRESS_TEXT_SIZE], words[TIMESTAMP_TEXT_SIZE];
    finding_title(finding, "%s %s %s on %s %u", address_text(&subject->client, client),
                  subject->detail == PAUSED ? "paused towards" : "fell silent towards",
                  address_text(&subject->server, server), transport_name(subject->protocol),
                  subject->port);
    finding_why(finding, "it came every %s",
                duration_human((int64_t)(rhythm->median_s * 1000) * NS_PER_MS, words));
    finding_why(finding, "and was silent for %s",
                duration_human((int64_t)(silence_s * 1000) * NS_PER_MS, words));
}

static void report_pause(struct detecting *d, const struct observation *seen,
                         const struct rhythm *rhythm, double gap_s)
{
    struct subject subject = subject_of_pair(seen);
    subject.detail = PAUSED;
    const struct claim claim = {.subject = subject, .severity = SEVERITY_INFO, .confidence = 80};
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (finding)
        explain(finding, &subject, rhythm, gap_s);
}

static void heartbeat_lost_on_flow(struct detecting *d, const struct observation *seen)
{
    struct heartbeat_lost *watch = d->state;
    int64_t times_ns[PULSE_TIMES_MAX];
    if (!seen->is_watched || !seen->is_allowed ||
        (seen->is_failed && seen->protocol != TRANSPORT_UDP))
        return;
    const struct subject subject = subject_of_pair(seen);
    struct pair *pair = keyed_table_find_or_add(watch->pairs, &subject, NULL);
    size_t count = pulse_times(seen->flow, times_ns);
    pair->flow_id = seen->flow->id;
    for (size_t i = 0; i < count; i++) {
        struct rhythm rhythm = pulse_rhythm(&pair->pulse, 0, PULSE_GAPS);
        double gap_s = pulse_beat(&pair->pulse, times_ns[i]);
        if (is_too_long(watch, &rhythm, gap_s) && !leaves_beats_out(seen->flow, i))
            report_pause(d, seen, &rhythm, gap_s);
    }
}

static void check(struct detecting *d, const struct pair *pair, const struct subject *subject,
                  int64_t now_ns)
{
    const struct heartbeat_lost *watch = d->state;
    const struct pulse *pulse = &pair->pulse;
    double silence_s = (double)(now_ns - pulse->last_ns) / (double)NS_PER_S;
    struct rhythm rhythm = pulse_rhythm(pulse, 0, PULSE_GAPS);
    if (!is_too_long(watch, &rhythm, silence_s))
        return;
    const struct network_list *components = &d->site->components;
    bool is_component = network_list_holds(components, &subject->client) &&
                        network_list_holds(components, &subject->server);
    const struct claim claim = {
        .subject = *subject,
        .severity = is_component ? SEVERITY_MEDIUM : SEVERITY_INFO,
        .confidence = 80,
        .is_rewritten = true,
        .actor = &subject->client,
    };
    struct finding *finding = detecting_raise(d, NULL, &claim);
    if (!finding)
        return;
    finding->count = 1;
    finding->first_ns = finding->last_ns = pulse->last_ns;
    finding_add_host(finding, &subject->client);
    finding_add_host(finding, &subject->server);
    finding_add_flow(finding, pair->flow_id);
    explain(finding, subject, &rhythm, silence_s);
}

static void heartbeat_lost_on_end(struct detecting *d, int64_t now_ns)
{
    const struct heartbeat_lost *watch = d->state;
    struct pair *pair = keyed_table_oldest(watch->pairs);
    for (; pair; pair = keyed_table_younger(watch->pairs, pair))
        check(d, pair, keyed_table_key(watch->pairs, pair), now_ns);
}

const struct detector heartbeat_lost_detector = {
    .name = "heartbeat-lost",
    .help = "an allowed pair that came regularly and stopped",
    .signature_id = 1540017,
    .attack_id = "T1562",
    .attack_name = "Impair Defenses",
    .next = "Check that the component is alive and that nothing filters it on the way.",
    .state_size = sizeof(struct heartbeat_lost),
    .settings = heartbeat_lost_settings,
    .open = heartbeat_lost_open,
    .on_flow = heartbeat_lost_on_flow,
    .on_tick = heartbeat_lost_on_end,
    .on_end = heartbeat_lost_on_end,
};
