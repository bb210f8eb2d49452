/* SPDX-License-Identifier: Apache-2.0
 *
 * What the families of private payloads write with. A family's layout is drawn once a flow.
 */
#ifndef PORTSCOPE_BENCH_OPAQUE_PEN_H
#define PORTSCOPE_BENCH_OPAQUE_PEN_H

#include "opaque.h"

struct writer {
    uint8_t *bytes;
    size_t length;
};

uint64_t opaque_random(struct opaque_flow *flow);
uint32_t opaque_below(struct opaque_flow *flow, uint32_t bound);
void opaque_put(struct writer *writer, uint64_t value, size_t width, int is_little);
void opaque_put_random(struct opaque_flow *flow, struct writer *writer, size_t length);
void opaque_put_fill(struct writer *writer, uint8_t byte, size_t length);
/* Characters drawn from the alphabet. */
void opaque_put_letters(struct opaque_flow *flow, struct writer *writer, const char *alphabet,
                        size_t length);

typedef void opaque_write_fn(struct opaque_flow *flow, struct writer *writer);

/* opaque_unlearned.c: families that no check and no list of evidence was derived from. */
opaque_write_fn opaque_base64, opaque_json, opaque_xored, opaque_msgpack, opaque_strings,
    opaque_records, opaque_asn1, opaque_slip, opaque_sparse, opaque_digits, opaque_utf16,
    opaque_counters;

#endif
