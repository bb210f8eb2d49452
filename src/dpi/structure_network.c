/* SPDX-License-Identifier: Apache-2.0
 *
 * What networks run on: time, addresses, accounting, telemetry, tunnels.
 */
#include "dpi/structure_checks.h"

enum {
    NTP_HEADER = 48,
    DHCP_COOKIE_AT = 236,
    RADIUS_HEADER = 20,
};

/* RFC 5905 §7.3 and §7.5: header, then a key and digest or extension fields. */
static bool is_ntp_size(size_t length)
{
    return length == NTP_HEADER || length == 52 || length == 68 || length == 72 ||
           (length > 72 && length < 1024 && length % 4 == 0);
}

/* RFC 1305 appendix B (mode 6) and ntpdc's private mode 7: the sizes of what follows add up. */
static bool is_ntp_control(struct cursor cursor, const struct message *message, unsigned mode)
{
    if (mode == 6) {
        uint8_t operation = cursor_u8(&cursor) & 0x1f;
        cursor_skip(&cursor, 8);
        uint16_t count = cursor_be16(&cursor);
        return cursor_ok(&cursor) && operation <= 31 && message->wire_length >= 12u + count &&
               message->wire_length <= 12u + count + 3 + 24;
    }
    cursor_skip(&cursor, 1);
    uint8_t implementation = cursor_u8(&cursor);
    uint8_t request = cursor_u8(&cursor);
    uint16_t items = cursor_be16(&cursor) & 0x0fff;
    uint16_t size = cursor_be16(&cursor) & 0x0fff;
    return implementation <= 3 && request <= 46 &&
           (message->wire_length == 8u + (size_t)items * size || message->wire_length == 8 ||
            message->wire_length == 48 || message->wire_length == 192);
}

bool fits_ntp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    unsigned version = first >> 3 & 7;
    unsigned mode = first & 7;
    if (version < 1 || version > 4 || mode < 1)
        return false;
    if (mode >= 6)
        return is_ntp_control(cursor, message, mode);
    uint8_t stratum = cursor_u8(&cursor);
    int8_t poll = (int8_t)cursor_u8(&cursor);
    int8_t precision = (int8_t)cursor_u8(&cursor);
    uint32_t root_delay = cursor_be32(&cursor);
    return cursor_ok(&cursor) && is_ntp_size(message->wire_length) && stratum <= 16 && poll >= -6 &&
           poll <= 17 && precision <= 0 && precision >= -32 && root_delay <= UINT32_C(0x00ffffff);
}

/* RFC 2131 §2 and §3: operation, hardware, and the cookie behind the fixed part. */
bool fits_dhcp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t operation = cursor_u8(&cursor);
    uint8_t hardware = cursor_u8(&cursor);
    uint8_t length = cursor_u8(&cursor);
    cursor_skip(&cursor, DHCP_COOKIE_AT - 3);
    bool is_plausible = (operation == 1 || operation == 2) && hardware >= 1 && length <= 16;
    if (!cursor_ok(&cursor))
        return is_plausible && message_is_cut(message) && length == 6 &&
               message->bytes.length >= 44 && message->wire_length >= 240;
    return is_plausible && cursor_be32(&cursor) == UINT32_C(0x63825363);
}

/* RFC 8415 §8 and §21: message type, transaction, options that walk to the end. */
bool fits_dhcpv6(const struct message *message)
{
    enum { RELAY_FORWARD = 12, RELAY_HEADER = 34, OPTION_MAX = 150 };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t type = cursor_u8(&cursor);
    size_t options = 0;
    if (type < 1 || type > 23)
        return false;
    cursor_skip(&cursor, type == RELAY_FORWARD || type == 13 ? RELAY_HEADER - 1 : 3);
    while (cursor_ok(&cursor) && cursor_left(&cursor) > 0) {
        uint16_t code = cursor_be16(&cursor);
        uint16_t length = cursor_be16(&cursor);
        if (cursor_ok(&cursor) && (code == 0 || code > OPTION_MAX))
            return false;
        cursor_skip(&cursor, length);
        options += cursor_ok(&cursor);
    }
    return options >= 2 && walk_proves(&cursor, message, options);
}

