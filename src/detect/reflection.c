/* SPDX-License-Identifier: Apache-2.0
 *
 * A UDP service that answers far more than it is asked is an amplifier for whoever forges
 * addresses: bandwidth amplification factor, payload to the client over payload from it (US-CERT
 * TA14-017A). Answers that nobody asked for are the other end of it. False alarms: large legitimate
 * status replies, which the policy can allow inside; a capture of one direction, so answers without
 * questions are told with little confidence.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

enum { PAIRS_MAX = 4096 };

struct reflection {
    double factor;
    uint64_t packets;
    struct keyed_table *pairs;
};

struct pair {
    uint64_t asked_bytes, asked_packets, answered_bytes, answered_packets;
};

static const struct setting reflection_settings[] = {
    {"factor", SETTING_NUMBER, offsetof(struct reflection, factor), "10",
     "payload bytes answered for each asked"},
    {"packets", SETTING_COUNT, offsetof(struct reflection, packets), "10", "answers, at least"},
    {0},
};

static void reflection_open(struct detecting *d)
{
    struct reflection *watch = d->state;
    watch->pairs = detecting_table(d, PAIRS_MAX, sizeof(struct subject), sizeof(struct pair));
}

static void report(struct detecting *d, const struct observation *seen, const struct pair *pair)
{
    const struct reflection *watch = d->state;
    bool was_asked = pair->asked_packets > 0;
    bool leaves_home = seen->server_is_home && !seen->client_is_home;
    bool is_strong = pair->answered_bytes / 5 >= (uint64_t)watch->factor * pair->asked_bytes;
    struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = was_asked && (leaves_home || is_strong) ? SEVERITY_HIGH : SEVERITY_MEDIUM,
        .confidence = was_asked ? 85 : 50,
        .actor = &seen->server,
    };
    if (!was_asked) /* the victim is one, those who answer are many */
        claim.subject.server = (struct address){0};
    struct finding *finding = detecting_raise(d, seen, &claim);
    char where[WORDS_SIZE];
    if (!finding)
        return;
    if (was_asked) {
        finding_title(finding, "%s amplifies", server_words(seen, where));
        finding_why(finding, "%llu payload bytes answered for %llu asked: a factor of %.1f",
                    (unsigned long long)pair->answered_bytes, (unsigned long long)pair->asked_bytes,
                    (double)pair->answered_bytes / (double)(pair->asked_bytes + 1));
    } else {
        finding_title(finding, "%s answers what nobody asked", server_words(seen, where));
        finding_why(finding, "%llu answers, and no question was captured",
                    (unsigned long long)pair->answered_packets);
    }
}

static void reflection_on_flow(struct detecting *d, const struct observation *seen)
{
    struct reflection *watch = d->state;
    const struct flow_side *asked = &seen->flow->sides[TO_RESPONDER];
    const struct flow_side *answered = &seen->flow->sides[TO_INITIATOR];
    bool is_home = seen->client_is_home && seen->server_is_home;
    if (!seen->is_watched || seen->protocol != TRANSPORT_UDP || (seen->is_allowed && is_home))
        return;
    const struct subject subject = subject_of_pair(seen);
    struct pair *pair = keyed_table_find_or_add(watch->pairs, &subject, NULL);
    pair->asked_bytes += asked->payload_bytes;
    pair->asked_packets += asked->packets;
    pair->answered_bytes += answered->payload_bytes;
    pair->answered_packets += answered->payload_packets;
    if (pair->answered_packets >= watch->packets &&
        (double)pair->answered_bytes >= watch->factor * (double)pair->asked_bytes)
        report(d, seen, pair);
}

const struct detector reflection_detector = {
    .name = "reflection",
    .help = "a UDP service that answers far more than it is asked, or unasked",
    .signature_id = 1540023,
    .attack_id = "T1498.002",
    .attack_name = "Reflection Amplification",
    .next = "Close the port to those who need not ask; limit the rate of answers.",
    .state_size = sizeof(struct reflection),
    .settings = reflection_settings,
    .open = reflection_open,
    .on_flow = reflection_on_flow,
};
