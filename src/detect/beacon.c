/* SPDX-License-Identifier: Apache-2.0
 *
 * A client that comes back like clockwork. RITA's score (beacon_score.h) over the last 256
 * conversations of a pair; failed attempts are left out, since retries look like perfect beacons,
 * and so is what the site policy allows: a poll on netcp is meant to be regular (the heartbeat
 * detectors look after those). Two gates keep people out: enough conversations, and gaps that
 * differ little from their median, which a Poisson process never does. False alarms: pollers, time
 * servers and monitoring that the policy does not know yet; without a policy the severity stays
 * low.
 */
#include "base/timestamp.h"
#include "detect/beacon_score.h"
#include "detect/detector_types.h"
#include "detect/pulse.h"
#include "detect/words.h"

#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = 1024 };

#define EVALUATE_EACH_NS (3600 * NS_PER_S)

struct beacon {
    uint64_t events;
    double score, dispersion;
    int64_t gap_ns;
    struct keyed_table *pairs;
    int64_t begin_ns, end_ns; /* of everything seen */
    int64_t next_ns;          /* live: when to look again */
    bool has_begun;
};

struct event {
    int64_t at_ns;
    uint64_t flow_id;
    uint32_t bytes;
};

/* The last conversations of a pair, in a ring. */
struct pair {
    uint64_t count;
    bool is_forbidden;
    bool leaves_out; /* more beats of a flow than it has kept */
    const struct service *service;
    struct event events[BEACON_EVENTS_MAX];
};

static const struct setting beacon_settings[] = {
    {"events", SETTING_COUNT, offsetof(struct beacon, events), "12",
     "conversations before anything is said"},
    {"score", SETTING_NUMBER, offsetof(struct beacon, score), "0.7", "RITA's score, 0 to 1"},
    {"dispersion", SETTING_NUMBER, offsetof(struct beacon, dispersion), "0.35",
     "median distance from the median gap, as a part of it, at most"},
    {"gap", SETTING_DURATION, offsetof(struct beacon, gap_ns), "100ms",
     "a median gap below that is one job's work, not a beacon"},
    {0},
};

static void beacon_open(struct detecting *d)
{
    struct beacon *beacon = d->state;
    beacon->pairs = detecting_table(d, PAIRS_MAX, sizeof(struct subject), sizeof(struct pair));
}

/* A flood's half-open connections and a scanner's are regular as well. */
static bool is_conversation(const struct observation *seen)
{
    const struct flow_side *client = &seen->flow->sides[TO_RESPONDER];
    if (seen->protocol != TRANSPORT_TCP)
        return client->packets > 0;
    return !seen->is_failed && client->tcp_flags & TCP_ACK;
}

static void note_time(struct beacon *beacon, const struct flow *flow)
{
    if (!beacon->has_begun || flow->first_ns < beacon->begin_ns)
        beacon->begin_ns = flow->first_ns;
    if (!beacon->has_begun || flow->last_ns > beacon->end_ns)
        beacon->end_ns = flow->last_ns;
    beacon->has_begun = true;
}

static uint32_t bytes_each(const struct flow *flow)
{
    uint64_t bytes = flow->sides[TO_RESPONDER].payload_bytes / (flow->beat_count + 1);
    return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}

static void beacon_on_flow(struct detecting *d, const struct observation *seen)
{
    struct beacon *beacon = d->state;
    const struct flow *flow = seen->flow;
    int64_t times_ns[PULSE_TIMES_MAX];
    note_time(beacon, flow);
    if (!seen->is_watched || seen->is_allowed || !is_conversation(seen))
        return;
    size_t count = pulse_times(flow, times_ns);
    if (count == 0)
        return;
    const struct subject subject = subject_of_pair(seen);
    struct pair *pair = keyed_table_find_or_add(beacon->pairs, &subject, NULL);
    for (size_t i = 0; i < count; i++)
        pair->events[pair->count++ % BEACON_EVENTS_MAX] =
            (struct event){times_ns[i], flow->id, bytes_each(flow)};
    pair->is_forbidden = seen->is_forbidden;
    pair->leaves_out |= flow->beat_count > FLOW_BEATS;
    pair->service = seen->record->classification.assigned;
}

static int compare_events(const void *a, const void *b)
{
    const struct event *left = a;
    const struct event *right = b;
    return (left->at_ns > right->at_ns) - (left->at_ns < right->at_ns);
}

static double seconds(int64_t time_ns, int64_t origin_ns)
{
    return (double)(time_ns - origin_ns) / (double)NS_PER_S;
}

/* The score of the pair, and its events in order of time. What is not known any more is not looked
 * at. */
