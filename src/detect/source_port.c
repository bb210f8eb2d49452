/* SPDX-License-Identifier: Apache-2.0
 *
 * A watched port on the side of the initiator, towards another service: old filters let in what
 * comes "from" a trusted port, and scanners offer it as an option (nmap --source-port). Only a SYN
 * proves who began; with UDP, that the watched port's side spoke first to a system port. The same
 * port on both sides is how symmetrical daemons talk. False alarms: address translators with low
 * ports; spoofed floods have random source ports, so a lone SYN without answer only informs.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

enum { SYSTEM_PORTS = 1024 };

/* What the flow says, whichever way it was oriented. */
struct abuse {
    const struct endpoint *client, *server;
    bool is_answered;
};

static bool is_tcp_abuse(const struct observation *seen, struct abuse *abuse)
{
    const struct flow *flow = seen->flow;
    *abuse = (struct abuse){&flow->initiator, &flow->responder, seen->is_answered};
    return seen->is_stray && seen->protocol == TRANSPORT_TCP &&
           flow->orientation == ORIENTED_BY_SYN;
}

/* A UDP flow is oriented towards its watched port. Who spoke first then? */
static bool is_udp_abuse(const struct observation *seen, struct abuse *abuse)
{
    const struct flow *flow = seen->flow;
    const struct flow_side *to_watched = &flow->sides[TO_RESPONDER];
    const struct flow_side *from_watched = &flow->sides[TO_INITIATOR];
    *abuse = (struct abuse){&flow->responder, &flow->initiator, to_watched->packets > 0};
    return seen->is_watched && seen->protocol == TRANSPORT_UDP && !seen->is_continued &&
           flow->orientation == ORIENTED_BY_WATCHED_PORT && flow->initiator.port < SYSTEM_PORTS &&
           to_watched->packets > 0 && from_watched->packets > 0 &&
           from_watched->first_ns < to_watched->first_ns;
}

static void source_port_on_flow(struct detecting *d, const struct observation *seen)
{
    struct abuse abuse;
    if (!is_tcp_abuse(seen, &abuse) && !is_udp_abuse(seen, &abuse))
        return;
    const struct claim claim = {
        .subject = {.server = abuse.server->address,
                    .port = abuse.client->port,
                    .protocol = seen->protocol},
        .severity = !abuse.is_answered                  ? SEVERITY_INFO
                    : abuse.server->port < SYSTEM_PORTS ? SEVERITY_MEDIUM
                                                        : SEVERITY_LOW,
        .confidence = abuse.is_answered ? 85 : 40,
        .actor = &abuse.client->address,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char client[ADDRESS_TEXT_SIZE], server[ADDRESS_TEXT_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s goes from port %u to %s %s %u",
                  address_text(&abuse.client->address, client), abuse.client->port,
                  address_text(&abuse.server->address, server), transport_name(seen->protocol),
                  abuse.server->port);
    finding_why(finding, "a watched port on the initiator's side is chosen, not given out by "
                         "chance");
    finding_why(finding, abuse.is_answered ? "the service answered" : "nothing was answered");
}

const struct detector source_port_detector = {
    .name = "source-port",
    .help = "a watched port on the initiator's side, to another service",
    .signature_id = 1540009,
    .attack_id = "T1205",
    .attack_name = "Traffic Signaling",
    .next = "Look for filters that trust this source port, and for the program on the client.",
    .looks_early = true,
    .on_flow = source_port_on_flow,
};
