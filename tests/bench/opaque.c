/* SPDX-License-Identifier: Apache-2.0 */
#include "opaque.h"

#include <stdio.h>
#include <string.h>

struct writer {
    uint8_t *bytes;
    size_t length;
};

/* splitmix64: small, good, the same everywhere. */
static uint64_t next_random(struct opaque_flow *flow)
{
    uint64_t value = flow->random += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint32_t below(struct opaque_flow *flow, uint32_t bound)
{
    return (uint32_t)(next_random(flow) % bound);
}

static void put(struct writer *writer, uint64_t value, size_t width, int is_little)
{
    for (size_t i = 0; i < width; i++) {
        size_t shift = is_little ? i : width - 1 - i;
        writer->bytes[writer->length++] = (uint8_t)(value >> 8 * shift);
    }
}

static void put_random(struct opaque_flow *flow, struct writer *writer, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put(writer, next_random(flow), 1, 0);
}

static void put_fill(struct writer *writer, uint8_t byte, size_t length)
{
    memset(writer->bytes + writer->length, byte, length);
    writer->length += length;
}

static void write_random(struct opaque_flow *flow, struct writer *writer)
{
    put_random(flow, writer, 8 + below(flow, 592));
}

/* One byte, or one word, over and over; one size a flow or several. */
static void write_constant(struct opaque_flow *flow, struct writer *writer)
{
    size_t length = flow->layout & 1 ? 16 : 4 * (1 + below(flow, 60));
    if (flow->layout & 2) {
        put_fill(writer, (uint8_t)flow->magic, length);
        return;
    }
    while (writer->length + 4 <= length)
        put(writer, flow->magic, 4, 0);
}

/* One to four items: a type, a length with or without its header, a value. */
static void write_tlv(struct opaque_flow *flow, struct writer *writer)
{
    size_t width = flow->layout & 1 ? 2 : 1;
    int is_inclusive = flow->layout & 2;
    int is_little = flow->layout & 4;
    for (uint32_t items = 1 + below(flow, 4); items > 0; items--) {
        size_t length = 4 + below(flow, width == 1 ? 100 : 130);
        put(writer, 1 + below(flow, 39), width, is_little);
        put(writer, length + (is_inclusive ? 2 * width : 0), width, is_little);
        put_random(flow, writer, length);
    }
}

static void write_length_opcode(struct opaque_flow *flow, struct writer *writer)
{
    size_t width = flow->layout & 1 ? 4 : 2;
    size_t length = 4 + below(flow, 200);
    put(writer, length + (flow->layout & 2 ? width : 0), width, flow->layout & 4);
    put(writer, below(flow, 32), flow->layout & 8 ? 1 : 2, flow->layout & 4);
    put_random(flow, writer, length);
}

static void write_sequence(struct opaque_flow *flow, struct writer *writer)
{
    int is_little = flow->layout & 4;
    put(writer, flow->sequence, flow->layout & 1 ? 4 : 2, is_little);
    put(writer, below(flow, 4), 2, is_little);
    put(writer, flow->clock, 4, is_little);
    put_random(flow, writer, 8 + below(flow, 56));
}

static void write_text(struct opaque_flow *flow, struct writer *writer)
{
    static const char *const verbs[] = {"GETSTAT", "STATUS", "HELO", "LOGIN",  "PING",  "SEND",
                                        "QUERY",   "SET",    "ACK",  "REPORT", "START", "BYE"};
    const char *verb = verbs[below(flow, sizeof verbs / sizeof verbs[0])];
    const char *end = flow->layout & 1 ? "\r\n" : "\n";
    int length = snprintf((char *)writer->bytes, OPAQUE_MESSAGE_MAX, "%s %u%s", verb,
                          below(flow, 100000), end);
    writer->length = (size_t)length;
}

/* A deflate block without its wrapper, or with zlib's: dense bits, no clear structure. */
static void write_compressed(struct opaque_flow *flow, struct writer *writer)
{
    if (flow->layout & 1)
        put(writer, 0x789c, 2, 0);
    else if (flow->layout & 2)
        put(writer, 0x1f8b0800, 4, 0);
    put(writer, (next_random(flow) & 0xf8) | 5, 1, 0);
    put_random(flow, writer, 20 + below(flow, 500));
}

/* Tag and wire type, then a varint, a string or eight octets. */
static void write_protobuf(struct opaque_flow *flow, struct writer *writer)
{
    if (flow->layout & 1)
        put(writer, 20 + below(flow, 60), flow->layout & 2 ? 4 : 1, 0);
    for (uint32_t field = 1 + below(flow, 2); field < 7; field += 1 + below(flow, 2)) {
        uint32_t kind = below(flow, 3);
        put(writer, field << 3 | kind, 1, 0);
        if (kind == 0)
            put(writer, below(flow, 128), 1, 0);
        else if (kind == 1)
            put_random(flow, writer, 8);
        else {
            size_t length = 1 + below(flow, 30);
            put(writer, length, 1, 0);
            for (size_t i = 0; i < length; i++)
                put(writer, 'a' + below(flow, 26), 1, 0);
        }
    }
    if (writer->length == 0)
        put(writer, 8, 1, 0);
}

static void write_little_endian(struct opaque_flow *flow, struct writer *writer)
{
    size_t tail = below(flow, 60);
    put(writer, flow->magic, flow->layout & 1 ? 4 : 2, 1);
    put(writer, below(flow, 16), 2, 1);
    put(writer, tail, 2, 1);
    put(writer, flow->sequence, 8, 1);
    put_fill(writer, 0, tail);
}

static void write_zero(struct opaque_flow *flow, struct writer *writer)
{
    put_fill(writer, 0, 1 + below(flow, 300));
}

static const struct {
    const char *name;
    void (*write)(struct opaque_flow *flow, struct writer *writer);
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
};

const char *opaque_name(enum opaque_family family)
{
    return families[family].name;
}

struct opaque_flow opaque_flow_new(enum opaque_family family, uint64_t seed)
{
    struct opaque_flow flow = {.family = family,
                               .random = seed * 1000003 + (uint64_t)family * 7919};
    flow.magic = (uint32_t)next_random(&flow);
    flow.layout = (uint32_t)next_random(&flow);
    flow.sequence = flow.layout & 16 ? 0 : below(&flow, 60000);
    flow.clock = flow.layout & 32 ? below(&flow, 1000000) : UINT32_C(1700000000);
    return flow;
}

size_t opaque_message(struct opaque_flow *flow, uint8_t out[OPAQUE_MESSAGE_MAX])
{
    struct writer writer = {out, 0};
    families[flow->family].write(flow, &writer);
    flow->sequence++;
    flow->clock += 1 + below(flow, 1000);
    return writer.length;
}
