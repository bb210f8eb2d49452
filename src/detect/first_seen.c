/* SPDX-License-Identifier: Apache-2.0
 *
 * A pair that the baseline does not know: this client never took part in an answered conversation
 * with this service in the captures that were learnt from. Needs a baseline. False alarms:
 * addresses that DHCP gives out anew; a baseline learnt from too little.
 */
#include "detect/baseline.h"
#include "detect/detector_types.h"
#include "detect/words.h"

static void first_seen_on_flow(struct detecting *d, const struct observation *seen)
{
    if (!d->baseline || !seen->is_watched || !seen->is_answered || seen->is_allowed ||
        baseline_knows_pair(d->baseline, seen))
        return;
    bool is_known_service = baseline_knows_listener(d->baseline, seen);
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = SEVERITY_LOW,
        .confidence = is_known_service ? 80 : 90,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s is new", pair_words(seen, pair));
    finding_why(finding, "of %zu pairs and %zu services in the baseline, this is none",
                baseline_pairs(d->baseline), baseline_services(d->baseline));
    finding_why(finding, is_known_service ? "the service itself is known"
                                          : "the service itself is new as well");
}

const struct detector first_seen_detector = {
    .name = "first-seen",
    .help = "a pair that the baseline does not know",
    .signature_id = 1540014,
    .attack_id = "T1071",
    .attack_name = "Application Layer Protocol",
    .next = "Ask who set this up; if it is right, learn it: portscope learn FILE -o BASELINE.",
    .looks_early = true,
    .on_flow = first_seen_on_flow,
};