/* RFC 2865 §5 and RFC 3579 §3.2: what is a number or an address has six octets, CHAP's password and
 * the authenticator sizes of their own. */
static bool is_radius_attribute(uint8_t type, uint8_t size)
{
    static const uint8_t of_six[] = {4,  5,  6,  7,  8,  9,  10, 12, 13, 14, 15,
                                     16, 23, 27, 28, 29, 37, 38, 40, 41, 42, 43,
                                     45, 46, 47, 48, 49, 51, 52, 53, 55, 61, 62};
    enum { CHAP_PASSWORD = 3, AUTHENTICATOR = 80 };
    if (type == CHAP_PASSWORD)
        return size == 19;
    if (type == AUTHENTICATOR)
        return size == 18;
    return type != 0 && (memchr(of_six, type, sizeof of_six) ? size == 6 : size >= 3);
}

/* RFC 2865 §3 and §5: code, identifier, length, authenticator, attributes that walk to the end. */
bool fits_radius(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t code = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    uint16_t length = cursor_be16(&cursor);
    cursor_skip(&cursor, 16);
    bool is_code =
        (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
    if (!is_code || length < RADIUS_HEADER || length > message->wire_length)
        return false;
    cursor_limit(&cursor, length - (size_t)RADIUS_HEADER);
    size_t attributes = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) > 0) {
        uint8_t type = cursor_u8(&cursor);
        uint8_t size = cursor_u8(&cursor);
        if (cursor_ok(&cursor) && !is_radius_attribute(type, size))
            return false;
        cursor_skip(&cursor, size >= 2 ? size - 2u : 0);
        attributes += cursor_ok(&cursor);
    }
    return walk_proves(&cursor, message, attributes);
}

/* RFC 6733 §3: version 1, length, flags whose low bits are zero, command. */
bool fits_diameter(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t version = cursor_u8(&cursor);
    uint32_t length = cursor_be24(&cursor);
    uint8_t flags = cursor_u8(&cursor);
    uint32_t command = cursor_be24(&cursor);
    return cursor_ok(&cursor) && version == 1 && length >= 20 && length % 4 == 0 &&
           length <= 65536 && (flags & 0x0f) == 0 && command >= 257 && command < 0x900000;
}

/* RFC 1350 §5: a request's mode, whatever its name, or a numbered block of at most 512 octets (more
 * by RFC 2348). */
bool fits_tftp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t operation = cursor_be16(&cursor);
    struct span rest = cursor_rest(&cursor);
    switch (operation) {
    case 1:
    case 2:
        return span_holds(rest, "octet\0", 6) || span_holds(rest, "netascii\0", 9) ||
               (rest.length > 6 && rest.at[0] > 0x20 && rest.at[0] < 0x7f &&
                message_is_cut(message));
    case 3:
        return message->wire_length >= 4 && message->wire_length <= 1472;
    case 4:
        return message->wire_length == 4;
    case 5:
        return cursor_be16(&cursor) <= 8 && message->wire_length < 512;
    case 6:
        return rest.length > 4 && rest.at[rest.length - 1] == 0;
    default:
        return false;
    }
}

/* The registry of RFC 7252 §12.2. */
static bool is_coap_option(unsigned number)
{
    static const uint16_t options[] = {1,  3,  4,  5,  6,  7,  8,  9,  11, 12, 14,  15,  16, 17,
                                       19, 20, 21, 23, 27, 28, 31, 35, 39, 60, 252, 258, 292};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (options[i] == number)
            return true;
    }
    return number >= 2048 && number <= 2053;
}

/* RFC 7252 §3: version 1, token of at most eight octets, a code that exists, options whose numbers
 * and lengths walk to the payload marker or the end. */
