/* SPDX-License-Identifier: Apache-2.0
 *
 * A finding: somebody should look, and this is why.
 */
#ifndef PORTSCOPE_MODEL_FINDING_H
#define PORTSCOPE_MODEL_FINDING_H

#include "base/address.h"
#include "model/flow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trail;

enum severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
    SEVERITIES
};

const char *severity_name(enum severity severity);
/* Reads "medium"; false when the word is none of them. */
bool severity_parse(const char *word, enum severity *out);

enum {
    FINDING_WHY_MAX = 6,
    FINDING_HOSTS_MAX = 10,
    FINDING_FLOWS_MAX = 10,
    FINDING_TEXT_SIZE = 200
};

/* Strings hold our own words and printable forms of a stranger's. */
struct finding {
    const char *detector; /* "beacon"; static */
    uint32_t signature_id;
    enum severity severity;
    uint8_t confidence; /* percent */
    char title[FINDING_TEXT_SIZE];
    char why[FINDING_WHY_MAX][FINDING_TEXT_SIZE];
    size_t why_count;
    const char *attack_id;   /* "T1571"; static */
    const char *attack_name; /* static */
    const char *next;        /* what to do now; static */

    uint64_t count;
    int64_t first_ns, last_ns;
    struct address hosts[FINDING_HOSTS_MAX]; /* who, the one that acted first */
    size_t host_count;
    uint64_t hosts_total;                   /* may be more than are kept */
    char display_filter[FINDING_TEXT_SIZE]; /* Wireshark's */
    char capture_filter[FINDING_TEXT_SIZE]; /* libpcap's */

    /* The flow it is about, when it is about one; and examples when it is about many. About a
     * server on a port alone: `responder` and `protocol`. */
    bool has_flow;
    struct endpoint initiator, responder;
    uint8_t protocol;
    uint64_t flow_id;
    uint64_t example_flows[FINDING_FLOWS_MAX];
    size_t example_flow_count;
    const char *service;                     /* assigned service's name, borrowed; may be NULL */
    struct trail *trails[FINDING_FLOWS_MAX]; /* of such flows, while it is being told */
    size_t trail_count;
    char evidence_file[FINDING_TEXT_SIZE]; /* with its directory; empty: none */
    uint64_t key;                          /* what makes two findings the same one */
};

/* Writes the title, cut to fit. */
__attribute__((format(printf, 2, 3))) void finding_title(struct finding *finding,
                                                         const char *format, ...);

/* Adds one reason; what is more than fits is left out. */
__attribute__((format(printf, 2, 3))) void finding_why(struct finding *finding, const char *format,
                                                       ...);

/* Adds a host or a flow unless it is there or the list is full. */
void finding_add_host(struct finding *finding, const struct address *host);
void finding_add_flow(struct finding *finding, uint64_t flow_id);

#endif
