/* SPDX-License-Identifier: Apache-2.0
 *
 * A client that binds a port below 1024 needed privilege for it, and wanted the port: some filters
 * trust low source ports, some old services (NFS, rsh) did. The same watched port on both sides is
 * how symmetrical daemons talk, and no finding. False alarms: address translators that keep low
 * ports.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

enum { PRIVILEGED_PORTS = 1024 };

static void privileged_client_on_flow(struct detecting *d, const struct observation *seen)
{
    uint16_t port = seen->flow->initiator.port;
    /* Who sent first is known for certain only with TCP's SYN. */
    bool is_certain =
        seen->flow->orientation == ORIENTED_BY_SYN ||
        (seen->protocol == TRANSPORT_UDP && seen->flow->sides[TO_RESPONDER].packets > 0 &&
         seen->is_answered &&
         seen->flow->sides[TO_RESPONDER].first_ns <= seen->flow->sides[TO_INITIATOR].first_ns);
    if (!seen->is_watched || seen->is_allowed || !is_certain || port >= PRIVILEGED_PORTS ||
        port == seen->port)
        return;
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = SEVERITY_LOW,
        .confidence = 70,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (!finding)
        return;
    char pair[WORDS_SIZE];
    finding_title(finding, "%s from the privileged port %u", pair_words(seen, pair), port);
    finding_why(finding, "ports below 1024 are not given out by chance: a program with privilege "
                         "asked for this one");
}

const struct detector privileged_client_detector = {
    .name = "privileged-client",
    .help = "a client port below 1024 towards a watched port",
    .signature_id = 1540004,
    .attack_id = "T1205",
    .attack_name = "Traffic Signaling",
    .next = "Name the program on the client; look for filters that trust low source ports.",
    .looks_early = true,
    .on_flow = privileged_client_on_flow,
};