static struct beacon_score score_of(const struct beacon *beacon, const struct pair *pair,
                                    struct event events[BEACON_EVENTS_MAX], size_t *count)
{
    struct beacon_event rows[BEACON_EVENTS_MAX];
    bool is_cut = pair->count > BEACON_EVENTS_MAX;
    *count = is_cut ? BEACON_EVENTS_MAX : (size_t)pair->count;
    memcpy(events, pair->events, *count * sizeof *events);
    qsort(events, *count, sizeof *events, compare_events);
    int64_t origin_ns = events[0].at_ns;
    for (size_t i = 0; i < *count; i++)
        rows[i] = (struct beacon_event){seconds(events[i].at_ns, origin_ns), events[i].bytes};
    bool is_part = is_cut || pair->leaves_out;
    double begin_s = is_part ? 0 : seconds(beacon->begin_ns, origin_ns);
    double end_s = is_part ? rows[*count - 1].at_s : seconds(beacon->end_ns, origin_ns);
    return beacon_score_of(rows, *count, begin_s, end_s);
}

static enum severity severity_of(const struct pair *pair, const struct beacon_score *score)
{
    bool is_strong = score->total >= 0.8 && pair->count >= 20;
    if (pair->is_forbidden)
        return is_strong ? SEVERITY_HIGH : SEVERITY_MEDIUM;
    return is_strong ? SEVERITY_MEDIUM : SEVERITY_LOW;
}

static void explain(struct finding *finding, const struct subject *subject,
                    const struct beacon_score *score)
{
    char client[ADDRESS_TEXT_SIZE], server[ADDRESS_TEXT_SIZE], gap[TIMESTAMP_TEXT_SIZE];
    finding_title(finding, "%s comes back to %s on %s %u every %s",
                  address_text(&subject->client, client), address_text(&subject->server, server),
                  transport_name(subject->protocol), subject->port,
                  duration_human((int64_t)(score->median_gap_s * 1000 + 0.5) * NS_PER_MS, gap));
    finding_why(finding, "beacon score %.3f: timing %.3f, sizes %.3f, duration %.3f", score->total,
                score->timing, score->sizes, score->duration);
    if (score->has_histogram)
        finding_why(finding, "spread over the time looked at: %.3f", score->histogram);
    else
        finding_why(finding, "too few conversations for their spread over time to count");
    finding_why(finding, "gaps differ from their median by %.0f %%", score->dispersion * 100);
}

static void raise_pair(struct detecting *d, const struct pair *pair, const struct subject *subject)
{
    const struct beacon *beacon = d->state;
    struct event events[BEACON_EVENTS_MAX];
    size_t count;
    if (pair->count < beacon->events)
        return;
    struct beacon_score score = score_of(beacon, pair, events, &count);
    if (score.total < beacon->score || score.dispersion > beacon->dispersion ||
        score.median_gap_s * (double)NS_PER_S < (double)beacon->gap_ns)
        return;
    const struct claim claim = {
        .subject = *subject,
        .severity = severity_of(pair, &score),
        .confidence = (unsigned)(score.total * 95),
        .is_rewritten = true,
        .actor = &subject->client,
    };
    struct finding *finding = detecting_raise(d, NULL, &claim);
    if (!finding)
        return;
    if (finding->count == 0)
        finding->first_ns = events[0].at_ns;
    finding->last_ns = events[count - 1].at_ns;
    finding->count = pair->count;
    finding->service = pair->service ? pair->service->name : NULL;
    finding_add_host(finding, &subject->client);
    finding_add_host(finding, &subject->server);
    for (size_t i = 0; i < count; i++)
        finding_add_flow(finding, events[i].flow_id);
    explain(finding, subject, &score);
}

static void beacon_on_end(struct detecting *d, int64_t now_ns)
{
    struct beacon *beacon = d->state;
    struct pair *pair = keyed_table_oldest(beacon->pairs);
    (void)now_ns;
    for (; pair; pair = keyed_table_younger(beacon->pairs, pair))
        raise_pair(d, pair, keyed_table_key(beacon->pairs, pair));
}

static void beacon_on_tick(struct detecting *d, int64_t now_ns)
{
    struct beacon *beacon = d->state;
    if (now_ns < beacon->next_ns)
        return;
    beacon->next_ns = now_ns + EVALUATE_EACH_NS;
    beacon_on_end(d, now_ns);
}

const struct detector beacon_detector = {
    .name = "beacon",
    .help = "a client that comes back like clockwork, and is not allowed to",
    .signature_id = 1540016,
    .attack_id = "T1071",
    .attack_name = "Application Layer Protocol",
    .next = "Name the program on the client; if it is a poller that belongs there, allow it in the "
            "site policy.",
    .state_size = sizeof(struct beacon),
    .settings = beacon_settings,
    .open = beacon_open,
    .on_flow = beacon_on_flow,
    .on_tick = beacon_on_tick,
    .on_end = beacon_on_end,
};
