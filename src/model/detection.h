/* SPDX-License-Identifier: Apache-2.0
 *
 * What was recognised in a flow's payload: nDPI's answer in our own words, so that no other file
 * knows nDPI.
 */
#ifndef PORTSCOPE_MODEL_DETECTION_H
#define PORTSCOPE_MODEL_DETECTION_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DETECTION_NAME_SIZE = 48,
    DETECTION_TEXT_SIZE = 256,
    DETECTION_WHY_SIZE = 160,
};

/* How nDPI came to the name. The numbers in nDPI change with each version; these do not. */
enum detection_confidence {
    CONFIDENCE_NONE,
    CONFIDENCE_BY_PORT,
    CONFIDENCE_BY_IP,
    CONFIDENCE_CACHE, /* a correlation with another flow: never evidence by itself */
    CONFIDENCE_PARTIAL,
    CONFIDENCE_DPI,
    CONFIDENCES
};

/* What beyond one dissector's word speaks for the name. */
enum evidence {
    EVIDENCE_NONE,
    EVIDENCE_OTHER_DIRECTION, /* the answer of the other side agrees */
    EVIDENCE_SECOND_PACKET,   /* a second packet agrees */
    EVIDENCE_STRUCTURE,       /* our own structural check agrees */
    EVIDENCES
};

/* Strings are raw bytes from packets: escape them for the sink. */
struct detection {
    uint16_t master_id;      /* nDPI protocol numbers, 0: none */
    uint16_t application_id; /* the more special of the two; 0: none */
    uint16_t category_id;
    enum detection_confidence confidence;
    enum evidence evidence;
    uint64_t risks; /* bit n = nDPI risk id n */
    uint32_t packets_inspected;
    uint16_t redissected_port; /* the service port that made nDPI see it, 0: the flow's own */

    char name[DETECTION_NAME_SIZE];     /* "SSH", "TLS.Google"; empty when nothing was recognised */
    char protocol[DETECTION_NAME_SIZE]; /* the application's name alone, key of rules/ */
    char category[DETECTION_NAME_SIZE];
    char why[DETECTION_WHY_SIZE]; /* the evidence in words, may be empty */

    char hostname[DETECTION_TEXT_SIZE]; /* SNI, HTTP Host, DNS query */
    char user_agent[DETECTION_TEXT_SIZE];
    char url[DETECTION_TEXT_SIZE];
    char ssh_client[DETECTION_TEXT_SIZE];
    char ssh_server[DETECTION_TEXT_SIZE];
    char tls_version[16];
    char ja3_client[33];
    char ja3_server[33];
    char ja4_client[37];
    char hassh_client[33];
    char hassh_server[33];
};

static inline bool detection_is_named(const struct detection *detection)
{
    return detection->name[0] != '\0';
}

/* "dpi", "dpi-cache", ... */
const char *confidence_name(enum detection_confidence confidence);
const char *evidence_name(enum evidence evidence);

/* Our name of an nDPI risk ("known-protocol-on-non-standard-port"), NULL when it has none. */
const char *risk_name(unsigned risk_id);

#endif
