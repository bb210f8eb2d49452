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

/* IEC 60870-5-101 §7.2.1 and §7.2.3: the types and causes of transmission that are given out. */
static bool is_iec104_asdu(struct cursor cursor)
{
    static const struct {
        uint8_t first, last;
    } types[] = {{1, 21},  {30, 40},   {45, 51},   {58, 64},
                 {70, 70}, {100, 107}, {110, 113}, {120, 127}};
    uint8_t type = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    unsigned cause = cursor_u8(&cursor) & 0x3f;
    bool is_type = false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        is_type |= type >= types[i].first && type <= types[i].last;
    return cursor_ok(&cursor) && is_type && cause >= 1 && cause <= 47 &&
           (cause <= 13 || cause >= 20);
}

/* IEC 60870-5-104 §5.1: start, length, four control octets: information with its data unit, the
 * number of what was received, or one of six bits that start, stop and test. */
static bool is_iec104_frame(struct cursor cursor)
{
    static const uint8_t functions[] = {0x07, 0x0b, 0x13, 0x23, 0x43, 0x83};
    enum { CONTROL = 4, LENGTH_MAX = 253, INFORMATION_MIN = CONTROL + 6 };
    uint8_t start = cursor_u8(&cursor);
    uint8_t length = cursor_u8(&cursor);
    uint32_t control = cursor_be32(&cursor);
    if (!cursor_ok(&cursor) || start != 0x68 || length < CONTROL || length > LENGTH_MAX)
        return false;
    if ((control >> 24 & 1) == 0)
        return length >= INFORMATION_MIN && (control >> 8 & 1) == 0 && is_iec104_asdu(cursor);
    if (length != CONTROL)
        return false;
    return control >> 16 == 0x0100 ? (control >> 8 & 1) == 0
                                   : memchr(functions, (int)(control >> 24), sizeof functions) &&
                                         (control & 0x00ffffff) == 0;
}

/* Frames chain. */
bool fits_iec104(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    size_t frames = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 6) {
        if (!is_iec104_frame(cursor))
            return false;
        cursor_skip(&cursor, 1);
        cursor_skip(&cursor, cursor_u8(&cursor));
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
