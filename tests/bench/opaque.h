/* SPDX-License-Identifier: Apache-2.0
 *
 * Payloads that are no known protocol's: what private control traffic looks like. The same seed
 * gives the same bytes.
 */
#ifndef PORTSCOPE_BENCH_OPAQUE_H
#define PORTSCOPE_BENCH_OPAQUE_H

#include <stddef.h>
#include <stdint.h>

enum opaque_family {
    OPAQUE_RANDOM,
    OPAQUE_CONSTANT,
    OPAQUE_TLV,
    OPAQUE_LENGTH_OPCODE,
    OPAQUE_SEQUENCE,
    OPAQUE_TEXT,
    OPAQUE_COMPRESSED,
    OPAQUE_PROTOBUF,
    OPAQUE_LITTLE_ENDIAN,
    OPAQUE_ZERO,
    OPAQUE_LEARNED, /* the list of evidence was derived from those before it, from none behind */
    OPAQUE_BASE64 = OPAQUE_LEARNED,
    OPAQUE_JSON,
    OPAQUE_XORED,
    OPAQUE_MSGPACK,
    OPAQUE_STRINGS,
    OPAQUE_RECORDS,
    OPAQUE_ASN1,
    OPAQUE_SLIP,
    OPAQUE_SPARSE,
    OPAQUE_DIGITS,
    OPAQUE_UTF16,
    OPAQUE_COUNTERS,
    OPAQUE_FAMILIES
};

enum { OPAQUE_MESSAGE_MAX = 640 };

const char *opaque_name(enum opaque_family family);

/* What one flow keeps to: its layout, its magic, its counter. */
struct opaque_flow {
    enum opaque_family family;
    uint64_t random;
    uint32_t magic, layout, sequence, clock;
};

struct opaque_flow opaque_flow_new(enum opaque_family family, uint64_t seed);

/* The flow's next message; returns its length, at least 1. */
size_t opaque_message(struct opaque_flow *flow, uint8_t out[OPAQUE_MESSAGE_MAX]);

#endif
