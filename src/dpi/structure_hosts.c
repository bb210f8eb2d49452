/* SPDX-License-Identifier: Apache-2.0
 *
 * What hosts say among themselves: sharing, games, remote help, discovery.
 */
#include "dpi/structure_checks.h"

#include <ctype.h>

/* DNSCrypt protocol, "resolver magic": an answer begins with it; over TCP a length comes first. */
bool fits_dnscrypt(const struct message *message)
{
    static const char magic[] = "r6fnvWj8";
    struct cursor cursor = cursor_over(message->bytes);
    if (message->transport == TRANSPORT_TCP)
        cursor_skip(&cursor, 2);
    struct message answer = {.bytes = cursor_rest(&cursor)};
    return begins_with(&answer, magic);
}

/* Gnutella 0.6 §2.2: identifier, kind, hops to go and gone, and the length of the rest; or
 * Gnutella 2's datagram: a piece of several. */
bool fits_gnutella(const struct message *message)
{
    enum { IDENTIFIER = 16, HEADER = 23, HOPS_MAX = 16 };
    static const uint8_t kinds[] = {0x00, 0x01, 0x02, 0x30, 0x31, 0x32, 0x40, 0x80, 0x81};
    struct cursor cursor = cursor_over(message->bytes);
    if (begins_with(message, "GND") || begins_with(message, "GTX")) {
        cursor_skip(&cursor, 6);
        uint8_t part = cursor_u8(&cursor);
        uint8_t count = cursor_u8(&cursor);
        return cursor_ok(&cursor) && part >= 1 && (count == 0 || part <= count);
    }
    cursor_skip(&cursor, IDENTIFIER);
    uint8_t kind = cursor_u8(&cursor);
    unsigned hops = cursor_u8(&cursor);
    hops += cursor_u8(&cursor);
    uint32_t length = cursor_le32(&cursor);
    return cursor_ok(&cursor) && memchr(kinds, kind, sizeof kinds) && hops >= 1 &&
           hops <= HOPS_MAX && ends_the_message(message, (size_t)HEADER + length);
}

/* The measuring of Brazil's broadband: sixteen octets, the number of the probe in four digits. */
bool fits_eaq(const struct message *message)
{
    enum { PROBE = 16, DIGITS = 4 };
    struct cursor cursor = cursor_over(message->bytes);
    bool are_digits = message->wire_length == PROBE;
    for (int i = 0; i < DIGITS; i++)
        are_digits &= cursor_u8(&cursor) <= 9;
    return cursor_ok(&cursor) && are_digits;
}

/* Ubiquiti's discovery: version, command, length of the rest; types and lengths that walk to the
 * end. */
bool fits_ubnt(const struct message *message)
{
    enum { HEADER = 4, COMMAND_MAX = 11, ITEMS_MIN = 2 };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t version = cursor_u8(&cursor);
    uint8_t command = cursor_u8(&cursor);
    uint16_t length = cursor_be16(&cursor);
    size_t items = 0;
    if ((version != 1 && version != 2) || command > COMMAND_MAX ||
        !ends_the_message(message, HEADER + (size_t)length))
        return false;
    while (cursor_ok(&cursor) && cursor_left(&cursor) > 0) {
        cursor_skip(&cursor, 1);
        cursor_skip(&cursor, cursor_be16(&cursor));
        items += cursor_ok(&cursor);
    }
    return items >= ITEMS_MIN && walk_proves(&cursor, message, items);
}

/* Web Services Dynamic Discovery 1.1 §2: an envelope whose actions are in its name space. */
bool fits_ws_discovery(const struct message *message)
{
    static const char space_2005[] = "/ws/2005/04/discovery";
    static const char space_2009[] = "/ws-dd/ns/discovery/";
    return begins_with(message, "<") &&
           (span_holds(message->bytes, space_2005, sizeof space_2005 - 1) ||
            span_holds(message->bytes, space_2009, sizeof space_2009 - 1));
}

