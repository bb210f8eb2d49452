/* SPDX-License-Identifier: Apache-2.0
 *
 * Protocols written in ASN.1's basic encoding rules (X.690).
 */
#include "dpi/structure_checks.h"

enum {
    BER_INTEGER = 0x02,
    BER_OCTET_STRING = 0x04,
    BER_SEQUENCE = 0x30,
};

struct element {
    uint8_t tag;
    uint32_t length;
};

/* X.690 §8.1: tag and definite length; an unreadable one has tag 0. */
static struct element read_element(struct cursor *cursor)
{
    struct element element = {.tag = cursor_u8(cursor)};
    uint8_t first = cursor_u8(cursor);
    element.length = first;
    if (first & 0x80) {
        unsigned octets = first & 0x7f;
        element.length = 0;
        if (octets == 0 || octets > 3)
            element.tag = 0;
        for (unsigned i = 0; element.tag && i < octets; i++)
            element.length = element.length << 8 | cursor_u8(cursor);
    }
    if (!cursor_ok(cursor))
        element.tag = 0;
    return element;
}

/* The outermost element must fill the message; a stream may go on behind it. */
static bool fills(const struct message *message, const struct cursor *cursor,
                  const struct element *element)
{
    size_t header = message->bytes.length - cursor_left(cursor);
    return message->transport == TRANSPORT_TCP
               ? element->length >= 5
               : ends_the_message(message, header + element->length);
}

/* A one-octet INTEGER, or -1. */
static int read_small_integer(struct cursor *cursor)
{
    struct element element = read_element(cursor);
    return element.tag == BER_INTEGER && element.length == 1 ? cursor_u8(cursor) : -1;
}

/* RFC 1157 §4, RFC 1901 §3, RFC 3412 §6: version 0, 1 or 3, then a community and a PDU, or the
 * header of version 3. */
bool fits_snmp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    struct element outer = read_element(&cursor);
    if (outer.tag != BER_SEQUENCE || !fills(message, &cursor, &outer))
        return false;
    int version = read_small_integer(&cursor);
    struct element next = read_element(&cursor);
    if (version == 3)
        return next.tag == BER_SEQUENCE && next.length >= 10 && next.length < 64;
    if ((version != 0 && version != 1) || next.tag != BER_OCTET_STRING || next.length > 255)
        return false;
    cursor_skip(&cursor, next.length);
    int pdu = cursor_u8(&cursor);
    return cursor_ok(&cursor) && pdu >= 0xa0 && pdu <= 0xa8;
}

/* RFC 4120 §5.4-§5.9: an application tag, a sequence, and early in it the version number 5. TCP
 * puts a length before it (§7.2.2). */
bool fits_kerberos(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    if (message->transport == TRANSPORT_TCP) {
        uint32_t length = cursor_be32(&cursor);
        if (length < 16 || length > 0xffff)
            return false;
    }
    struct element application = read_element(&cursor);
    struct element sequence = read_element(&cursor);
    struct element version = read_element(&cursor);
    bool is_message = (application.tag >= 0x6a && application.tag <= 0x6f) ||
                      (application.tag >= 0x74 && application.tag <= 0x7e);
    return is_message && sequence.tag == BER_SEQUENCE &&
           (version.tag == 0xa0 || version.tag == 0xa1) && version.length == 3 &&
           read_small_integer(&cursor) == 5;
}

/* RFC 4511 §4.1.1: a sequence of a message number and an operation's application tag. */
bool fits_ldap(const struct message *message)
{
    static const uint8_t operations[] = {0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x66,
                                         0x67, 0x68, 0x69, 0x4a, 0x6b, 0x6c, 0x6d,
                                         0x6e, 0x6f, 0x50, 0x73, 0x77, 0x78, 0x79};
    struct cursor cursor = cursor_over(message->bytes);
    struct element outer = read_element(&cursor);
    struct element number = read_element(&cursor);
    cursor_skip(&cursor, number.length);
    struct element operation = read_element(&cursor);
    return outer.tag == BER_SEQUENCE && number.tag == BER_INTEGER && number.length >= 1 &&
           number.length <= 4 && operation.tag != 0 && operation.length < outer.length &&
           memchr(operations, operation.tag, sizeof operations) != NULL;
}

struct ldap_message {
    uint32_t number;
    uint8_t operation, inner; /* `inner`: the tag that the operation begins with */
};

/* The first message of a stream when all its lengths agree; operation 0: they do not. */
static struct ldap_message read_ldap(const struct message *message)
{
    struct ldap_message found = {0};
    struct cursor cursor = cursor_over(message->bytes);
    struct element outer = read_element(&cursor);
    size_t before = cursor_left(&cursor);
    struct element number = read_element(&cursor);
    for (uint32_t i = 0; number.tag == BER_INTEGER && i < number.length && i < 4; i++)
        found.number = found.number << 8 | cursor_u8(&cursor);
    struct element operation = read_element(&cursor);
    size_t end = before - cursor_left(&cursor) + operation.length;
    found.inner = (uint8_t)cursor_peek(&cursor, 0);
    bool is_whole = outer.tag == BER_SEQUENCE && number.tag == BER_INTEGER && number.length <= 4 &&
                    operation.length >= 5 && end <= outer.length;
    if (is_whole && cursor_ok(&cursor) && outer.length <= message->wire_length)
        found.operation = operation.tag;
    return found;
}

/* RFC 4511 §4.2-§4.13: the answer has the request's number and belongs to its operation. A bind
 * begins with its version, a result with its code. */
bool ldap_is_answered(const struct conversation *conversation)
{
    enum { ENUMERATED = 0x0a };
    static const struct {
        uint8_t request, answer, answer_begins;
    } pairs[] = {
        {0x60, 0x61, ENUMERATED}, {0x63, 0x64, BER_OCTET_STRING}, {0x63, 0x65, ENUMERATED},
        {0x66, 0x67, ENUMERATED}, {0x68, 0x69, ENUMERATED},       {0x6c, 0x6d, ENUMERATED},
        {0x6e, 0x6f, ENUMERATED}, {0x77, 0x78, ENUMERATED},
    };
    struct ldap_message request = read_ldap(&conversation->streams[TO_RESPONDER]);
    struct ldap_message answer = read_ldap(&conversation->streams[TO_INITIATOR]);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (request.operation == pairs[i].request && answer.operation == pairs[i].answer &&
            answer.inner == pairs[i].answer_begins)
            return request.number == answer.number && request.number != 0;
    }
    return false;
}

/* ISO 23950 §4.1: an initialise request or response, in it first a reference or the version. */
bool fits_z3950(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    struct element outer = read_element(&cursor);
    struct element first = read_element(&cursor);
    return (outer.tag == 0xb4 || outer.tag == 0xb5) && (first.tag == 0x82 || first.tag == 0x83) &&
           first.length < outer.length;
}