bool fits_coap(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    uint8_t code = cursor_u8(&cursor);
    cursor_skip(&cursor, 2u + (first & 15));
    unsigned class = code >> 5;
    bool is_code = class == 0 ? (code & 31) <= 7 : (class == 2 || class == 4 || class == 5);
    if (first >> 6 != 1 || (first & 15) > 8 || !is_code || (class != 0 && (code & 31) > 31))
        return false;
    unsigned number = 0;
    size_t options = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) > 0) {
        uint8_t option = cursor_u8(&cursor);
        if (option == 0xff)
            return cursor_left(&cursor) > 0 || message_is_cut(message);
        unsigned delta = option >> 4;
        unsigned length = option & 15;
        if (delta == 15 || length == 15 || option == 0) /* an empty one again: padding */
            return false;
        delta += delta == 13 ? cursor_u8(&cursor) : delta == 14 ? 255u + cursor_be16(&cursor) : 0;
        length += length == 13   ? cursor_u8(&cursor)
                  : length == 14 ? 255u + cursor_be16(&cursor)
                                 : 0;
        number += delta;
        if (!is_coap_option(number) || length > 1034)
            return false;
        cursor_skip(&cursor, length);
        options += cursor_ok(&cursor);
    }
    return walk_proves(&cursor, message, options);
}

/* MQTT 3.1.1 §3.1: CONNECT with the protocol's name; §3.2: CONNACK in the other direction. */
bool fits_mqtt(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t type = cursor_u8(&cursor);
    for (int i = 0; i < 4 && (cursor_u8(&cursor) & 0x80); i++)
        ;
    struct span rest = cursor_rest(&cursor);
    struct message behind = {.bytes = rest};
    return type == 0x10 && (begins_with_bytes(&behind, "\0\4MQTT", 6) ||
                            begins_with_bytes(&behind, "\0\6MQIsdp", 8));
}

/* AMQP 0-9-1 §4.2.2 and 1.0 §2.2; a method frame on a connection that goes on. */
bool fits_amqp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (begins_with(message, "AMQP"))
        return true;
    uint8_t type = cursor_u8(&cursor);
    cursor_skip(&cursor, 2);
    uint32_t size = cursor_be32(&cursor);
    uint16_t class = cursor_be16(&cursor);
    uint16_t method = cursor_be16(&cursor);
    return cursor_ok(&cursor) && type == 1 && size >= 4 && size < 131072 && class >= 10 &&
           class <= 90 && class % 10 == 0 && method >= 10 && method <= 121;
}

/* Cisco's versions 1, 5 and 7 have records of fixed size; RFC 3954 §5.1; RFC 7011 §3.1. */
bool fits_netflow(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t version = cursor_be16(&cursor);
    uint16_t count = cursor_be16(&cursor);
    uint32_t uptime = cursor_be32(&cursor);
    uint32_t seconds = cursor_be32(&cursor);
    bool is_date = seconds > UINT32_C(946684800) && seconds < UINT32_C(2147483648);
    size_t length = message->wire_length;
    if (!cursor_ok(&cursor))
        return false;
    switch (version) {
    case 5:
        return is_date && count >= 1 && count <= 30 && length == 24u + 48u * count;
    case 7:
        return is_date && count >= 1 && count <= 28 && length == 24u + 52u * count;
    case 9:
        return is_date && count >= 1 && count <= 64 && length >= 24 && length % 4 == 0;
    case 10: /* the date stands where version 9 has the uptime */
        return count == length && uptime > UINT32_C(946684800);
    default:
        return false;
    }
}

/* sFlow version 5: version, kind of the agent's address, the address, sub-agent, sequence, uptime,
 * number of samples. */
bool fits_sflow(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t version = cursor_be32(&cursor);
    uint32_t kind = cursor_be32(&cursor);
    cursor_skip(&cursor, kind == 2 ? 16 : 4);
    cursor_skip(&cursor, 12);
    uint32_t samples = cursor_be32(&cursor);
    return cursor_ok(&cursor) && (version == 2 || version == 4 || version == 5) &&
           (kind == 1 || kind == 2) && samples >= 1 && samples <= 64 && message->wire_length >= 28;
}

/* 3GPP TS 29.060 §6, TS 29.274 §5.1, TS 32.295: version, type, and a length that ends the
 * datagram. */
