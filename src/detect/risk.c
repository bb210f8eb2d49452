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
_Static_assert(RISKS <= 32, "rows are bits");

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

static void explain(struct finding *finding, const struct observation *seen, uint32_t rows,
                    unsigned worst)
{
    char where[WORDS_SIZE];
    finding->attack_id = risks[worst].attack_id;
    finding->attack_name = risks[worst].attack_name;
    finding_title(finding, "%s: %s", server_words(seen, where), risks[worst].name);
    finding_why(finding, "nDPI saw it in %s", seen->record->detection.name);
    for (unsigned row = 0; row < RISKS; row++) {
        if (rows >> row & 1 && row != worst)
            finding_why(finding, "also %s", risks[row].name);
    }
}

/* The rows of `risks` that the flow has, as bits. */
static uint32_t rows_of(const struct risk_watch *watch, uint64_t bits)
{
    uint32_t rows = 0;
    for (unsigned id = 0; id < RISK_IDS; id++) {
        if (bits >> id & 1 && watch->row_of[id] > 0)
            rows |= UINT32_C(1) << (watch->row_of[id] - 1);
    }
    return rows;
}

static unsigned worst_of(uint32_t rows)
{
    unsigned worst = RISKS;
    for (unsigned row = 0; row < RISKS; row++) {
        if (rows >> row & 1 && (worst == RISKS || risks[row].severity > risks[worst].severity))
            worst = row;
    }
    return worst;
}

static void risk_on_flow(struct detecting *d, const struct observation *seen)
{
    uint64_t risks_seen = seen->record->detection.risks;
    if (risks_seen == 0 || !seen->is_watched || !is_believed(seen))
        return;
    uint32_t rows = rows_of(d->state, risks_seen);
    if (rows == 0)
        return;
    unsigned worst = worst_of(rows);
    struct claim claim = {
        .subject = subject_of_server(seen),
        .severity = risks[worst].severity,
        .confidence = 75,
    };
    claim.subject.detail = worst;
    struct finding *finding = detecting_raise(d, seen, &claim);
    if (finding)
        explain(finding, seen, rows, worst);
}

const struct detector risk_detector = {
    .name = "risk",
    .help = "clear-text credentials and other risks that nDPI sees on a watched port",
    .signature_id = 1540010,
    .attack_id = "T1040",
    .attack_name = "Network Sniffing",
    .next = "Look at the flow; change credentials that crossed the wire in the clear.",
    .state_size = sizeof(struct risk_watch),
    .looks_early = true,
    .open = risk_open,
    .on_flow = risk_on_flow,
};
