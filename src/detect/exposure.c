/* SPDX-License-Identifier: Apache-2.0
 *
 * A watched port across the border of the home networks. That an inside host answered an outside
 * one is worse than that somebody tried; inside clients of outside servers may carry data out. All
 * outside hosts of one inside host and port are one finding. When both sides are foreign it is not
 * our border. False alarms: public addresses used inside; name them under `home` in the site
 * policy.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

enum crossing { INBOUND, OUTBOUND };

static const struct {
    enum severity answered, tried;
    const char *attack_id;
    const char *title_answered, *title_tried;
} crossings[] = {
    [INBOUND] = {SEVERITY_HIGH, SEVERITY_LOW, "T1133", "answers hosts outside",
                 "is asked from outside"},
    [OUTBOUND] = {SEVERITY_MEDIUM, SEVERITY_LOW, "T1048", "is answered by hosts outside",
                  "asks hosts outside"},
};

static void explain(struct finding *finding, const struct observation *seen, enum crossing way)
{
    char inside[ADDRESS_TEXT_SIZE], outside[ADDRESS_TEXT_SIZE], port[WORDS_SIZE];
    bool is_inbound = way == INBOUND;
    address_text(is_inbound ? &seen->server : &seen->client, inside);
    address_text(is_inbound ? &seen->client : &seen->server, outside);
    finding->attack_id = crossings[way].attack_id;
    finding->attack_name =
        is_inbound ? "External Remote Services" : "Exfiltration Over Alternative Protocol";
    finding_title(finding, "%s %s on %s", inside,
                  seen->is_answered ? crossings[way].title_answered : crossings[way].title_tried,
                  port_words(seen, port));
    finding_why(finding, "%s is not in the home networks", outside);
    if (!seen->is_answered)
        finding_why(finding, "nothing was answered");
    if (seen->is_forbidden)
        finding_why(finding, "%s", policy_words(seen, port));
}

static void exposure_on_flow(struct detecting *d, const struct observation *seen)
{
    if (!seen->is_watched || seen->is_allowed || seen->is_to_group ||
        seen->client_is_home == seen->server_is_home)
        return;
    enum crossing way = seen->server_is_home ? INBOUND : OUTBOUND;
    struct claim claim = {
        .subject = {.port = seen->port, .protocol = seen->protocol, .detail = way},
        .severity = seen->is_answered ? crossings[way].answered : crossings[way].tried,
        .confidence = 85,
    };
    *(way == INBOUND ? &claim.subject.server : &claim.subject.client) =
        way == INBOUND ? seen->server : seen->client;
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (finding)
        explain(finding, seen, way);
}

const struct detector exposure_detector = {
    .name = "exposure",
    .help = "a watched port across the border of the home networks",
    .signature_id = 1540008,
    .attack_id = "T1133",
    .attack_name = "External Remote Services",
    .next =
        "Close the port at the border unless somebody can say why it is open; then look at what "
        "went through.",
    .looks_early = true,
    .on_flow = exposure_on_flow,
};
