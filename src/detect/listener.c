/* SPDX-License-Identifier: Apache-2.0
 *
 * Somebody answers on a port that should be dormant. A TCP service is there when it sent SYN-ACK,
 * or data in a conversation whose beginning was not seen; a UDP service when it answered. What the
 * site policy allows, or the baseline knows, is no news. False alarms: SYN proxies and tarpits that
 * answer for every port.
 */
#include "detect/baseline.h"
#include "detect/detector_types.h"
#include "detect/words.h"

static unsigned confidence_in(const struct observation *seen)
{
    if (seen->protocol != TRANSPORT_TCP)
        return 80;
    return seen->flow->sides[TO_INITIATOR].payload_bytes > 0 ? 95 : 90;
}

static void explain(struct finding *finding, const struct observation *seen)
{
    char where[WORDS_SIZE], client[ADDRESS_TEXT_SIZE], policy[WORDS_SIZE];
    const struct flow_side *side = &seen->flow->sides[TO_INITIATOR];
    finding_title(finding, "%s answers", server_words(seen, where));
    finding_why(finding, "it sent %s to %s",
                side->tcp_flags & TCP_SYN ? "SYN-ACK"
                : side->payload_bytes > 0 ? "data"
                                          : "an answer",
                address_text(&seen->client, client));
    if (seen->is_forbidden)
        finding_why(finding, "%s", policy_words(seen, policy));
}

static void listener_on_flow(struct detecting *d, const struct observation *seen)
{
    if (!seen->is_watched || !seen->is_answered || seen->is_allowed)
        return;
    if (baseline_knows_listener(d->baseline, seen))
        return;
    const struct claim claim = {
        .subject = subject_of_server(seen),
        .severity = seen->is_forbidden || d->baseline ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = confidence_in(seen),
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (finding)
        explain(finding, seen);
}

const struct detector listener_detector = {
    .name = "listener",
    .help = "a host answers on a watched port",
    .signature_id = 1540001,
    .attack_id = "T1571",
    .attack_name = "Non-Standard Port",
    .next = "Name the program behind the port on that host ('ss -tulpn', or portscope listeners), "
            "and compare with the site policy.",
    .looks_early = true,
    .on_flow = listener_on_flow,
};
