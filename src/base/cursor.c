/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

#include <string.h>

static uint64_t read_be(struct cursor *cursor, size_t width)
{
    const uint8_t *bytes = cursor_take(cursor, width);
    uint64_t value = 0;
    for (size_t i = 0; bytes && i < width; i++)
        value = value << 8 | bytes[i];
    return value;
}

static uint64_t read_le(struct cursor *cursor, size_t width)
{
    const uint8_t *bytes = cursor_take(cursor, width);
    uint64_t value = 0;
    for (size_t i = width; bytes && i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

uint32_t cursor_be24(struct cursor *cursor)
{
    return (uint32_t)read_be(cursor, 3);
}

uint64_t cursor_be64(struct cursor *cursor)
{
    return read_be(cursor, 8);
}

uint16_t cursor_le16(struct cursor *cursor)
{
    return (uint16_t)read_le(cursor, 2);
}

uint32_t cursor_le32(struct cursor *cursor)
{
    return (uint32_t)read_le(cursor, 4);
}

uint64_t cursor_le64(struct cursor *cursor)
{
    return read_le(cursor, 8);
}

bool cursor_copy(struct cursor *cursor, void *out, size_t length)
{
    const uint8_t *bytes = cursor_take(cursor, length);
    if (!bytes) {
        memset(out, 0, length);
        return false;
    }
    memcpy(out, bytes, length);
    return true;
}
