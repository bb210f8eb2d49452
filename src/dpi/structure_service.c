/* SPDX-License-Identifier: Apache-2.0
 *
 * Routing, wireless control, monitoring, and what else serves a network or its hosts.
 */
#include "dpi/structure_checks.h"

/* RFC 4271 §4.1: a marker of ones, length, type. */
bool fits_bgp(const struct message *message)
{
    enum { MARKER = 16, HEADER = 19, MESSAGE_MAX = 4096 };
    struct cursor cursor = cursor_over(message->bytes);
    for (int i = 0; i < MARKER; i++) {
        if (cursor_u8(&cursor) != 0xff)
            return false;
    }
    uint16_t length = cursor_be16(&cursor);
    uint8_t type = cursor_u8(&cursor);
    return cursor_ok(&cursor) && length >= HEADER && length <= MESSAGE_MAX && type >= 1 &&
           type <= 5;
}

/* RFC 5415 §4.3: preamble, length of the header in words, binding, flags, fragment:
 *
 *     | preamble 8 | HLEN 5 | RID 5 | WBID 5 |T|F|L|W|M|K| zero 3 |
 *     | fragment identifier 16      | fragment offset 13 | zero 3 |
 */
bool fits_capwap(const struct message *message)
{
    enum { DTLS_PREAMBLE = 1, FRAGMENT = 0x80 };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t preamble = cursor_u8(&cursor);
    uint32_t header = cursor_be24(&cursor);
    uint32_t fragment = cursor_be32(&cursor);
    unsigned words = header >> 19;
    unsigned binding = header >> 9 & 31;
    if (preamble == DTLS_PREAMBLE) /* then a DTLS record */
        return cursor_ok(&cursor) && header == 0 && fragment >> 28 == 1;
    return cursor_ok(&cursor) && preamble == 0 && words >= 2 && words <= 12 && binding <= 3 &&
           (header & 7) == 0 && (fragment & 7) == 0 &&
           (header & FRAGMENT || (fragment & 0xffff) == 0) && message->wire_length > 4u * words;
}

static bool is_collectd_type(uint16_t type)
{
    return type <= 0x0009 || type == 0x0100 || type == 0x0101 || (type >= 0x0200 && type <= 0x0210);
}

/* collectd's binary protocol: parts of type and length that walk to the end. */
bool fits_collectd(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    size_t parts = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 4) {
        uint16_t type = cursor_be16(&cursor);
        uint16_t length = cursor_be16(&cursor);
        if (!is_collectd_type(type) || length < 5)
            return false;
        cursor_skip(&cursor, length - 4u);
        parts += cursor_ok(&cursor);
    }
    return parts >= 2 && walk_proves(&cursor, message, parts);
}

/* XDMCP §3: version 1, operation, length of the rest. */
bool fits_xdmcp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t version = cursor_be16(&cursor);
    uint16_t operation = cursor_be16(&cursor);
    uint16_t length = cursor_be16(&cursor);
    return cursor_ok(&cursor) && version == 1 && operation >= 1 && operation <= 14 &&
           ends_the_message(message, 6u + length);
}

/* Data Stream Interface: request or reply, command, request, error or offset, length, reserved.
 * Only a write has an offset; closing, status and tickle need no data. */
bool fits_afp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    enum { CLOSE = 1, STATUS = 3, TICKLE = 5, WRITE = 6 };
    uint8_t flags = cursor_u8(&cursor);
    uint8_t command = cursor_u8(&cursor);
    cursor_skip(&cursor, 2);
    uint32_t offset = cursor_be32(&cursor);
    uint32_t length = cursor_be32(&cursor);
    uint32_t reserved = cursor_be32(&cursor);
    bool is_reply = flags == 1;
    bool may_be_empty = command == CLOSE || command == STATUS || command == TICKLE;
    return cursor_ok(&cursor) && flags <= 1 && (is_reply || offset == 0 || command == WRITE) &&
           (is_reply || length > 0 || may_be_empty) && command != 7 && command >= 1 &&
           command <= 8 && reserved == 0 && length < UINT32_C(0x00200000) &&
           message->wire_length >= 16u + length;
}
