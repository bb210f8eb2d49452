/* SPDX-License-Identifier: Apache-2.0
 *
 * Plants and what else lies over ISO transport.
 */
#include "dpi/structure_checks.h"

enum { COTP_CONNECT = 0xe0, COTP_CONFIRM = 0xd0, COTP_DATA = 0xf0, S7_PROTOCOL = 0x32 };

/* Modbus Messaging on TCP/IP guide §3.1.3: transaction, protocol 0, length, unit, function. */
bool fits_modbus(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, 2);
    uint16_t protocol = cursor_be16(&cursor);
    uint16_t length = cursor_be16(&cursor);
    cursor_skip(&cursor, 1);
    uint8_t function = cursor_u8(&cursor) & 0x7f;
    bool is_function = (function >= 1 && function <= 8) || (function >= 11 && function <= 24) ||
                       function == 43 || function == 90;
    return cursor_ok(&cursor) && protocol == 0 && length >= 3 && length <= 254 && is_function;
}

/* RFC 1006 §6 and X.224 §13: version 3, length, then a transport header. Gives its code and moves
 * behind it; -1 when it is none. */
static int skip_iso_transport(struct cursor *cursor)
{
    uint16_t version = cursor_be16(cursor);
    uint16_t length = cursor_be16(cursor);
    uint8_t indicator = cursor_u8(cursor);
    int code = cursor_u8(cursor) & 0xf0;
    if (!cursor_ok(cursor) || version != 0x0300 || length < 7 || indicator < 2 ||
        indicator + 5u > length)
        return -1;
    cursor_skip(cursor, indicator - 1u);
    return code;
}

/* A connection request with the parameters that S7 sends (TPDU size, TSAPs), or S7 data. */
bool fits_s7comm(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    int code = skip_iso_transport(&cursor);
    if (code == COTP_DATA)
        return cursor_peek(&cursor, 0) == S7_PROTOCOL;
    cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, 11);
    uint8_t parameter = cursor_u8(&cursor);
    return (code == COTP_CONNECT || code == COTP_CONFIRM) && message->bytes.length > 11 &&
           parameter >= 0xc0 && parameter <= 0xc2;
}

/* [MS-RDPBCGR] §2.2.1.1: a connection request, alone or with a cookie or a negotiation request. */
bool fits_rdp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t length = 0;
    struct cursor header = cursor;
    cursor_skip(&header, 2);
    length = cursor_be16(&header);
    int code = skip_iso_transport(&cursor);
    return (code == COTP_CONNECT || code == COTP_CONFIRM) && ends_the_message(message, length) &&
           !fits_s7comm(message);
}

/* H.225.0 over TPKT: a Q.931 message with a call reference of two octets. */
bool fits_h323(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t version = cursor_be16(&cursor);
    uint16_t length = cursor_be16(&cursor);
    uint8_t discriminator = cursor_u8(&cursor);
    uint8_t reference = cursor_u8(&cursor);
    return cursor_ok(&cursor) && version == 0x0300 && length > 8 && discriminator == 8 &&
           reference == 2;
}

/* H.225.0 annex H in packed encoding: a registration message's choice and sequence number, early in
 * it the protocol's object identifier {itu-t recommendation h 2250}. */
bool fits_h323_ras(const struct message *message)
{
    static const uint8_t identifier[] = {0x08, 0x91, 0x4a, 0x00};
    enum { EARLY = 24 };
    struct span early = message->bytes;
    if (early.length > EARLY)
        early.length = EARLY;
    return span_holds(early, identifier, sizeof identifier);
}

/* IEEE 1815 §9.2: start octets, length of at least five, control, addresses. */
bool fits_dnp3(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t start = cursor_be16(&cursor);
    uint8_t length = cursor_u8(&cursor);
    size_t blocks = length >= 5 ? (length - 5u + 15) / 16 : 0;
    return cursor_ok(&cursor) && start == 0x0564 && length >= 5 &&
           message->wire_length >= 5u + length + blocks * 2;
}

/* IEC 60870-5-104 §5: start, length of 4 to 253, control octets; frames chain. */
bool fits_iec104(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    size_t frames = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 6) {
        uint8_t start = cursor_u8(&cursor);
        uint8_t length = cursor_u8(&cursor);
        if (start != 0x68 || length < 4 || length > 253)
            return false;
        cursor_skip(&cursor, length);
        frames++;
    }
    return frames > 0;
}

/* EtherNet/IP (CIP volume 2 §2-3.1): command, length, session, status, context, options. */
bool fits_ethernet_ip(const struct message *message)
{
    static const uint8_t commands[] = {0x04, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70, 0x72, 0x73};
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t command = cursor_le16(&cursor);
    uint16_t length = cursor_le16(&cursor);
    cursor_skip(&cursor, 4);
    uint32_t status = cursor_le32(&cursor);
    cursor_skip(&cursor, 8);
    uint32_t options = cursor_le32(&cursor);
    return cursor_ok(&cursor) && command <= 0x73 && command > 0 &&
           memchr(commands, command, sizeof commands) && status <= 0x69 && options == 0 &&
           message->wire_length >= 24u + length;
}

/* AUTOSAR SOME/IP §4.1.2: message, length, request, version 1, kind of message, return code. */
bool fits_someip(const struct message *message)
{
    static const uint8_t kinds[] = {0x00, 0x01, 0x02, 0x20, 0x21, 0x22, 0x40, 0x41,
                                    0x42, 0x80, 0x81, 0xa0, 0xa1, 0xc0, 0xc1};
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, 4);
    uint32_t length = cursor_be32(&cursor);
    cursor_skip(&cursor, 4);
    uint8_t version = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    uint8_t kind = cursor_u8(&cursor);
    uint8_t code = cursor_u8(&cursor);
    return cursor_ok(&cursor) && length >= 8 && length + 8 <= message->wire_length &&
           version == 1 && memchr(kinds, kind, sizeof kinds) && code <= 0x5e;
}
