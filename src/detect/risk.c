/* SPDX-License-Identifier: Apache-2.0
 *
 * nDPI's risks on a watched port: clear-text credentials, exploits in requests, programs in
 * transfer, obsolete versions. Only where the protocol is more than one dissector's guess, since a
 * risk of a protocol that is not there is none. Left out: what only says that the port is unusual,
 * and what half of all honest traffic has. False alarms: nDPI's.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

#include <string.h>

static const struct {
    const char *name; /* as risk_name() */
    enum severity severity;
    const char *attack_id, *attack_name;
} risks[] = {
    {"clear-text-credentials", SEVERITY_MEDIUM, "T1040", "Network Sniffing"},
    {"possible-exploit", SEVERITY_HIGH, "T1210", "Exploitation of Remote Services"},
    {"url-possible-xss", SEVERITY_MEDIUM, "T1190", "Exploit Public-Facing Application"},
    {"url-possible-sql-injection", SEVERITY_HIGH, "T1190", "Exploit Public-Facing Application"},
    {"url-possible-rce-injection", SEVERITY_HIGH, "T1190", "Exploit Public-Facing Application"},
    {"binary-application-transfer", SEVERITY_HIGH, "T1570", "Lateral Tool Transfer"},
    {"malicious-ja3", SEVERITY_HIGH, "T1071", "Application Layer Protocol"},
    {"malicious-sha1-certificate", SEVERITY_HIGH, "T1071", "Application Layer Protocol"},
    {"risky-domain", SEVERITY_MEDIUM, "T1071", "Application Layer Protocol"},
    {"suspicious-dga-domain", SEVERITY_MEDIUM, "T1071", "Application Layer Protocol"},
    {"dns-suspicious-traffic", SEVERITY_MEDIUM, "T1572", "Protocol Tunneling"},
    {"desktop-or-file-sharing", SEVERITY_MEDIUM, "T1021", "Remote Services"},
    {"unsafe-protocol", SEVERITY_LOW, "T1040", "Network Sniffing"},
    {"smb-insecure-version", SEVERITY_LOW, "T1021", "Remote Services"},
    {"ssh-obsolete-client", SEVERITY_LOW, "T1021", "Remote Services"},
    {"ssh-obsolete-server", SEVERITY_LOW, "T1021", "Remote Services"},
    {"tls-obsolete-version", SEVERITY_LOW, "T1040", "Network Sniffing"},
    {"tls-weak-cipher", SEVERITY_LOW, "T1040", "Network Sniffing"},
    {"tls-self-signed-certificate", SEVERITY_LOW, "T1573", "Encrypted Channel"},
    {"http-suspicious-content", SEVERITY_LOW, "T1071", "Application Layer Protocol"},
};

enum { RISKS = sizeof risks / sizeof risks[0], RISK_IDS = 64 };

struct risk_watch {
    uint8_t row_of[RISK_IDS]; /* 1 + the row in `risks` of nDPI's number; 0: none */
};

static void risk_open(struct detecting *d)
{
    struct risk_watch *watch = d->state;
    for (unsigned id = 0; id < RISK_IDS; id++) {
        const char *name = risk_name(id);
        for (unsigned row = 0; name && row < RISKS; row++) {
            if (strcmp(risks[row].name, name) == 0)
                watch->row_of[id] = (uint8_t)(row + 1);
        }
    }
}

static bool is_believed(const struct observation *seen)
{
    enum verdict verdict = seen->record->classification.verdict;
    return verdict == VERDICT_MASQUERADE || verdict == VERDICT_CONFIRMED;
}

static void raise_risk(struct detecting *d, const struct observation *seen, unsigned row)
{
    struct claim claim = {
        .subject = subject_of_server(seen),
        .severity = risks[row].severity,
        .confidence = 75,
    };
    claim.subject.detail = row;
    struct finding *finding = detecting_raise(d, seen, &claim);
    char where[WORDS_SIZE];
    if (!finding)
        return;
    finding->attack_id = risks[row].attack_id;
    finding->attack_name = risks[row].attack_name;
    finding_title(finding, "%s: %s", server_words(seen, where), risks[row].name);
    finding_why(finding, "nDPI saw it in %s", seen->record->detection.name);
}

static void risk_on_flow(struct detecting *d, const struct observation *seen)
{
    const struct risk_watch *watch = d->state;
    uint64_t bits = seen->record->detection.risks;
    if (bits == 0 || !seen->is_watched || !is_believed(seen))
        return;
    for (unsigned id = 0; id < RISK_IDS; id++) {
        if (bits >> id & 1 && watch->row_of[id] > 0)
            raise_risk(d, seen, watch->row_of[id] - 1U);
    }
}

const struct detector risk_detector = {
    .name = "risk",
    .help = "clear-text credentials and other risks that nDPI sees on a watched port",
    .signature_id = 1540010,
    .attack_id = "T1040",
    .attack_name = "Network Sniffing",
    .next = "Look at the flow; change credentials that crossed the wire in the clear.",
    .state_size = sizeof(struct risk_watch),
    .open = risk_open,
    .on_flow = risk_on_flow,
};
