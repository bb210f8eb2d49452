/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls, sharing, and the applications that speak protocols of their own.
 */
#include "dpi/structure_checks.h"

enum { STUN_HEADER = 20, RTP_HEADER = 12 };

#define STUN_COOKIE UINT32_C(0x2112a442)

/* RFC 8489 §14: attributes walk to the message's end, in steps of four. */
static bool attributes_fit(struct cursor cursor, const struct message *message)
{
    size_t attributes = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 4) {
        uint16_t type = cursor_be16(&cursor);
        uint16_t length = cursor_be16(&cursor);
        if (type == 0)
            return false;
        cursor_skip(&cursor, (length + 3u) & ~3u);
        attributes += cursor_ok(&cursor);
    }
    return walk_proves(&cursor, message, attributes) &&
           (!cursor_ok(&cursor) || cursor_left(&cursor) == 0);
}

/* RFC 8489 §5 with its cookie; the older form (RFC 3489 §11.1) must have a known method and walk.
 * Over TCP a length may come first (RFC 4571). */
static bool is_stun(struct cursor cursor, const struct message *message, size_t before)
{
    uint16_t type = cursor_be16(&cursor);
    uint16_t length = cursor_be16(&cursor);
    uint32_t cookie = cursor_be32(&cursor);
    cursor_skip(&cursor, 12);
    if (!cursor_ok(&cursor) || (type & 0xc000) || length % 4 != 0)
        return false;
    bool is_whole = ends_the_message(message, before + STUN_HEADER + length);
    if (cookie == STUN_COOKIE)
        return is_whole || message->transport == TRANSPORT_TCP;
    unsigned method = (type & 0x0f) | (type >> 1 & 0x70) | (type >> 2 & 0xf80);
    return is_whole && (method == 1 || method == 3) && length > 0 &&
           attributes_fit(cursor, message);
}

bool fits_stun(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (is_stun(cursor, message, 0))
        return true;
    if (message->transport != TRANSPORT_TCP)
        return false;
    cursor_skip(&cursor, 2);
    return is_stun(cursor, message, 2);
}

/* RFC 3550 §5.1: version 2, no contributing sources (they need a mixer), a media payload type, an
 * extension and a padding that have room; the sequence is judged over the whole flow. */
bool fits_rtp(const struct message *message)
{
    enum { PADDING = 0x20, EXTENSION = 0x10, SOURCES = 0x0f };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    uint8_t type = cursor_u8(&cursor) & 0x7f;
    size_t header = RTP_HEADER;
    cursor_skip(&cursor, RTP_HEADER - 2);
    if (first & EXTENSION) {
        cursor_skip(&cursor, 2);
        header += 4 + 4u * cursor_be16(&cursor);
    }
    size_t padding = first & PADDING && !message_is_cut(message)
                         ? message->bytes.at[message->bytes.length - 1]
                         : 0;
    return first >> 6 == 2 && (first & SOURCES) == 0 && (type <= 34 || type >= 77) &&
           message->wire_length > header + padding;
}

/* RFC 3550 §6.1: a compound of packets whose lengths chain, the first a report. */
bool fits_rtcp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    size_t packets = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 4) {
        uint8_t first = cursor_u8(&cursor);
        uint8_t type = cursor_u8(&cursor);
        uint16_t words = cursor_be16(&cursor);
        bool is_report = type == 200 || type == 201;
        if (first >> 6 != 2 || type < 200 || type > 207 || (packets == 0 && !is_report))
            return packets > 0 && message->wire_length > 32; /* an SRTCP trailer (RFC 3711) */
        cursor_skip(&cursor, 4u * words);
        packets++;
    }
    return packets > 0 && (cursor_ok(&cursor) || message_is_cut(message));
}

/* RFC 5456 §8.1.1: a full frame's mark, kinds of frame and their subclasses. */
bool fits_iax(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t source = cursor_be16(&cursor);
    cursor_skip(&cursor, 8);
    uint8_t kind = cursor_u8(&cursor);
    uint8_t subclass = cursor_u8(&cursor);
    return cursor_ok(&cursor) && source >> 15 && source != 0x8000 && kind >= 1 && kind <= 12 &&
           (kind == 2 || subclass <= 0x28);
}

/* Cisco's SCCP: little-endian length, a small header version, a message's number. */
bool fits_skinny(const struct message *message)
{
    enum { VERSION_MAX = 0x20, NUMBER_MAX = 0x160 };
    struct cursor cursor = cursor_over(message->bytes);
    uint32_t length = cursor_le32(&cursor);
    uint32_t version = cursor_le32(&cursor);
    uint32_t number = cursor_le32(&cursor);
    return cursor_ok(&cursor) && length >= 4 && length <= 2000 && version <= VERSION_MAX &&
           number <= NUMBER_MAX && message->wire_length >= 8 + length;
}

