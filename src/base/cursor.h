/* SPDX-License-Identifier: Apache-2.0
 *
 * The only way to read a packet's bytes. A cursor walks from `at` to `end` and cannot leave that
 * range: a read past the end gives 0 (or NULL), moves nothing, and sets `is_short` for good, so a
 * decoder reads all fields of a header and asks once, with cursor_ok(), whether they were there.
 */
#ifndef PORTSCOPE_BASE_CURSOR_H
#define PORTSCOPE_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes. `at` may be NULL only when `length` is 0. */
struct span {
    const uint8_t *at;
    size_t length;
};

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool is_short;
};

/* No bytes may be NULL; arithmetic on NULL may not be (C17 6.5.6). */
static inline struct cursor cursor_over(struct span bytes)
{
    const uint8_t *at = bytes.at ? bytes.at : (const uint8_t *)"";
    return (struct cursor){.at = at, .end = at + bytes.length};
}

static inline size_t cursor_left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

/* What is left, as a span; does not move. */
static inline struct span cursor_rest(const struct cursor *cursor)
{
    return (struct span){cursor->at, cursor_left(cursor)};
}

static inline bool cursor_ok(const struct cursor *cursor)
{
    return !cursor->is_short;
}

/* Moves over `length` bytes and returns where they start, or NULL when they are not all there. */
static inline const uint8_t *cursor_take(struct cursor *cursor, size_t length)
{
    if (length > cursor_left(cursor)) {
        cursor->is_short = true;
        return NULL;
    }
    const uint8_t *start = cursor->at;
    cursor->at += length;
    return start;
}

/* Forgets everything behind the next `length` bytes (a length field that is true); a claim longer
 * than what is there changes nothing and is not an error: captures are cut. */
static inline void cursor_limit(struct cursor *cursor, size_t length)
{
    if (length < cursor_left(cursor))
        cursor->end = cursor->at + length;
}

/* Moves over `length` bytes; false when they are not all there. */
static inline bool cursor_skip(struct cursor *cursor, size_t length)
{
    return cursor_take(cursor, length) != NULL;
}

/* Unsigned integers, big-endian (network order) and little-endian. */
static inline uint8_t cursor_u8(struct cursor *cursor)
{
    const uint8_t *at = cursor_take(cursor, 1);
    return at ? at[0] : 0;
}

static inline uint16_t cursor_be16(struct cursor *cursor)
{
    const uint8_t *at = cursor_take(cursor, 2);
    return (uint16_t)(at ? at[0] << 8 | at[1] : 0);
}

static inline uint32_t cursor_be32(struct cursor *cursor)
{
    const uint8_t *at = cursor_take(cursor, 4);
    return at ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3] : 0;
}

uint32_t cursor_be24(struct cursor *cursor);
uint64_t cursor_be64(struct cursor *cursor);
uint16_t cursor_le16(struct cursor *cursor);
uint32_t cursor_le32(struct cursor *cursor);
uint64_t cursor_le64(struct cursor *cursor);

/* Copies `length` bytes out; on a short read fills `out` with zeros and returns false. */
bool cursor_copy(struct cursor *cursor, void *out, size_t length);

/* The byte `offset` bytes ahead without moving, or -1 when it is not there. */
static inline int cursor_peek(const struct cursor *cursor, size_t offset)
{
    return offset < cursor_left(cursor) ? cursor->at[offset] : -1;
}

#endif
