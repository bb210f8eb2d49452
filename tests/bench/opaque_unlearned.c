/* SPDX-License-Identifier: Apache-2.0
 *
 * Private payloads of kinds that no check was written against.
 */
#include "opaque_pen.h"

#include <stdio.h>

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void opaque_base64(struct opaque_flow *flow, struct writer *writer)
{
    for (uint32_t lines = 1 + opaque_below(flow, 4); lines > 0; lines--) {
        opaque_put_letters(flow, writer, base64, 4 * (2 + opaque_below(flow, 17)));
        opaque_put_fill(writer, '=', flow->layout & 1 && lines == 1 ? 2 : 0);
        opaque_put(writer, flow->layout & 2 ? 0x0d0a : 0x0a, flow->layout & 2 ? 2 : 1, 0);
    }
}

/* One object a message, its keys the flow's own. */
void opaque_json(struct opaque_flow *flow, struct writer *writer)
{
    static const char *const keys[] = {"id", "type", "seq", "status", "cmd", "value", "node", "ts"};
    char end = ',';
    opaque_put(writer, flow->layout & 1 ? '[' : '{', 1, 0);
    if (flow->layout & 1)
        opaque_put(writer, '{', 1, 0);
    for (uint32_t fields = 2 + opaque_below(flow, 4); fields > 0; fields--) {
        const char *key = keys[(flow->layout + fields * 5) % (sizeof keys / sizeof keys[0])];
        end = fields > 1 ? ',' : '}';
        int length =
            snprintf((char *)writer->bytes + writer->length, OPAQUE_MESSAGE_MAX - writer->length,
                     "\"%s\":%u%c", key, opaque_below(flow, 1000000), end);
        writer->length += (size_t)length;
    }
    if (flow->layout & 1)
        opaque_put(writer, ']', 1, 0);
    if (flow->layout & 2)
        opaque_put(writer, '\n', 1, 0);
}

/* Words under a key of one octet or four. */
void opaque_xored(struct opaque_flow *flow, struct writer *writer)
{
    size_t length = 10 + opaque_below(flow, 120);
    opaque_put_letters(flow, writer, "etaoin shrdlu ETA 0123.,", length);
    for (size_t i = 0; i < length; i++)
        writer->bytes[i] ^= (uint8_t)(flow->magic >> (flow->layout & 1 ? 8 * (i & 3) : 0));
}

/* A map of short strings to small numbers, strings and doubles. */
void opaque_msgpack(struct opaque_flow *flow, struct writer *writer)
{
    uint32_t items = 1 + opaque_below(flow, 6);
    opaque_put(writer, (flow->layout & 1 ? 0x90 : 0x80) | items, 1, 0);
    for (uint32_t i = 0; i < items; i++) {
        size_t length = 1 + opaque_below(flow, 12);
        if (!(flow->layout & 1)) {
            opaque_put(writer, 0xa0 | length, 1, 0);
            opaque_put_letters(flow, writer, lower, length);
        }
        switch (opaque_below(flow, 4)) {
        case 0:
            opaque_put(writer, opaque_below(flow, 128), 1, 0);
            break;
        case 1:
            opaque_put(writer, 0xce, 1, 0);
            opaque_put_random(flow, writer, 4);
            break;
        case 2:
            opaque_put(writer, 0xcb, 1, 0);
            opaque_put_random(flow, writer, 8);
            break;
        default:
            opaque_put(writer, 0xa0 | length, 1, 0);
            opaque_put_letters(flow, writer, lower, length);
        }
    }
}

void opaque_strings(struct opaque_flow *flow, struct writer *writer)
{
    size_t width = flow->layout & 1 ? 2 : 4;
    for (uint32_t count = 1 + opaque_below(flow, 4); count > 0; count--) {
        size_t length = 1 + opaque_below(flow, 40);
        opaque_put(writer, length, width, flow->layout & 2);
        opaque_put_letters(flow, writer, "abcdefghijklmnop-_.0123456789", length);
        opaque_put_fill(writer, 0, flow->layout & 4 ? 1 : 0);
    }
}