/* ISO/IEC 13818-1 §2.4.3.2: packets of 188 octets, each with its synchronisation octet. */
bool fits_mpeg_ts(const struct message *message)
{
    enum { PACKET = 188, SYNC = 0x47 };
    for (size_t at = 0; at < message->bytes.length; at += PACKET) {
        if (message->bytes.at[at] != SYNC)
            return false;
    }
    return message->wire_length % PACKET == 0;
}

/* BEP 5: a bencoded dictionary with the kind of message, or BEP 14's local announcement. */
bool fits_bittorrent_dht(const struct message *message)
{
    if (begins_with(message, "BT-SEARCH * HTTP/1.1"))
        return true;
    static const char *const openings[] = {"d1:ad2:id20:", "d1:rd2:id20:", "d2:ip", "d1:eli20",
                                           NULL};
    for (const char *const *opening = openings; *opening; opening++) {
        if (begins_with(message, *opening))
            return true;
    }
    return false;
}

/* BEP 3: an HTTP request with the hash of what is asked for. */
bool fits_bittorrent_tracker(const struct message *message)
{
    static const char hash[] = "info_hash=";
    return begins_with(message, "GET /") && span_holds(message->bytes, hash, sizeof hash - 1);
}

/* BEP 29: type and version, a chain of extensions, and sizes that fit them. */
bool fits_bittorrent_utp(const struct message *message)
{
    enum { HEADER = 20, EXTENSION_MAX = 3 };
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t first = cursor_u8(&cursor);
    uint8_t extension = cursor_u8(&cursor);
    if ((first & 15) != 1 || first >> 4 > 4 || message->wire_length < HEADER)
        return false;
    cursor_skip(&cursor, HEADER - 2);
    for (int i = 0; extension != 0 && i < EXTENSION_MAX; i++) {
        if (extension > EXTENSION_MAX)
            return false;
        extension = cursor_u8(&cursor);
        cursor_skip(&cursor, cursor_u8(&cursor));
    }
    return extension == 0 && (cursor_ok(&cursor) || message_is_cut(message));
}

/* LAN sync announces itself as a JSON object; its later form names the bus. */
bool fits_dropbox(const struct message *message)
{
    static const char host[] = "\"host_int\"";
    static const char bus[] = "Bus17Cmd";
    return (begins_with(message, "{\"") && span_holds(message->bytes, host, sizeof host - 1)) ||
           span_holds(message->bytes, bus, sizeof bus - 1);
}

/* Weave's message layer over TCP: length, then version 1, no reserved bits, kind of encryption, and
 * a source; messages chain. */
bool fits_weave(const struct message *message)
{
    enum { HAS_SOURCE = 0x0200 };
    struct cursor cursor = cursor_over(message->bytes);
    size_t messages = 0;
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 8) {
        uint16_t length = cursor_le16(&cursor);
        uint16_t header = cursor_le16(&cursor);
        if (header >> 12 != 1 || (header & 0x0f) || (header >> 4 & 15) > 2 ||
            !(header & HAS_SOURCE) || length < 14)
            return false;
        cursor_skip(&cursor, length - 2u);
        messages++;
    }
    return messages > 0 && (cursor_ok(&cursor) || message_is_cut(message) ||
                            message->bytes.length >= FLOW_SAMPLE_SIZE);
}

/* A call's reflector: sixteen octets of tag, then twelve of ones. */
bool fits_telegram(const struct message *message)
{
    static const uint8_t ones[12] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    return message->bytes.length >= 28 && memcmp(message->bytes.at + 16, ones, sizeof ones) == 0;
}

/* Noise pipes: "WA" and a version, or the edge routing header "ED" before it. */
bool fits_whatsapp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t magic = cursor_be16(&cursor);
    uint8_t major = cursor_u8(&cursor);
    uint8_t minor = cursor_u8(&cursor);
    bool is_plain = magic == 0x5741 && major <= 9 && minor <= 9;
    bool is_edge = magic == 0x4544 && major == 0 && minor == 1;
    return cursor_ok(&cursor) && (is_plain || is_edge);
}

/* Stratum and Ethereum's pool protocol are JSON-RPC; Bitcoin's own has a magic (protocol
 * documentation, "Message structure"), Ethereum's transport one of its own. */
