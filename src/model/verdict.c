/* SPDX-License-Identifier: Apache-2.0 */
#include "model/verdict.h"

#include <stddef.h>

static const char *const verdict_names[VERDICTS] = {
    [VERDICT_EMPTY] = "empty",           [VERDICT_UNVERIFIED] = "unverified",
    [VERDICT_CONFIRMED] = "confirmed",   [VERDICT_MASQUERADE] = "masquerade",
    [VERDICT_GUESS] = "guess",           [VERDICT_STRAY] = "stray",
    [VERDICT_UNASSIGNED] = "unassigned",
};

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

const char *port_side_name(enum port_side side)
{
    static const char *const names[] = {"none", "responder", "initiator", "both"};
    return names[side];
}

const char *confidence_name(enum detection_confidence confidence)
{
    static const char *const names[CONFIDENCES] = {
        [CONFIDENCE_NONE] = "none",       [CONFIDENCE_BY_PORT] = "by-port",
        [CONFIDENCE_BY_IP] = "by-ip",     [CONFIDENCE_CACHE] = "dpi-cache",
        [CONFIDENCE_PARTIAL] = "partial", [CONFIDENCE_DPI] = "dpi",
    };
    return names[confidence];
}

const char *evidence_name(enum evidence evidence)
{
    static const char *const names[EVIDENCES] = {
        [EVIDENCE_NONE] = "none",
        [EVIDENCE_OTHER_DIRECTION] = "other-direction",
        [EVIDENCE_SECOND_PACKET] = "second-packet",
        [EVIDENCE_STRUCTURE] = "structure",
    };
    return names[evidence];
}

/* Ids 1-41 are stable over all nDPI versions examined; nDPI's own words for them are not. */
static const char *const risk_names[] = {
    [1] = "url-possible-xss",
    [2] = "url-possible-sql-injection",
    [3] = "url-possible-rce-injection",
    [4] = "binary-application-transfer",
    [5] = "known-protocol-on-non-standard-port",
    [6] = "tls-self-signed-certificate",
    [7] = "tls-obsolete-version",
    [8] = "tls-weak-cipher",
    [9] = "tls-certificate-expired",
    [10] = "tls-certificate-mismatch",
    [11] = "http-suspicious-user-agent",
    [12] = "http-numeric-ip-host",
    [13] = "http-suspicious-url",
    [14] = "http-suspicious-header",
    [15] = "tls-not-carrying-https",
    [16] = "suspicious-dga-domain",
    [17] = "malformed-packet",
    [18] = "ssh-obsolete-client",
    [19] = "ssh-obsolete-server",
    [20] = "smb-insecure-version",
    [21] = "tls-suspicious-esni-usage",
    [22] = "unsafe-protocol",
    [23] = "dns-suspicious-traffic",
    [24] = "tls-missing-sni",
    [25] = "http-suspicious-content",
    [26] = "risky-asn",
    [27] = "risky-domain",
    [28] = "malicious-ja3",
    [29] = "malicious-sha1-certificate",
    [30] = "desktop-or-file-sharing",
    [31] = "tls-uncommon-alpn",
    [32] = "tls-certificate-validity-too-long",
    [33] = "tls-suspicious-extension",
    [34] = "tls-fatal-alert",
    [35] = "suspicious-entropy",
    [36] = "clear-text-credentials",
    [37] = "dns-large-packet",
    [38] = "dns-fragmented",
    [39] = "invalid-characters",
    [40] = "possible-exploit",
    [41] = "tls-certificate-about-to-expire",
};

const char *risk_name(unsigned risk_id)
{
    return risk_id < sizeof risk_names / sizeof risk_names[0] ? risk_names[risk_id] : NULL;
}