bool fits_gtp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t flags = cursor_u8(&cursor);
    uint8_t type = cursor_u8(&cursor);
    uint16_t length = cursor_be16(&cursor);
    unsigned version = flags >> 5;
    bool is_type = type >= 1 && version <= 2;
    size_t header = version == 2 ? 4 : version == 1 && (flags & 0x10) ? 8 : 6;
    return cursor_ok(&cursor) && is_type &&
           (ends_the_message(message, header + length) ||
            (version == 0 && (ends_the_message(message, 20u + length) || header + length == 6)));
}

/* RFC 4380 §5.1.1: indications (0001, 0000), then an IPv6 packet with a Teredo or link-local
 * address in it. */
bool fits_teredo(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (cursor_peek(&cursor, 0) == 0 && cursor_peek(&cursor, 1) == 1) {
        cursor_skip(&cursor, 2);
        uint8_t identifier = cursor_u8(&cursor);
        uint8_t authentication = cursor_u8(&cursor);
        cursor_skip(&cursor, (size_t)identifier + authentication + 8 + 1);
    }
    if (cursor_peek(&cursor, 0) == 0 && cursor_peek(&cursor, 1) == 0)
        cursor_skip(&cursor, 8);
    uint8_t version = cursor_u8(&cursor);
    cursor_skip(&cursor, 3);
    uint16_t length = cursor_be16(&cursor);
    cursor_skip(&cursor, 2);
    uint32_t source = cursor_be32(&cursor);
    cursor_skip(&cursor, 12);
    uint32_t destination = cursor_be32(&cursor);
    bool is_source = source == UINT32_C(0x20010000) || source >> 16 == 0xfe80;
    bool is_destination = destination == UINT32_C(0x20010000) || destination >> 16 == 0xfe80 ||
                          destination >> 16 == 0xff02;
    return cursor_ok(&cursor) && version >> 4 == 6 && (is_source || is_destination) &&
           length <= message->wire_length;
}

/* RFC 9301 §5.2-§5.6: where the first address family stands depends on the type. */
static bool skip_to_lisp_family(struct cursor *cursor, unsigned type)
{
    enum { MAP_REQUEST = 1, MAP_REPLY = 2, MAP_REGISTER = 3, MAP_NOTIFY = 4, RECORD = 10 };
    if (type == MAP_REQUEST)
        return true;
    if (type == MAP_REGISTER || type == MAP_NOTIFY) {
        cursor_skip(cursor, 2);
        uint16_t authentication = cursor_be16(cursor);
        cursor_skip(cursor, authentication);
    }
    cursor_skip(cursor, RECORD);
    return type >= MAP_REPLY && type <= MAP_NOTIFY;
}

/* RFC 9301 §5.1: type, count of records, nonce, and the first record's address family. */
bool fits_lisp(const struct message *message)
{
    enum { LCAF = 16387 };
    struct cursor cursor = cursor_over(message->bytes);
    unsigned type = cursor_u8(&cursor) >> 4;
    cursor_skip(&cursor, 2);
    uint8_t records = cursor_u8(&cursor);
    cursor_skip(&cursor, 8);
    if (!skip_to_lisp_family(&cursor, type) || records < 1 || records > 32)
        return false;
    uint16_t family = cursor_be16(&cursor);
    if (family == 0 && type == 1) /* no source; the first locator follows */
        family = cursor_be16(&cursor);
    return cursor_ok(&cursor) && (family == 1 || family == 2 || family == LCAF);
}

/* AFS' Rx: epoch, connection, call, sequence, serial, type, flags, status, security, two more. */
bool fits_rx(const struct message *message)
{
    enum { BEFORE_TYPE = 20, TYPE_MAX = 13, SECURITY_MAX = 5 };
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, BEFORE_TYPE);
    uint8_t type = cursor_u8(&cursor);
    uint8_t flags = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    uint8_t security = cursor_u8(&cursor);
    cursor_skip(&cursor, 4);
    bool is_opener = flags & 1;
    return cursor_ok(&cursor) && type >= 1 && type <= TYPE_MAX && flags < 0x40 &&
           security <= SECURITY_MAX && is_opener == (message->from == TO_RESPONDER);
}
