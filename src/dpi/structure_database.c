/* SPDX-License-Identifier: Apache-2.0
 *
 * Databases, remote procedure calls and message brokers.
 */
#include "dpi/structure_checks.h"

#include <ctype.h>

/* MySQL client/server protocol, "Handshake": length, sequence 0, version 10, printable version. */
bool fits_mysql(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_le32(&cursor); /* the sequence is its top octet */
    uint8_t version = cursor_u8(&cursor);
    uint8_t digit = cursor_u8(&cursor);
    return cursor_ok(&cursor) && length >= 40 && length < 512 && (version == 10 || version == 9) &&
           isdigit(digit) && cursor_peek(&cursor, 0) == '.';
}

/* The same to its end, as MySQL 8 and MariaDB send it: behind the version its thread, eight octets
 * of salt, a zero, capabilities, character set, state, capabilities, the salt's length and zeros.
 */
bool fits_mysql_greeting(const struct message *message)
{
    enum { HEADER = 4, VERSION_MAX = 64, BEHIND_VERSION_MIN = 31, SALT_MAX = 64 };
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_le32(&cursor); /* the sequence is its top octet */
    uint8_t protocol = cursor_u8(&cursor);
    size_t version = 0;
    while (version < VERSION_MAX && isprint(cursor_u8(&cursor)))
        version++;
    cursor_skip(&cursor, 4 + 8);
    uint8_t filler = cursor_u8(&cursor);
    cursor_skip(&cursor, 2 + 1 + 2 + 2);
    uint8_t salt = cursor_u8(&cursor);
    uint32_t zeros = cursor_be32(&cursor) | cursor_be16(&cursor);
    return cursor_ok(&cursor) && protocol == 10 && version >= 3 && version < VERSION_MAX &&
           length >= version + BEHIND_VERSION_MIN && length < 512 &&
           message->wire_length >= HEADER + length && filler == 0 && salt <= SALT_MAX && zeros == 0;
}

/* PostgreSQL frontend/backend protocol §55.7: startup, or the requests for encryption; the server
 * answers them with one letter, or asks for authentication. */
bool fits_postgresql(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_be32(&cursor);
    uint32_t code = cursor_be32(&cursor);
    if (message->bytes.length >= 9 && message->bytes.at[0] == 'R')
        return (length & 0x00ffffff) == 0 && code >> 24 >= 8;
    return cursor_ok(&cursor) && length >= 8 && length < 4096 &&
           (code == UINT32_C(0x00030000) || code == 80877103 || code == 80877104 ||
            code == 80877102);
}

/* Redis serialization protocol: a kind, a number or a word, the line's end. */
bool fits_redis(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t kind = cursor_u8(&cursor);
    if (begins_with(message, "+OK\r\n") || begins_with(message, "+PONG\r\n") ||
        begins_with(message, "-ERR ") || begins_with(message, "-NOAUTH"))
        return true;
    size_t digits = 0;
    while (digits < 9 && isdigit(cursor_peek(&cursor, digits)))
        digits++;
    return (kind == '*' || kind == '$' || kind == ':') && digits > 0 &&
           cursor_peek(&cursor, digits) == '\r' && cursor_peek(&cursor, digits + 1) == '\n' &&
           (kind != '*' || cursor_peek(&cursor, digits + 2) == '$' ||
            cursor_peek(&cursor, digits + 2) == -1);
}

/* MongoDB wire protocol: length, request, response, operation. */
bool fits_mongodb(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_le32(&cursor);
    cursor_skip(&cursor, 8);
    uint32_t operation = cursor_le32(&cursor);
    bool is_operation = operation == 1 || (operation >= 2001 && operation <= 2013);
    return cursor_ok(&cursor) && length >= 20 && length < UINT32_C(48000000) && is_operation;
}

/* [MS-TDS] §2.2.3.1: type, status, length, process, packet 0 or 1, window 0. A TPKT header looks
 * like a remote procedure call (3), so that one must have no process. */
bool fits_tds(const struct message *message)
{
    enum { RPC = 3, HEADER = 8 };
    static const uint8_t types[] = {1, 2, RPC, 4, 6, 7, 14, 16, 17, 18};
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t type = cursor_u8(&cursor);
    uint8_t status = cursor_u8(&cursor);
    uint16_t length = cursor_be16(&cursor);
    uint16_t process = cursor_be16(&cursor);
    uint8_t packet = cursor_u8(&cursor);
    uint8_t window = cursor_u8(&cursor);
    bool is_whole = message->wire_length >= length || message->bytes.length >= FLOW_SAMPLE_SIZE ||
                    message_is_cut(message);
    return cursor_ok(&cursor) && memchr(types, type, sizeof types) && status <= 0x19 &&
           length > HEADER && packet <= 1 && window == 0 && (type != RPC || process == 0) &&
           is_whole;
}

/* CQL binary protocol §2: version, flags, stream, opcode, length of the body. A connection opens
 * with OPTIONS or STARTUP and is answered by SUPPORTED, READY, AUTHENTICATE or ERROR. */