/* Oracle's TNS: length, no checksum, CONNECT; its version and the oldest that it can speak. */
bool fits_tns(const struct message *message)
{
    enum { CONNECT = 1, VERSION_MIN = 300, VERSION_MAX = 400 };
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t length = cursor_be16(&cursor);
    uint16_t checksum = cursor_be16(&cursor);
    uint8_t kind = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    uint16_t header_checksum = cursor_be16(&cursor);
    uint16_t version = cursor_be16(&cursor);
    uint16_t oldest = cursor_be16(&cursor);
    return cursor_ok(&cursor) && length >= 32 && length <= message->wire_length && checksum == 0 &&
           kind == CONNECT && header_checksum == 0 && version >= VERSION_MIN &&
           version <= VERSION_MAX && oldest >= VERSION_MIN && oldest <= version;
}

/* tinc's meta protocol, "ID": request 0, the daemon's name, protocol version 17. */
bool fits_tinc(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t request = cursor_u8(&cursor);
    uint8_t blank = cursor_u8(&cursor);
    size_t name = 0;
    uint8_t byte = cursor_u8(&cursor);
    for (; isalnum(byte) || byte == '_' || byte == '^'; byte = cursor_u8(&cursor))
        name++;
    return request == '0' && blank == ' ' && name >= 1 && byte == ' ' &&
           cursor_u8(&cursor) == '1' && cursor_u8(&cursor) == '7';
}

/* Steam's connection manager: a magic, over TCP behind a length. */
bool fits_steam(const struct message *message)
{
    if (message->transport == TRANSPORT_UDP)
        return begins_with(message, "VS01");
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_le32(&cursor);
    struct message behind = {.bytes = cursor_rest(&cursor)};
    return length > 0 && length < 65536 && begins_with(&behind, "VT01");
}

/* TeamViewer's datagrams: a command's magic behind eleven octets. */
bool fits_teamviewer(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    cursor_skip(&cursor, 10);
    uint16_t magic = cursor_be16(&cursor);
    return cursor_ok(&cursor) && first == 0 && magic == 0x1724;
}

/* Spotify's access point: version, length of the whole, then the client's build as field 10. */
bool fits_spotify(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t version = cursor_be16(&cursor);
    uint32_t length = cursor_be32(&cursor);
    uint8_t tag = cursor_u8(&cursor);
    return cursor_ok(&cursor) && version == 4 && length >= 32 && length < 4096 &&
           length <= message->wire_length && tag == (10 << 3 | 2);
}

/* ZMTP 3.1 (rfc.zeromq.org/spec/37) §3.1: the signature. */
bool fits_zmtp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    uint64_t length = cursor_be64(&cursor);
    uint8_t last = cursor_u8(&cursor);
    return cursor_ok(&cursor) && first == 0xff && length <= 256 && last == 0x7f;
}

/* AYIYA draft §3: sizes and kinds of identity and signature, what is carried, when it was sent. */
bool fits_ayiya(const struct message *message)
{
    enum { IPV6 = 41, NONE = 59 };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t identity = cursor_u8(&cursor);
    uint8_t signature = cursor_u8(&cursor);
    uint8_t operation = cursor_u8(&cursor);
    uint8_t next = cursor_u8(&cursor);
    uint32_t sent = cursor_be32(&cursor);
    return cursor_ok(&cursor) && identity >> 4 <= 5 && (identity & 15) <= 3 &&
           signature >> 4 <= 5 && (signature & 15) <= 3 && operation >> 4 <= 2 &&
           (operation & 15) <= 5 && (next == IPV6 || next == NONE) && sent > UINT32_C(946684800) &&
           message->wire_length >= 44;
}

/* "Enabling Passive Measurement of Zoom Performance" (Michel and others, 2022) §4: a kind; those
 * that open a session have a version and its identifier of sixteen octets behind it. */
bool fits_zoom(const struct message *message)
{
    enum { REQUEST = 1, ANSWER = 2, VERSION_MAX = 3, OPENING = 3 + 16 };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t kind = cursor_u8(&cursor);
    uint16_t version = cursor_be16(&cursor);
    return kind == (message->from == TO_RESPONDER ? REQUEST : ANSWER) && version >= 1 &&
           version <= VERSION_MAX && message->bytes.length >= OPENING;
}
