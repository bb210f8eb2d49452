/* SPDX-License-Identifier: Apache-2.0 */
#include "opaque_pen.h"

#include <stdio.h>

static void write_random(struct opaque_flow *flow, struct writer *writer)
{
    opaque_put_random(flow, writer, 8 + opaque_below(flow, 592));
}

/* One byte, or one word, over and over; one size a flow or several. */
static void write_constant(struct opaque_flow *flow, struct writer *writer)
{
    size_t length = flow->layout & 1 ? 16 : 4 * (1 + opaque_below(flow, 60));
    if (flow->layout & 2) {
        opaque_put_fill(writer, (uint8_t)flow->magic, length);
        return;
    }
    while (writer->length + 4 <= length)
        opaque_put(writer, flow->magic, 4, 0);
}

/* One to four items: a type, a length with or without its header, a value. */
static void write_tlv(struct opaque_flow *flow, struct writer *writer)
{
    size_t width = flow->layout & 1 ? 2 : 1;
    int is_inclusive = flow->layout & 2;
    int is_little = flow->layout & 4;
    for (uint32_t items = 1 + opaque_below(flow, 4); items > 0; items--) {
        size_t length = 4 + opaque_below(flow, width == 1 ? 100 : 130);
        opaque_put(writer, 1 + opaque_below(flow, 39), width, is_little);
        opaque_put(writer, length + (is_inclusive ? 2 * width : 0), width, is_little);
        opaque_put_random(flow, writer, length);
    }
}

static void write_length_opcode(struct opaque_flow *flow, struct writer *writer)
{
    size_t width = flow->layout & 1 ? 4 : 2;
    size_t length = 4 + opaque_below(flow, 200);
    opaque_put(writer, length + (flow->layout & 2 ? width : 0), width, flow->layout & 4);
    opaque_put(writer, opaque_below(flow, 32), flow->layout & 8 ? 1 : 2, flow->layout & 4);
    opaque_put_random(flow, writer, length);
}

static void write_sequence(struct opaque_flow *flow, struct writer *writer)
{
    int is_little = flow->layout & 4;
    opaque_put(writer, flow->sequence, flow->layout & 1 ? 4 : 2, is_little);
    opaque_put(writer, opaque_below(flow, 4), 2, is_little);
    opaque_put(writer, flow->clock, 4, is_little);
    opaque_put_random(flow, writer, 8 + opaque_below(flow, 56));
}

static void write_text(struct opaque_flow *flow, struct writer *writer)
{
    static const char *const verbs[] = {"GETSTAT", "STATUS", "HELO", "LOGIN",  "PING",  "SEND",
                                        "QUERY",   "SET",    "ACK",  "REPORT", "START", "BYE"};
    const char *verb = verbs[opaque_below(flow, sizeof verbs / sizeof verbs[0])];
    const char *end = flow->layout & 1 ? "\r\n" : "\n";
    int length = snprintf((char *)writer->bytes, OPAQUE_MESSAGE_MAX, "%s %u%s", verb,
                          opaque_below(flow, 100000), end);
    writer->length = (size_t)length;
}

/* A deflate block without its wrapper, or with zlib's: dense bits, no clear structure. */
static void write_compressed(struct opaque_flow *flow, struct writer *writer)
{
    if (flow->layout & 1)
        opaque_put(writer, 0x789c, 2, 0);
    else if (flow->layout & 2)
        opaque_put(writer, 0x1f8b0800, 4, 0);
    opaque_put(writer, (opaque_random(flow) & 0xf8) | 5, 1, 0);
    opaque_put_random(flow, writer, 20 + opaque_below(flow, 500));
}

