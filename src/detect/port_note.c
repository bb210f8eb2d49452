/* SPDX-License-Identifier: Apache-2.0
 *
 * What the rule pack has to say about a port's reputation (a public encyclopedia of ports mentions
 * a Trojan on TCP 154), once for each port that carried payload. It informs and raises nothing: no
 * severity rests on a rumour about a number.
 */
#include "detect/detector_types.h"
#include "detect/words.h"

#include <string.h>

/* Each sentence is a reason. */
static void add_note(struct finding *finding, const char *note)
{
    while (*note) {
        const char *stop = strstr(note, ". ");
        size_t length = stop ? (size_t)(stop - note) : strlen(note);
        bool has_stop = !stop && length > 0 && note[length - 1] == '.';
        finding_why(finding, "%.*s", (int)(length - has_stop), note);
        note += stop ? length + 2 : length;
    }
}

static void port_note_on_flow(struct detecting *d, const struct observation *seen)
{
    const struct service *service = seen->record->classification.assigned;
    if (!seen->is_watched || !service || service->port != seen->port || !*service->note ||
        seen->protocol != TRANSPORT_TCP || flow_payload_bytes(seen->flow) == 0)
        return;
    const struct claim claim = {
        .subject = {.port = seen->port, .protocol = seen->protocol},
        .severity = SEVERITY_INFO,
        .confidence = 10,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char port[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s is on a list of ports of Trojans", port_words(seen, port));
    add_note(finding, service->note);
}

const struct detector port_note_detector = {
    .name = "port-note",
    .help = "what is said about a port, with its source; never raises a severity",
    .signature_id = 1540005,
    .attack_id = "T1571",
    .attack_name = "Non-Standard Port",
    .next = "Nothing, by itself: judge by what was detected.",
    .on_flow = port_note_on_flow,
};
