/* SPDX-License-Identifier: Apache-2.0
 *
 * SCTP or DCCP on a port that is assigned on TCP and UDP: few firewalls and fewer monitors look at
 * them. False alarms: hardly any; telephone networks use SCTP, but not on these ports.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

static void odd_transport_on_flow(struct detecting *d, const struct observation *seen)
{
    if (seen->protocol == TRANSPORT_TCP || seen->protocol == TRANSPORT_UDP ||
        !transport_has_ports(seen->protocol) || seen->is_allowed)
        return;
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = seen->is_answered ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = 90,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (!finding)
        return;
    char pair[WORDS_SIZE];
    finding_title(finding, "%s", pair_words(seen, pair));
    finding_why(finding, "%s is not assigned on this port, and seldom filtered",
                transport_name(seen->protocol));
    finding_why(finding, seen->is_answered ? "it was answered" : "it was not answered");
}

const struct detector odd_transport_detector = {
    .name = "odd-transport",
    .help = "SCTP or DCCP on a watched port",
    .signature_id = 1540003,
    .attack_id = "T1095",
    .attack_name = "Non-Application Layer Protocol",
    .next = "Find the program on both hosts ('ss -S' lists SCTP); block the transport where nobody "
            "needs it.",
    .looks_early = true,
    .on_flow = odd_transport_on_flow,
};
