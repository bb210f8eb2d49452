/* SPDX-License-Identifier: Apache-2.0
 *
 * Headers that lie: lengths that cannot be, TCP data offsets outside the segment, fragments that
 * overlap, a first fragment too short to hold the ports. The last two serve to slip past filters
 * (RFC 1858, RFC 3128). Packets cut by the capture's snap length are no malformed packets. False
 * alarms: broken drivers, captures taken in the middle of segmentation offload.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

static const struct {
    uint32_t mark;
    enum severity severity;
    const char *why;
} kinds[] = {
    {FLOW_MARK_TINY_FRAGMENT, SEVERITY_MEDIUM,
     "a first fragment too short for the transport header, as RFC 1858 describes"},
    {FLOW_MARK_FRAGMENT_OVERLAP, SEVERITY_MEDIUM,
     "fragments that overlap: two readers may see different packets"},
    {FLOW_MARK_BAD_TCP_HEADER, SEVERITY_MEDIUM, "a TCP data offset below 5 or beyond the segment"},
    {FLOW_MARK_BAD_LENGTH, SEVERITY_LOW, "a length field that claims what cannot be"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static enum severity worst(uint32_t marks)
{
    enum severity severity = SEVERITY_INFO;
    for (size_t i = 0; i < KINDS; i++) {
        if (marks & kinds[i].mark && kinds[i].severity > severity)
            severity = kinds[i].severity;
    }
    return severity;
}

static void malformed_on_flow(struct detecting *d, const struct observation *seen)
{
    uint32_t marks = seen->flow->marks;
    if (worst(marks) == SEVERITY_INFO)
        return;
    const struct claim claim = {
        .subject = {.client = seen->client, .server = seen->server},
        .severity = worst(marks),
        .confidence = 70,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "Malformed packets from %s", pair_words(seen, pair));
    for (size_t i = 0; i < KINDS; i++) {
        if (marks & kinds[i].mark)
            finding_why(finding, "%s", kinds[i].why);
    }
}

const struct detector malformed_detector = {
    .name = "malformed",
    .help = "lying lengths and offsets, overlapping or tiny first fragments",
    .signature_id = 1540006,
    .attack_id = "T1599",
    .attack_name = "Network Boundary Bridging",
    .next = "Look at the packets with the filter given; make sure that the firewall in between "
            "reassembles before it decides.",
    .on_flow = malformed_on_flow,
};