bool fits_cassandra(const struct message *message)
{
    static const uint8_t openings[] = {0x01, 0x05};
    static const uint8_t answers[] = {0x00, 0x02, 0x03, 0x06};
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t version = cursor_u8(&cursor);
    uint8_t flags = cursor_u8(&cursor);
    cursor_skip(&cursor, (version & 0x7f) >= 3 ? 2 : 1);
    uint8_t opcode = cursor_u8(&cursor);
    uint32_t length = cursor_be32(&cursor);
    bool is_answer = version >> 7;
    bool is_opening = is_answer ? memchr(answers, opcode, sizeof answers) != NULL
                                : memchr(openings, opcode, sizeof openings) != NULL;
    size_t header = (version & 0x7f) >= 3 ? 9 : 8;
    return cursor_ok(&cursor) && (version & 0x7f) >= 1 && (version & 0x7f) <= 5 && flags <= 0x1f &&
           is_opening && message->wire_length >= header + length &&
           (is_answer || opcode != 0x05 || length == 0);
}

/* memcached's text commands and answers, its binary header, and the header of its datagrams. */
bool fits_memcached(const struct message *message)
{
    static const char *const words[] = {"get ",    "gets ", "set ",     "add ",     "stats",
                                        "VALUE ",  "STAT ", "STORED\r", "END\r",    "version\r",
                                        "delete ", "incr ", "replace ", "VERSION ", NULL};
    struct message text = *message;
    if (message->transport == TRANSPORT_UDP) {
        struct cursor cursor = cursor_over(message->bytes);
        cursor_skip(&cursor, 4);
        uint16_t total = cursor_be16(&cursor);
        uint16_t reserved = cursor_be16(&cursor);
        if (!cursor_ok(&cursor) || total == 0 || reserved != 0)
            return false;
        text.bytes = cursor_rest(&cursor);
    }
    for (const char *const *word = words; *word; word++) {
        if (begins_with(&text, *word))
            return true;
    }
    return false;
}

/* RFC 5531 §9: transaction, call with version 2 and a program of the well-known range, or a reply
 * that is accepted or denied; TCP puts a record mark before it (§11). */
bool fits_onc_rpc(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (message->transport == TRANSPORT_TCP) {
        uint32_t mark = cursor_be32(&cursor) & UINT32_C(0x7fffffff);
        if (mark < 24 || mark > UINT32_C(0x00ffffff))
            return false;
    }
    cursor_skip(&cursor, 4);
    uint32_t type = cursor_be32(&cursor);
    uint32_t second = cursor_be32(&cursor);
    uint32_t third = cursor_be32(&cursor);
    if (!cursor_ok(&cursor))
        return false;
    if (type == 0)
        return second == 2 && third >= 100000 && third < 400000;
    return type == 1 && second <= 1 && third <= 6;
}

/* C706 §12.6.3.1: version 5, a packet type, data representation, length of the fragment. */
bool fits_dce_rpc(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t version = cursor_u8(&cursor);
    uint8_t minor = cursor_u8(&cursor);
    uint8_t type = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    uint8_t representation = cursor_u8(&cursor);
    if (message->transport == TRANSPORT_UDP)
        return version == 4 && minor <= 19 && message->wire_length >= 80;
    cursor_skip(&cursor, 3);
    uint16_t length = representation & 0x10 ? cursor_le16(&cursor) : cursor_be16(&cursor);
    return cursor_ok(&cursor) && version == 5 && minor <= 1 && type <= 20 &&
           (representation & 0xee) == 0 && length >= 16;
}

/* AJP13: magic of the direction, length. */
bool fits_ajp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t magic = cursor_be16(&cursor);
    uint16_t length = cursor_be16(&cursor);
    uint8_t code = cursor_u8(&cursor);
    return cursor_ok(&cursor) && length > 0 && length <= 8192 && code >= 2 && code <= 27 &&
           ((magic == 0x1234 && (code == 2 || code == 7 || code == 8 || code == 10)) ||
            (magic == 0x4142 && (code <= 6 || code == 9)));
}

/* SMPP 3.4 §3.2: length, command, status, sequence. */
bool fits_smpp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_be32(&cursor);
    uint32_t command = cursor_be32(&cursor) & UINT32_C(0x7fffffff);
    uint32_t status = cursor_be32(&cursor);
    uint32_t sequence = cursor_be32(&cursor);
    return cursor_ok(&cursor) && length >= 16 && length < 4096 && length <= message->wire_length &&
           (command <= 0x15 || command == 0x21 || command == 0x102 || command == 0x103) &&
           status < 0x500 && sequence > 0;
}

/* DRDA (DDM, data stream structures): length, magic, format, correlation, length of the object. */
bool fits_drda(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t length = cursor_be16(&cursor);
    uint8_t magic = cursor_u8(&cursor);
    cursor_skip(&cursor, 3);
    uint16_t object = cursor_be16(&cursor);
    return cursor_ok(&cursor) && magic == 0xd0 && object >= 4 && length == object + 6u;
}
