/* SPDX-License-Identifier: Apache-2.0
 *
 * Encrypted sessions and tunnels: what stands in clear before them.
 */
#include "dpi/structure_checks.h"

enum {
    TLS_HANDSHAKE = 22,
    TLS_RECORD_MAX = 16384 + 2048,
    CLIENT_HELLO = 1,
    SERVER_HELLO = 2,
};

static bool is_record_type(uint8_t type)
{
    return type >= 20 && type <= 24;
}

/* RFC 8446 §4: type and length of a handshake message; a hello goes on with the version. */
static bool is_hello(struct cursor cursor)
{
    uint8_t type = cursor_u8(&cursor);
    uint32_t length = cursor_be24(&cursor);
    uint8_t major = cursor_u8(&cursor);
    return cursor_ok(&cursor) && (type == CLIENT_HELLO || type == SERVER_HELLO) && length >= 34 &&
           (major == 3 || major == 0xfe);
}

/* RFC 6101 appendix E: a version 2 hello whose parts' lengths add up. */
static bool is_version_2_hello(struct cursor cursor)
{
    uint16_t record = cursor_be16(&cursor);
    uint8_t type = cursor_u8(&cursor);
    uint16_t version = cursor_be16(&cursor);
    uint16_t ciphers = cursor_be16(&cursor);
    uint16_t session = cursor_be16(&cursor);
    uint16_t challenge = cursor_be16(&cursor);
    return cursor_ok(&cursor) && (record & 0x8000) && type == CLIENT_HELLO &&
           (version == 2 || version >> 8 == 3) && ciphers % 3 == 0 && ciphers > 0 &&
           (record & 0x7fff) == 9 + ciphers + session + challenge;
}

/* RFC 8446 §5.1: a record's header; the stream or the next record goes on exactly behind it. */
static bool skip_tls_record(struct cursor *cursor)
{
    uint8_t type = cursor_u8(cursor);
    uint8_t major = cursor_u8(cursor);
    uint8_t minor = cursor_u8(cursor);
    uint16_t length = cursor_be16(cursor);
    bool is_record = cursor_ok(cursor) && is_record_type(type) && major == 3 && minor <= 4 &&
                     length > 0 && length <= TLS_RECORD_MAX;
    cursor_skip(cursor, length);
    return is_record;
}

bool fits_tls(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    struct cursor record = cursor;
    if (!skip_tls_record(&cursor))
        return is_version_2_hello(record);
    if (cursor_peek(&record, 0) == TLS_HANDSHAKE)
        return cursor_skip(&record, 5) && is_hello(record);
    /* Midstream: a chain of at least two records, or one that ends with the message. */
    if (cursor_ok(&cursor) && cursor_left(&cursor) == 0)
        return !message_is_cut(message);
    return cursor_ok(&cursor) && skip_tls_record(&cursor);
}

/* RFC 8446 §4.1.2: behind version and random come session, cipher suites and compression, then
 * extensions. Stands at the first of these; false when there is none. */
static bool skip_to_extensions(struct cursor *cursor)
{
    enum { RECORD_AND_HANDSHAKE = 5 + 4, VERSION_AND_RANDOM = 2 + 32 };
    cursor_skip(cursor, RECORD_AND_HANDSHAKE + VERSION_AND_RANDOM);
    cursor_skip(cursor, cursor_u8(cursor));
    cursor_skip(cursor, cursor_be16(cursor));
    cursor_skip(cursor, cursor_u8(cursor));
    cursor_skip(cursor, 2);
    return cursor_ok(cursor);
}

/* Without a name in the hello the certificate may tell it, which is encrypted from 1.3 on (RFC 8446
 * §4.2.1 and §4.4.2). */
bool tls_names_late(const struct conversation *conversation)
{
    enum { SUPPORTED_VERSIONS = 43, VERSION_1_3 = 0x0304 };
    struct cursor cursor = cursor_over(conversation->streams[TO_RESPONDER].bytes);
    if (!skip_to_extensions(&cursor))
        return true;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 4) {
        uint16_t type = cursor_be16(&cursor);
        uint16_t length = cursor_be16(&cursor);
        struct cursor versions = cursor;
        cursor_limit(&versions, length);
        cursor_skip(&versions, 1);
        while (type == SUPPORTED_VERSIONS && cursor_left(&versions) >= 2) {
            if (cursor_be16(&versions) == VERSION_1_3)
                return false;
        }
        cursor_skip(&cursor, length);
    }
    return true;
}

/* RFC 6347 §4.1: type, version, epoch, sequence number, length. */
static bool skip_dtls_record(struct cursor *cursor)
{
    uint8_t type = cursor_u8(cursor);
    uint16_t version = cursor_be16(cursor);
    cursor_skip(cursor, 8);
    uint16_t length = cursor_be16(cursor);
    bool is_record = cursor_ok(cursor) && is_record_type(type) && length > 0 &&
                     (version == 0xfeff || version == 0xfefd || version == 0x0100);
    cursor_skip(cursor, length);
    return is_record;
}

bool fits_dtls(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (!skip_dtls_record(&cursor))
        return false;
    return cursor_ok(&cursor) ? cursor_left(&cursor) == 0 || skip_dtls_record(&cursor)
                              : message_is_cut(message);
}

