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

struct cursor cursor_over(struct span bytes);

/* What is left, as a span; does not move. */
struct span cursor_rest(const struct cursor *cursor);

static inline size_t cursor_left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
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
void cursor_limit(struct cursor *cursor, size_t length);

/* Moves over `length` bytes; false when they are not all there. */
bool cursor_skip(struct cursor *cursor, size_t length);

/* Unsigned integers, big-endian (network order) and little-endian. */
uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_be16(struct cursor *cursor);
uint32_t cursor_be24(struct cursor *cursor);
uint32_t cursor_be32(struct cursor *cursor);
uint64_t cursor_be64(struct cursor *cursor);
uint16_t cursor_le16(struct cursor *cursor);
uint32_t cursor_le32(struct cursor *cursor);
uint64_t cursor_le64(struct cursor *cursor);

/* Copies `length` bytes out; on a short read fills `out` with zeros and returns false. */
bool cursor_copy(struct cursor *cursor, void *out, size_t length);

/* The byte `offset` bytes ahead without moving, or -1 when it is not there. */
int cursor_peek(const struct cursor *cursor, size_t offset);

#endif