/* Names padded with blanks or zeros to fields of fixed size, and a number. */
void opaque_records(struct opaque_flow *flow, struct writer *writer)
{
    uint8_t pad = flow->layout & 1 ? ' ' : 0;
    size_t field = flow->layout & 2 ? 16 : 32;
    for (uint32_t count = 1 + opaque_below(flow, 4); count > 0; count--) {
        size_t length = 3 + opaque_below(flow, 12);
        opaque_put_letters(flow, writer, lower, length);
        opaque_put_fill(writer, pad, field - length);
        opaque_put(writer, flow->sequence, 4, flow->layout & 4);
    }
}

static void put_element(struct opaque_flow *flow, struct writer *writer, uint32_t tag,
                        size_t length)
{
    opaque_put(writer, tag, 1, 0);
    opaque_put(writer, length, 1, 0);
    opaque_put_random(flow, writer, length);
}

/* A sequence or an application's tag, then integers, strings and context tags. */
void opaque_asn1(struct opaque_flow *flow, struct writer *writer)
{
    static const uint8_t tags[] = {0x02, 0x04, 0x05, 0x0a, 0x0c, 0x80, 0x81, 0xa0, 0x30};
    opaque_put(writer, flow->layout & 1 ? 0x30 : 0x60 + (flow->layout >> 8 & 31), 1, 0);
    opaque_put(writer, 0, 1, 0);
    for (uint32_t count = 1 + opaque_below(flow, 5); count > 0; count--) {
        uint8_t tag = tags[opaque_below(flow, sizeof tags)];
        put_element(flow, writer, tag, tag == 0x05 ? 0 : 1 + opaque_below(flow, 14));
    }
    writer->bytes[1] = (uint8_t)(writer->length - 2);
}

/* Frames between end marks, or with their zeros stuffed away. */
void opaque_slip(struct opaque_flow *flow, struct writer *writer)
{
    size_t length = 4 + opaque_below(flow, 60);
    int is_cobs = flow->layout & 1;
    opaque_put(writer, is_cobs ? 1 + length : 0xc0, 1, 0);
    for (size_t i = 0; i < length; i++) {
        uint32_t byte = opaque_below(flow, 256);
        if (!is_cobs && (byte == 0xc0 || byte == 0xdb))
            opaque_put(writer, byte == 0xc0 ? 0xdbdc : 0xdbdd, 2, 0);
        else
            opaque_put(writer, is_cobs && byte == 0 ? 1 : byte, 1, 0);
    }
    opaque_put(writer, is_cobs ? 0 : 0xc0, 1, 0);
}

/* What a C program sends of a struct: small numbers in wide fields. */
void opaque_sparse(struct opaque_flow *flow, struct writer *writer)
{
    for (uint32_t count = 4 + opaque_below(flow, 20); count > 0; count--) {
        uint32_t value = opaque_below(flow, 3) ? 0 : opaque_below(flow, 300);
        opaque_put(writer, value, flow->layout & 1 ? 4 : 2, flow->layout & 2);
    }
}

void opaque_digits(struct opaque_flow *flow, struct writer *writer)
{
    static const char *const separators[] = {"", " ", ",", ";", "|", ":"};
    const char *separator = separators[flow->layout % 6];
    for (uint32_t count = 1 + opaque_below(flow, 8); count > 0; count--) {
        opaque_put_letters(flow, writer, "0123456789", 1 + opaque_below(flow, 10));
        if (separator[0])
            opaque_put(writer, (uint8_t)separator[0], 1, 0);
    }
    if (flow->layout & 64)
        opaque_put(writer, 0x0d0a, 2, 0);
}

void opaque_utf16(struct opaque_flow *flow, struct writer *writer)
{
    if (flow->layout & 1)
        opaque_put(writer, 0xfeff, 2, flow->layout & 2);
    for (uint32_t count = 4 + opaque_below(flow, 60); count > 0; count--)
        opaque_put(writer, 'A' + opaque_below(flow, 58), 2, flow->layout & 2);
}

/* A constant, a counter, a clock and the flow's number before each payload. */
void opaque_counters(struct opaque_flow *flow, struct writer *writer)
{
    opaque_put(writer, flow->layout >> 8, 2, 0);
    opaque_put(writer, flow->sequence, 2, 0);
    opaque_put(writer, flow->clock, 4, 0);
    opaque_put(writer, flow->magic, 4, 0);
    opaque_put_random(flow, writer, flow->layout & 1 ? 160 : 8 + opaque_below(flow, 200));
}
