/* SPDX-License-Identifier: Apache-2.0
 *
 * TCP flags that no honest stack sends first: none at all (NULL), FIN+PSH+URG (XMAS), FIN alone,
 * SYN with FIN or RST; data on a SYN. Tools send them to learn what a host answers where a plain
 * SYN would be logged. False alarms: captures that begin in the middle, with the FIN of an old
 * conversation (those have an ACK flag, which scans have not); data on a SYN is legitimate with TCP
 * Fast Open (RFC 7413), so alone it only informs.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

#include <string.h>

static bool sent_only(const struct flow *flow, uint8_t flags)
{
    const struct flow_side *side = &flow->sides[TO_RESPONDER];
    return side->packets > 0 && side->tcp_flags == flags && side->payload_bytes == 0;
}

static bool is_null(const struct flow *flow)
{
    return sent_only(flow, 0) && !(flow->marks & (FLOW_MARK_FRAGMENTS | FLOW_MARK_TRUNCATED));
}

static bool is_xmas(const struct flow *flow)
{
    return sent_only(flow, TCP_FIN | TCP_PSH | TCP_URG);
}

static bool is_lone_fin(const struct flow *flow)
{
    return sent_only(flow, TCP_FIN);
}

/* Zeek's letters for flags that exclude each other. */
static bool is_contradiction(const struct flow *flow)
{
    return strpbrk(flow->history, "QIqi") != NULL;
}

static bool is_data_on_syn(const struct flow *flow)
{
    return strncmp(flow->history, "SD", 2) == 0 && flow->sides[TO_RESPONDER].packets > 0;
}

static const struct {
    bool (*is)(const struct flow *flow);
    enum severity severity;
    const char *name, *why;
} kinds[] = {
    {is_null, SEVERITY_LOW, "segments without flags", "a NULL scan sends them"},
    {is_xmas, SEVERITY_LOW, "FIN, PSH and URG at once", "an XMAS scan sends them"},
    {is_lone_fin, SEVERITY_LOW, "FIN without ACK or a connection", "a FIN scan sends them"},
    {is_contradiction, SEVERITY_LOW, "flags that exclude each other",
     "SYN with FIN or RST, or FIN with RST: no stack sends them"},
    {is_data_on_syn, SEVERITY_INFO, "data on a SYN",
     "TCP Fast Open (RFC 7413), or a way around inspection"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void tcp_abuse_on_flow(struct detecting *d, const struct observation *seen)
{
    size_t kind = 0;
    if (seen->protocol != TRANSPORT_TCP || seen->is_continued)
        return;
    while (kind < KINDS && !kinds[kind].is(seen->flow))
        kind++;
    if (kind == KINDS)
        return;
    const struct claim claim = {
        .subject = {.client = seen->client, .server = seen->server},
        .severity = kinds[kind].severity,
        .confidence = 80,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s: flags that no stack sends", pair_words(seen, pair));
    finding_why(finding, "%s: %s; history %s", kinds[kind].name, kinds[kind].why,
                seen->flow->history[0] ? seen->flow->history : "empty");
}

const struct detector tcp_abuse_detector = {
    .name = "tcp-abuse",
    .help = "NULL, XMAS, FIN, SYN+FIN and other impossible flags; data on a SYN",
    .signature_id = 1540007,
    .attack_id = "T1046",
    .attack_name = "Network Service Discovery",
    .next = "Find the tool on the sender; if nobody there scans with permission, treat the host as "
            "taken over.",
    .on_flow = tcp_abuse_on_flow,
};
