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

/* What to do about it. */
enum {
    DO_CREDENTIALS,
    DO_EXPLOIT,
    DO_PROGRAM,
    DO_MALICIOUS,
    DO_NAME,
    DO_SHARING,
    DO_PROTOCOL,
    DO_VERSION,
    DO_CERTIFICATE,
    DO_CONTENT,
    DOS
};

static const char *const todo[DOS] = {
    [DO_CREDENTIALS] = "Change the credentials that crossed the wire, and move the service to an "
                       "encrypted protocol.",
    [DO_EXPLOIT] = "Read the request in the flow; if the server answered it, look at that host for "
                   "what it started.",
    [DO_PROGRAM] =
        "Ask who moved the program; compare its hash with what belongs on the receiving host.",
    [DO_MALICIOUS] = "Isolate the client and look for the program that holds the connection.",
    [DO_NAME] = "Look at the names asked for, and for the program on the client that asks.",
    [DO_SHARING] = "Ask who works on that host from there; close the port to all others.",
    [DO_PROTOCOL] = "Replace the protocol by an encrypted one; until then let only the hosts that "
                    "need it reach it.",
    [DO_VERSION] =
        "Update the program on that host; until then let only the hosts that need it reach it.",
    [DO_CERTIFICATE] = "Compare the certificate with those that the owner of the host made.",
    [DO_CONTENT] = "Look at the content in the flow: what is it, and who fetched it?",
};

static const struct {
    const char *name; /* as risk_name() */
    const char *words;
    enum severity severity;
    unsigned next;
    const char *attack_id, *attack_name;
} risks[] = {
    {"clear-text-credentials", "credentials in clear text", SEVERITY_MEDIUM, DO_CREDENTIALS,
     "T1040", "Network Sniffing"},
    {"possible-exploit", "a request that looks like an exploit", SEVERITY_HIGH, DO_EXPLOIT, "T1210",
     "Exploitation of Remote Services"},
    {"url-possible-xss", "a request with a script in it (XSS)", SEVERITY_MEDIUM, DO_EXPLOIT,
     "T1190", "Exploit Public-Facing Application"},
    {"url-possible-sql-injection", "a request with SQL in it", SEVERITY_HIGH, DO_EXPLOIT, "T1190",
     "Exploit Public-Facing Application"},
    {"url-possible-rce-injection", "a request with a command in it", SEVERITY_HIGH, DO_EXPLOIT,
     "T1190", "Exploit Public-Facing Application"},
    {"binary-application-transfer", "a program in transfer", SEVERITY_HIGH, DO_PROGRAM, "T1570",
     "Lateral Tool Transfer"},
    {"malicious-ja3", "a TLS client known to be malicious (JA3)", SEVERITY_HIGH, DO_MALICIOUS,
     "T1071", "Application Layer Protocol"},
    {"malicious-sha1-certificate", "a certificate known to be malicious", SEVERITY_HIGH,
     DO_MALICIOUS, "T1071", "Application Layer Protocol"},
    {"risky-domain", "a domain of bad reputation", SEVERITY_MEDIUM, DO_NAME, "T1071",
     "Application Layer Protocol"},
    {"suspicious-dga-domain", "a domain that looks made by a program", SEVERITY_MEDIUM, DO_NAME,
     "T1071", "Application Layer Protocol"},
    {"dns-suspicious-traffic", "DNS that looks like a tunnel", SEVERITY_MEDIUM, DO_NAME, "T1572",
     "Protocol Tunneling"},
    {"desktop-or-file-sharing", "a shared desktop or files", SEVERITY_MEDIUM, DO_SHARING, "T1021",
     "Remote Services"},
    {"unsafe-protocol", "a protocol without protection", SEVERITY_LOW, DO_PROTOCOL, "T1040",
     "Network Sniffing"},
    {"smb-insecure-version", "an insecure version of SMB", SEVERITY_LOW, DO_VERSION, "T1021",
     "Remote Services"},
    {"ssh-obsolete-client", "an obsolete SSH client", SEVERITY_LOW, DO_VERSION, "T1021",
     "Remote Services"},
    {"ssh-obsolete-server", "an obsolete SSH server", SEVERITY_LOW, DO_VERSION, "T1021",
     "Remote Services"},
    {"tls-obsolete-version", "an obsolete version of TLS", SEVERITY_LOW, DO_VERSION, "T1040",
     "Network Sniffing"},
    {"tls-weak-cipher", "a weak TLS cipher", SEVERITY_LOW, DO_VERSION, "T1040", "Network Sniffing"},
    {"tls-self-signed-certificate", "a self-signed certificate", SEVERITY_LOW, DO_CERTIFICATE,
     "T1573", "Encrypted Channel"},
    {"http-suspicious-content", "HTTP with content that is not what it says", SEVERITY_LOW,
     DO_CONTENT, "T1071", "Application Layer Protocol"},
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
    finding_title(finding, "%s: %s", server_words(seen, where), risks[worst].words);
    finding->next = todo[risks[worst].next];
    finding_why(finding, "nDPI saw it in %s and calls it %s", seen->record->detection.name,
                risks[worst].name);
    for (unsigned row = 0; row < RISKS; row++) {
        if (rows >> row & 1 && row != worst)
            finding_why(finding, "also %s", risks[row].words);
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
    .next = "Look at the flow: what to do depends on the risk.",
    .state_size = sizeof(struct risk_watch),
    .looks_early = true,
    .open = risk_open,
    .on_flow = risk_on_flow,
};