/* Tag and wire type, then a varint, a string or eight octets. */
static void write_protobuf(struct opaque_flow *flow, struct writer *writer)
{
    if (flow->layout & 1)
        opaque_put(writer, 20 + opaque_below(flow, 60), flow->layout & 2 ? 4 : 1, 0);
    for (uint32_t field = 1 + opaque_below(flow, 2); field < 7;
         field += 1 + opaque_below(flow, 2)) {
        uint32_t kind = opaque_below(flow, 3);
        opaque_put(writer, field << 3 | kind, 1, 0);
        if (kind == 0)
            opaque_put(writer, opaque_below(flow, 128), 1, 0);
        else if (kind == 1)
            opaque_put_random(flow, writer, 8);
        else {
            size_t length = 1 + opaque_below(flow, 30);
            opaque_put(writer, length, 1, 0);
            for (size_t i = 0; i < length; i++)
                opaque_put(writer, 'a' + opaque_below(flow, 26), 1, 0);
        }
    }
    if (writer->length == 0)
        opaque_put(writer, 8, 1, 0);
}

static void write_little_endian(struct opaque_flow *flow, struct writer *writer)
{
    size_t tail = opaque_below(flow, 60);
    opaque_put(writer, flow->magic, flow->layout & 1 ? 4 : 2, 1);
    opaque_put(writer, opaque_below(flow, 16), 2, 1);
    opaque_put(writer, tail, 2, 1);
    opaque_put(writer, flow->sequence, 8, 1);
    opaque_put_fill(writer, 0, tail);
}

static void write_zero(struct opaque_flow *flow, struct writer *writer)
{
    opaque_put_fill(writer, 0, 1 + opaque_below(flow, 300));
}

static const struct {
    const char *name;
    opaque_write_fn *write;
} families[OPAQUE_FAMILIES] = {
    [OPAQUE_RANDOM] = {"random", write_random},
    [OPAQUE_CONSTANT] = {"constant", write_constant},
    [OPAQUE_TLV] = {"tlv", write_tlv},
    [OPAQUE_LENGTH_OPCODE] = {"length-opcode", write_length_opcode},
    [OPAQUE_SEQUENCE] = {"sequence", write_sequence},
    [OPAQUE_TEXT] = {"text", write_text},
    [OPAQUE_COMPRESSED] = {"compressed", write_compressed},
    [OPAQUE_PROTOBUF] = {"protobuf", write_protobuf},
    [OPAQUE_LITTLE_ENDIAN] = {"little-endian", write_little_endian},
    [OPAQUE_ZERO] = {"zero", write_zero},
    [OPAQUE_BASE64] = {"base64 lines", opaque_base64},
    [OPAQUE_JSON] = {"json", opaque_json},
    [OPAQUE_XORED] = {"xored text", opaque_xored},
    [OPAQUE_MSGPACK] = {"messagepack", opaque_msgpack},
    [OPAQUE_STRINGS] = {"counted strings", opaque_strings},
    [OPAQUE_RECORDS] = {"padded records", opaque_records},
    [OPAQUE_ASN1] = {"nested tag-length-value", opaque_asn1},
    [OPAQUE_SLIP] = {"slip and cobs", opaque_slip},
    [OPAQUE_SPARSE] = {"sparse structs", opaque_sparse},
    [OPAQUE_DIGITS] = {"digits", opaque_digits},
    [OPAQUE_UTF16] = {"utf-16", opaque_utf16},
    [OPAQUE_COUNTERS] = {"rtp-like counters", opaque_counters},
};

const char *opaque_name(enum opaque_family family)
{
    return families[family].name;
}

struct opaque_flow opaque_flow_new(enum opaque_family family, uint64_t seed)
{
    struct opaque_flow flow = {.family = family,
                               .random = seed * 1000003 + (uint64_t)family * 7919};
    flow.magic = (uint32_t)opaque_random(&flow);
    flow.layout = (uint32_t)opaque_random(&flow);
    flow.sequence = flow.layout & 16 ? 0 : opaque_below(&flow, 60000);
    flow.clock = flow.layout & 32 ? opaque_below(&flow, 1000000) : UINT32_C(1700000000);
    return flow;
}

size_t opaque_message(struct opaque_flow *flow, uint8_t out[OPAQUE_MESSAGE_MAX])
{
    struct writer writer = {out, 0};
    families[flow->family].write(flow, &writer);
    flow->sequence++;
    flow->clock += 1 + opaque_below(flow, 1000);
    return writer.length;
}
