/* SPDX-License-Identifier: Apache-2.0
 *
 * Another protocol than the assigned one speaks on a watched port: the verdict `masquerade`, which
 * classify/ gives only when a second packet, the other direction or a structural check agrees. One
 * dissector's word alone is a guess and no finding. False alarms: a site that moved a service there
 * on purpose; say so in the site's rules (`expects`).
 */
#include "detect/detector_types.h"
#include "detect/words.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

/* With these somebody works on the host, or goes on from there. */
static bool gives_control(const struct flow_record *record)
{
    static const char *const names[] = {
        "SSH",     "Telnet",    "RDP", "VNC", "TeamViewer", "AnyDesk",    "SOCKS",
        "OpenVPN", "WireGuard", "IRC", "Tor", "RSYNC",      "HTTP_Proxy", "HTTP_Connect"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(record->detection.protocol, names[i]) == 0)
            return true;
    }
    return false;
}

static unsigned confidence_in(const struct detection *detection)
{
    static const unsigned by_evidence[EVIDENCES] = {
        [EVIDENCE_OTHER_DIRECTION] = 95,
        [EVIDENCE_SECOND_PACKET] = 85,
        [EVIDENCE_STRUCTURE] = 90,
    };
    return by_evidence[detection->evidence];
}

static void explain(struct finding *finding, const struct observation *seen)
{
    const struct classification *classification = &seen->record->classification;
    char where[WORDS_SIZE], name[DETECTION_NAME_SIZE * 2], why[FINDING_TEXT_SIZE];
    finding_title(finding, "%s speaks %s", server_words(seen, where),
                  text_printable(seen->record->detection.name, name, sizeof name));
    for (size_t i = 0; i < classification->why_count; i++)
        finding_why(finding, "%s", text_printable(classification->why[i], why, sizeof why));
}

static void masquerade_on_flow(struct detecting *d, const struct observation *seen)
{
    if (!seen->is_watched || seen->record->classification.verdict != VERDICT_MASQUERADE)
        return;
    struct claim claim = {
        .subject = subject_of_server(seen),
        .severity = gives_control(seen->record) ? SEVERITY_HIGH : SEVERITY_MEDIUM,
        .confidence = confidence_in(&seen->record->detection),
    };
    claim.subject.detail = subject_detail(seen->record->detection.protocol);
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (finding)
        explain(finding, seen);
}

const struct detector masquerade_detector = {
    .name = "masquerade",
    .help = "another protocol than the assigned one, corroborated",
    .signature_id = 1540002,
    .attack_id = "T1571",
    .attack_name = "Non-Standard Port",
    .next = "Ask the owner of the host why this protocol runs here; without an owner treat it as a "
            "service that hides, and keep the host's state before you stop it.",
    .looks_early = true,
    .on_flow = masquerade_on_flow,
};
