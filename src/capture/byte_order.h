/* SPDX-License-Identifier: Apache-2.0
 *
 * Integers of a capture file's own headers, whose byte order is that of the machine that wrote it.
 * The caller has taken the header from a cursor, so its bytes are there; these are inline because
 * the walk over a capture spends its time in them.
 */
#ifndef PORTSCOPE_CAPTURE_BYTE_ORDER_H
#define PORTSCOPE_CAPTURE_BYTE_ORDER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Whether a file in that order has to be swapped on this machine. */
static inline bool is_foreign_order(bool is_big_endian)
{
    return is_big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static inline uint16_t u16_at(const uint8_t *bytes, bool is_swapped)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return is_swapped ? __builtin_bswap16(value) : value;
}

static inline uint32_t u32_at(const uint8_t *bytes, bool is_swapped)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return is_swapped ? __builtin_bswap32(value) : value;
}

static inline uint64_t u64_at(const uint8_t *bytes, bool is_swapped)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return is_swapped ? __builtin_bswap64(value) : value;
}

#endif
