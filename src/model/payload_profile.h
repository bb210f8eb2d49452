/* SPDX-License-Identifier: Apache-2.0
 *
 * What can be said of payload that nothing recognises: its texture each way, how its messages are
 * framed, and a fingerprint by which the same unknown protocol is known again in another flow.
 */
#ifndef PORTSCOPE_MODEL_PAYLOAD_PROFILE_H
#define PORTSCOPE_MODEL_PAYLOAD_PROFILE_H

#include "model/flow.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROFILE_LEADING = 4, PROFILE_TEXT_SIZE = 120 };

/* How dense the bytes are; encrypted and compressed payload look the same. */
enum texture { TEXTURE_NONE, TEXTURE_CONSTANT, TEXTURE_TEXT, TEXTURE_BINARY, TEXTURE_DENSE };

/* A field in which a message says how long it is. */
struct length_field {
    uint8_t width;  /* octets; 0: none was found */
    uint8_t offset; /* from the message's start */
    bool is_little_endian;
    bool counts_all; /* the whole message; otherwise what follows the field */
};

/* What one direction's messages have in common. */
struct direction_profile {
    enum texture texture;
    uint16_t entropy_permille;        /* of the most that so many bytes can have */
    uint16_t printable_permille;      /* printable ASCII, tabs and line ends */
    int16_t leading[PROFILE_LEADING]; /* an octet that all messages begin with there, or -1 */
    struct length_field length;
    uint16_t smallest, largest; /* messages */
    uint8_t messages;
};

struct payload_profile {
    struct direction_profile sides[FLOW_DIRECTIONS];
    uint64_t fingerprint; /* the same for flows of the same form; 0: there is no sample */
};

/* A pure function of the flow's sample. */
struct payload_profile payload_profile_of(const struct flow *flow);

/* How mixed the first payload bytes of both directions are, in bits a byte (Shannon); negative
 * without a sample. */
double payload_entropy(const struct flow *flow);

/* The same of `total` (> 0) bytes of which it is counted how often each value occurs. */
double entropy_of_counts(const uint16_t counts[256], uint32_t total);

const char *texture_name(enum texture texture);

/* "binary, length be16 at 2, begins 4e53????, 24 to 80 bytes"; empty for a silent direction.
 * Returns `out`. */
const char *direction_profile_text(const struct direction_profile *side,
                                   char out[PROFILE_TEXT_SIZE]);

#endif
