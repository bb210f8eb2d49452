/* SPDX-License-Identifier: Apache-2.0
 *
 * Name services and what lies over NetBIOS.
 */
#include "dpi/structure_checks.h"

enum {
    DNS_HEADER = 12,
    DNS_LABEL_MAX = 63,
    DNS_NAME_MAX = 255,
    DNS_RECORDS_MAX = 64, /* of a message; more is no reason to doubt, only to stop */
    WHOLE = UINT16_MAX,
    NETBIOS_NAME = 32, /* encoded: 16 octets as 32 letters A-P */
};

struct dns_header {
    uint16_t flags, questions, answers, authorities, additionals;
};

static struct dns_header read_dns_header(struct cursor *cursor)
{
    cursor_skip(cursor, 2);
    struct dns_header header = {.flags = cursor_be16(cursor)};
    header.questions = cursor_be16(cursor);
    header.answers = cursor_be16(cursor);
    header.authorities = cursor_be16(cursor);
    header.additionals = cursor_be16(cursor);
    return header;
}

/* RFC 1035 §3.1 and §4.1.4: labels until the root or a compression pointer to what came before. */
static bool skip_dns_name(struct cursor *cursor)
{
    size_t total = 0;
    for (;;) {
        uint8_t length = cursor_u8(cursor);
        if (!cursor_ok(cursor))
            return true; /* cut inside the name */
        if (length == 0)
            return true;
        if ((length & 0xc0) == 0xc0)
            return (length & 0x3f) < 0x10 && (cursor_skip(cursor, 1) || true);
        total += length + 1u;
        if (length > DNS_LABEL_MAX || total > DNS_NAME_MAX)
            return false;
        cursor_skip(cursor, length);
    }
}

/* RFC 1035 §3.2.4 and RFC 6895 §3.2; the top bit is mDNS' (RFC 6762 §18.12), 4096 and more are the
 * UDP sizes of OPT records (RFC 6891 §6.1.2). */
static bool is_dns_class(uint16_t type, uint16_t class)
{
    enum { OPT = 41 };
    class &= 0x7fff;
    return type == OPT || class == 1 || class == 3 || class == 4 || class == 254 || class == 255;
}

/* RFC 6895 §3.1: data types, 249-257 and a few later ones, DNSSEC's two above 32768. */
static bool is_dns_type(uint16_t type)
{
    return (type >= 1 && type <= 109) || (type >= 249 && type <= 262) || type == 32768 ||
           type == 32769 || type >= 65280;
}

static bool skip_dns_question(struct cursor *cursor)
{
    if (!skip_dns_name(cursor))
        return false;
    uint16_t type = cursor_be16(cursor);
    uint16_t class = cursor_be16(cursor);
    return !cursor_ok(cursor) || (is_dns_type(type) && is_dns_class(type, class));
}

static bool skip_dns_record(struct cursor *cursor)
{
    if (!skip_dns_question(cursor))
        return false;
    cursor_skip(cursor, 4);
    uint16_t length = cursor_be16(cursor);
    cursor_skip(cursor, length);
    return true;
}

/* Z is zero and the operation is one that exists (RFC 1035 §4.1.1, RFC 6895 §2.2); a query has a
 * question and no answer, though a known-answer list may come with it (RFC 6762 §7.1). */
static bool dns_header_is_plausible(const struct dns_header *header)
{
    unsigned operation = header->flags >> 11 & 15;
    unsigned result = header->flags & 15;
    bool is_response = header->flags >> 15;
    uint32_t records = (uint32_t)header->answers + header->authorities + header->additionals;
    bool is_known = operation <= 6 && operation != 3 && !(header->flags & 0x40) && result <= 11;
    if (!is_known || header->questions > DNS_RECORDS_MAX || records > 4 * DNS_RECORDS_MAX)
        return false;
    return is_response ? header->questions + records > 0 || result > 0
                       : header->questions > 0 && result == 0;
}

/* All of it, or where the end is missing as many whole questions and records as are `needed`. An
 * answer that repeats a question may be broken behind it. */
static bool walk_dns(struct cursor cursor, unsigned needed)
{
    struct dns_header header = read_dns_header(&cursor);
    if (!cursor_ok(&cursor) || !dns_header_is_plausible(&header))
        return false;
    bool is_answer = header.flags >> 15;
    unsigned whole_items = 0;
    for (unsigned i = 0; i < header.questions && cursor_ok(&cursor); i++) {
        if (!skip_dns_question(&cursor))
            return is_answer && whole_items > 0;
        whole_items += cursor_ok(&cursor);
    }
    uint32_t records = (uint32_t)header.answers + header.authorities + header.additionals;
    for (uint32_t i = 0; i < records && i < DNS_RECORDS_MAX && cursor_ok(&cursor); i++) {
        if (!skip_dns_record(&cursor))
            return is_answer && whole_items > 0;
        whole_items += cursor_ok(&cursor);
    }
    return cursor_ok(&cursor) || whole_items >= needed || (is_answer && whole_items > 0);
}

bool fits_dns(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    bool is_claimed = false;
    if (message->transport == TRANSPORT_TCP) { /* RFC 1035 §4.2.2 */
        uint16_t length = cursor_be16(&cursor);
        if (length < DNS_HEADER)
            return false;
        /* Claimed, but not there: that needs something whole. */
        is_claimed = length > cursor_left(&cursor);
        cursor_limit(&cursor, length);
    }
    return walk_dns(cursor, message_is_cut(message) ? 0 : is_claimed ? 1 : WHOLE);
}

/* RFC 1001 §14.1: each half octet as a letter from A to P. */
static bool skip_netbios_name(struct cursor *cursor)
{
    if (cursor_u8(cursor) != NETBIOS_NAME)
        return false;
    for (int i = 0; i < NETBIOS_NAME; i++) {
        uint8_t letter = cursor_u8(cursor);
        if (!cursor_ok(cursor))
            return i > 0;
        if (letter < 'A' || letter > 'P')
            return false;
    }
    return true;
}

/* RFC 1002 §4.2.1. */
bool fits_netbios_name(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    struct dns_header header = read_dns_header(&cursor);
    uint32_t count = (uint32_t)header.questions + header.answers;
    return cursor_ok(&cursor) && count >= 1 && count <= 4 && skip_netbios_name(&cursor);
}

/* RFC 1002 §4.4.1 and §4.4.2: type, flags, identifier, source address and port, length, offset,
 * source name. */
bool fits_netbios_datagram(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t type = cursor_u8(&cursor);
    uint8_t flags = cursor_u8(&cursor);
    cursor_skip(&cursor, 2 + 4 + 2 + 2 + 2);
    return type >= 0x10 && type <= 0x12 && flags <= 0x0f && skip_netbios_name(&cursor);
}

/* RFC 1002 §4.3.2: a session request with both names. */
bool fits_netbios_session(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint16_t type = cursor_be16(&cursor);
    uint16_t length = cursor_be16(&cursor);
    return type == 0x8100 && length >= 68 && length <= 512 && skip_netbios_name(&cursor);
}

/* [MS-SMB] §2.2.3.1 and [MS-SMB2] §2.2.1 behind a session message (RFC 1002 §4.3.6), or bare in a
 * mailslot datagram. */
bool fits_smb(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (message->transport == TRANSPORT_TCP) {
        uint32_t session = cursor_be32(&cursor);
        if (session < 32 || session > 0x00ffffff)
            return false;
    }
    uint32_t magic = cursor_be32(&cursor);
    return magic == UINT32_C(0xff534d42) || magic == UINT32_C(0xfe534d42) ||
           magic == UINT32_C(0xfd534d42);
}
