/* SPDX-License-Identifier: Apache-2.0
 *
 * The site policy does not allow it: an entry forbids it, or no entry matches. Needs a policy.
 * False alarms: a policy that is out of date; entries that nothing used are told at the end of a
 * run.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

static enum severity severity_of(const struct observation *seen)
{
    bool is_express = seen->rule != NULL;
    if (!seen->is_answered)
        return is_express ? SEVERITY_MEDIUM : SEVERITY_LOW;
    return is_express ? SEVERITY_HIGH : SEVERITY_MEDIUM;
}

static void unexpected_peer_on_flow(struct detecting *d, const struct observation *seen)
{
    if (!seen->is_watched || !seen->is_forbidden)
        return;
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = severity_of(seen),
        .confidence = 90,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE], policy[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s is not allowed", pair_words(seen, pair));
    finding_why(finding, "%s", policy_words(seen, policy));
    finding_why(finding, seen->is_answered ? "it was answered" : "nothing was answered");
}

const struct detector unexpected_peer_detector = {
    .name = "unexpected-peer",
    .help = "traffic that the site policy does not allow",
    .signature_id = 1540013,
    .attack_id = "T1210",
    .attack_name = "Exploitation of Remote Services",
    .next = "Ask the owner of the client what it wants there; allow it in the policy, with a "
            "comment, or stop it.",
    .looks_early = true,
    .on_flow = unexpected_peer_on_flow,
};
