/* SPDX-License-Identifier: Apache-2.0 */
#include "opaque_pen.h"

#include <string.h>

/* splitmix64: small, good, the same everywhere. */
uint64_t opaque_random(struct opaque_flow *flow)
{
    uint64_t value = flow->random += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

uint32_t opaque_below(struct opaque_flow *flow, uint32_t bound)
{
    return (uint32_t)(opaque_random(flow) % bound);
}

void opaque_put(struct writer *writer, uint64_t value, size_t width, int is_little)
{
    for (size_t i = 0; i < width; i++) {
        size_t shift = is_little ? i : width - 1 - i;
        writer->bytes[writer->length++] = (uint8_t)(value >> 8 * shift);
    }
}

void opaque_put_random(struct opaque_flow *flow, struct writer *writer, size_t length)
{
    for (size_t i = 0; i < length; i++)
        opaque_put(writer, opaque_random(flow), 1, 0);
}

void opaque_put_fill(struct writer *writer, uint8_t byte, size_t length)
{
    memset(writer->bytes + writer->length, byte, length);
    writer->length += length;
}

void opaque_put_letters(struct opaque_flow *flow, struct writer *writer, const char *alphabet,
                        size_t length)
{
    size_t letters = strlen(alphabet);
    for (size_t i = 0; i < length; i++)
        opaque_put(writer, (uint8_t)alphabet[opaque_below(flow, (uint32_t)letters)], 1, 0);
}