bool fits_mining(const struct message *message)
{
    static const uint8_t bitcoin[] = {0xf9, 0xbe, 0xb4, 0xd9};
    static const char *const words[] = {"mining.",   "\"eth_",     "\"worker\"",
                                        "\"login\"", "\"job_id\"", "\"jsonrpc\""};
    if (begins_with_bytes(message, bitcoin, sizeof bitcoin))
        return true;
    if (!begins_with(message, "{"))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (span_holds(message->bytes, words[i], strlen(words[i])))
            return true;
    }
    return false;
}

/* Adobe's RTMP specification §5.2: version 3, then 1,536 octets each way. */
bool fits_rtmp(const struct message *message)
{
    enum { HANDSHAKE = 1 + 1536 };
    return message->bytes.at[0] == 3 && message->wire_length >= HANDSHAKE;
}

/* RFC 6455 §5.2: operation, mask, length; frames chain to the end of what is kept. */
bool fits_websocket(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 2) {
        uint8_t first = cursor_u8(&cursor);
        uint8_t second = cursor_u8(&cursor);
        unsigned operation = first & 15;
        uint64_t length = second & 0x7f;
        if ((first & 0x70) || (operation > 2 && operation < 8) || operation > 10)
            return false;
        length = length == 126   ? cursor_be16(&cursor)
                 : length == 127 ? cursor_be64(&cursor)
                                 : length;
        length += second & 0x80 ? 4 : 0;
        cursor_skip(&cursor, length < SIZE_MAX ? (size_t)length : SIZE_MAX);
    }
    return cursor_ok(&cursor) ? cursor_left(&cursor) == 0 : message_is_cut(message);
}

/* eDonkey2000: a protocol's mark and, over TCP, the length of what follows; messages chain. */
bool fits_edonkey(const struct message *message)
{
    static const uint8_t marks[] = {0xe3, 0xc5, 0xd4, 0xe4, 0xe5};
    struct cursor cursor = cursor_over(message->bytes);
    if (message->transport == TRANSPORT_UDP) {
        uint8_t mark = cursor_u8(&cursor);
        uint8_t operation = cursor_u8(&cursor);
        bool is_kademlia = mark >= 0xe4 && operation <= 0x62;
        return memchr(marks, mark, sizeof marks) &&
               (is_kademlia || (operation >= 0x90 && operation <= 0xa5));
    }
    while (cursor_ok(&cursor) && cursor_left(&cursor) > 5) {
        if (!memchr(marks, cursor_u8(&cursor), 3))
            return false;
        uint32_t length = cursor_le32(&cursor);
        if (length == 0 || length > UINT32_C(0x00200000))
            return false;
        cursor_skip(&cursor, length);
    }
    return cursor_ok(&cursor) ? cursor_left(&cursor) == 0 : message_is_cut(message);
}

/* OICQ: between 02 and 03. */
bool fits_qq(const struct message *message)
{
    size_t length = message->bytes.length;
    return length >= 12 && message->bytes.at[0] == 2 &&
           (message_is_cut(message) || message->bytes.at[length - 1] == 3);
}

/* "Revealing Skype traffic" (Bonfiglio and others, 2007) §4: an identifier, then a function in five
 * obfuscated bits; those that were seen. */
bool fits_skype(const struct message *message)
{
    static const uint8_t functions[] = {0x02, 0x03, 0x05, 0x07, 0x0d, 0x0f};
    return message->bytes.length >= 3 &&
           memchr(functions, message->bytes.at[2] & 0x8f, sizeof functions) != NULL;
}

/* A session's two octets, a message's number, zero; the session is compared over the flow. */
bool fits_viber(const struct message *message)
{
    return message->bytes.length >= 10 && message->bytes.at[3] == 0 && message->bytes.at[2] >= 1 &&
           message->bytes.at[2] <= 0x40;
}

/* HP's device groups: kind and length of the whole message; one kind opens, another answers. */
bool fits_virtgrp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t kind = cursor_u8(&cursor);
    uint16_t length = cursor_be16(&cursor);
    struct cursor next = cursor_over(message->bytes);
    cursor_skip(&next, length);
    return cursor_ok(&cursor) && kind == (message->from == TO_RESPONDER ? 0x16 : 0x17) &&
           length >= 8 && (cursor_left(&next) == 0 || cursor_peek(&next, 0) == 0x30);
}

/* Some names rest on a file's magic or on a port alone: away from their port nothing can support
 * them. */
bool fits_nothing(const struct message *message)
{
    (void)message;
    return false;
}