/* RFC 9000 §15, RFC 9369 §3, and the drafts and Google's that were deployed. */
static bool is_quic_version(uint32_t version)
{
    bool is_greased = (version & UINT32_C(0x0f0f0f0f)) == UINT32_C(0x0a0a0a0a);
    return is_greased || version == 0 || version == 1 || version == UINT32_C(0x6b3343cf) ||
           version == UINT32_C(0x709a50c4) || version >> 8 == 0xff0000 ||
           version >> 8 == 0xfaceb0 || (version >> 24 == 'Q' && (version >> 16 & 0xff) == '0') ||
           (version >> 24 == 'T' && (version >> 16 & 0xff) == '0');
}

static bool is_google_version(uint32_t version)
{
    return version >> 24 == 'Q' && (version >> 16 & 0xff) == '0';
}

/* RFC 9000 §17.2; before Q046, Google's public header: flags, connection id, version. */
bool fits_quic(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    if (!(first & 0x80)) {
        if ((first & 0xc9) != 0x09)
            return false;
        cursor_skip(&cursor, 8);
        return is_google_version(cursor_be32(&cursor)) && message->wire_length >= 30;
    }
    uint32_t version = cursor_be32(&cursor);
    uint8_t destination = cursor_u8(&cursor);
    return cursor_ok(&cursor) && is_quic_version(version) &&
           (is_google_version(version) || destination <= 20);
}

/* RFC 7296 §3.1: two cookies, next payload, version 1.0 or 2.0, exchange, flags, message id, and
 * the length of the whole; four zero octets before it on the NAT-T port (RFC 3948 §2.2). */
static bool is_ike(struct cursor cursor, const struct message *message, size_t before)
{
    cursor_skip(&cursor, 16);
    uint8_t next = cursor_u8(&cursor);
    uint8_t version = cursor_u8(&cursor);
    uint8_t exchange = cursor_u8(&cursor);
    cursor_skip(&cursor, 1 + 4);
    uint32_t length = cursor_be32(&cursor);
    bool is_version_1 =
        version == 0x10 && ((exchange >= 1 && exchange <= 6) || exchange == 32 || exchange == 33);
    bool is_version_2 = version == 0x20 && exchange >= 34 && exchange <= 43;
    return cursor_ok(&cursor) && (is_version_1 || is_version_2) && next <= 132 &&
           ends_the_message(message, before + length);
}

bool fits_ike(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (is_ike(cursor, message, 0))
        return true;
    return cursor_be32(&cursor) == 0 && is_ike(cursor, message, 4);
}

/* WireGuard whitepaper §5.4: type, three zero octets, and a size that the type fixes. */
bool fits_wireguard(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t type = cursor_le32(&cursor);
    if (!cursor_ok(&cursor))
        return false;
    switch (type) {
    case 1:
        return message->wire_length == 148;
    case 2:
        return message->wire_length == 92;
    case 3:
        return message->wire_length == 64;
    case 4:
        return message->wire_length >= 32 && message->wire_length % 16 == 0;
    default:
        return false;
    }
}

/* Behind the session id: nothing acknowledged and packet 0, or tls-auth's digest and a replay
 * counter that has just begun. */
static bool is_openvpn_opening(struct cursor cursor)
{
    static const uint8_t digests[] = {16, 20, 28, 32, 48, 64};
    struct cursor plain = cursor;
    if (cursor_u8(&plain) == 0 && cursor_be32(&plain) == 0)
        return cursor_ok(&plain);
    for (size_t i = 0; i < sizeof digests; i++) {
        struct cursor behind = cursor;
        cursor_skip(&behind, digests[i]);
        uint32_t counter = cursor_be32(&behind);
        if (cursor_ok(&behind) && counter >= 1 && counter <= 4)
            return true;
    }
    return false;
}

/* OpenVPN protocol: operation in the top five bits (hard resets open the session), eight octets of
 * session id; over TCP a length comes first. */
bool fits_openvpn(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (message->transport == TRANSPORT_TCP) {
        uint16_t length = cursor_be16(&cursor);
        if (length < 14 || length > 1500)
            return false;
    }
    uint8_t operation = cursor_u8(&cursor);
    cursor_skip(&cursor, 8);
    bool is_reset = operation == 7 << 3 || operation == 8 << 3 || operation == 10 << 3;
    return cursor_ok(&cursor) && is_reset && is_openvpn_opening(cursor);
}

/* RFC 2637 §2: length, control message, magic cookie. */
bool fits_pptp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, 2);
    uint16_t type = cursor_be16(&cursor);
    return type == 1 && cursor_be32(&cursor) == UINT32_C(0x1a2b3c4d);
}

/* RFC 1928 §3: version, count, methods, nothing else; version 4 as in SOCKS4.protocol. */
bool fits_socks(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t version = cursor_u8(&cursor);
    uint8_t count = cursor_u8(&cursor);
    if (version == 5)
        return count == 0 ||
               (count <= 9 && message->wire_length >= count + 2u && cursor_peek(&cursor, 0) <= 9);
    if (version == 0) /* version 4's answer */
        return count >= 0x5a && count <= 0x5d && message->wire_length >= 8;
    uint16_t port = cursor_be16(&cursor);
    cursor_skip(&cursor, 4);
    return version == 4 && (count == 1 || count == 2) && port != 0 && cursor_ok(&cursor) &&
           message->wire_length < 256;
}
