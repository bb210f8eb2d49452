/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows as a person wants to hear of them: by topic (what was found on which service), and in a
 * topic by who talks to whom. Bounded; what no longer fits is counted.
 */
#ifndef PORTSCOPE_OUTPUT_TABLE_GROUPS_H
#define PORTSCOPE_OUTPUT_TABLE_GROUPS_H

#include "model/record.h"
#include "output/bounded_map.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TOPICS_MAX = 256, /* on watched ports, and as many on others */
    PAIRS_MAX = 10000,
    SERVICES_MAX = 64,
    TOPIC_NOTE_SIZE = 512,
};

/* Compared as bytes: zeroed before it is filled. */
struct topic_key {
    uint64_t fingerprint; /* of payload that nothing recognises; else 0 */
    enum verdict verdict;
    uint16_t port; /* of the service; 0 elsewhere, like the protocol */
    uint8_t protocol;
    uint8_t zero;
    char service[DETECTION_NAME_SIZE];
    char application[DETECTION_NAME_SIZE]; /* detected, empty when nothing was; raw bytes */
};

struct topic {
    struct topic_key key;
    uint32_t number; /* in order of arrival */
    uint64_t flows, payload_bytes, pairs;
    uint64_t untold_flows;                                /* of pairs beyond PAIRS_MAX */
    char why[CLASSIFICATION_WHY_MAX][DETECTION_WHY_SIZE]; /* of its first flow, as the rest */
    size_t why_count;
    char note[TOPIC_NOTE_SIZE]; /* what the payload itself says, printable */
};

struct pair_key {
    uint32_t topic; /* its number in order of arrival */
    uint16_t port;
    struct address initiator, responder;
};

struct pair {
    struct pair_key key;
    uint64_t flows, payload_bytes;
    int64_t first_ns;
};

/* All flows of one service, whatever they turned out to be. */
struct service_line {
    const struct service *service; /* NULL: no rule for the port */
    uint64_t flows, wire_bytes;
    uint64_t verdicts[VERDICTS];
};

/* Topics of one kind of port. */
struct topic_map {
    struct bounded_map map; /* of struct topic */
    uint64_t flows;
    uint64_t untold_flows; /* of topics beyond TOPICS_MAX */
};

struct groups {
    struct topic_map watched, elsewhere;
    struct bounded_map pairs; /* of struct pair; on watched ports alone */
    struct service_line services[SERVICES_MAX];
    size_t service_count;
    struct service_line other_services;
    uint64_t flows;
    uint64_t untold_flows;           /* of topics beyond TOPICS_MAX */
    uint64_t marks[32];              /* flows with each enum flow_mark bit */
    char input[DETECTION_TEXT_SIZE]; /* of the first record, printable */
};

void groups_init(struct groups *groups);
void groups_reset(struct groups *groups);

void groups_add(struct groups *groups, const struct flow_record *record);

/* Topics, those that most deserve a look first; `count` of them. The caller frees the list. */
const struct topic **topics_sorted(const struct topic_map *topics, size_t *count);

/* Services, those with the most flows first. The caller frees the list. */
const struct service_line **services_sorted(const struct groups *groups);

/* The pairs of a topic, those that said most first. The caller frees the list. */
const struct pair **pairs_sorted(const struct groups *groups, const struct topic *topic,
                                 size_t *count);

/* How much flows of a verdict deserve a look; 0: not at all. */
unsigned verdict_interest(enum verdict verdict);

#endif
