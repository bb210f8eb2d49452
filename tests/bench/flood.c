/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes captures that attack tables: many packets, each of another flow, all on port 154.
 *
 *     flood --kind syn --count 1000000 --out syn.pcap
 *
 *     syn        a SYN from another source each time
 *     hosts      a UDP datagram from another source to another destination each time
 *     collide    UDP flows whose addresses and ports all have the same sum
 *     fragments  first fragments whose others never come
 *     elsewhere  TCP on ports that nobody watches: what watch mode passes over
 */
#include "app/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRAME_SIZE = 60,
    IP_AT = 14,
    TRANSPORT_AT = IP_AT + 20,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    MORE_FRAGMENTS = 0x2000,
    WATCHED_PORT = 154,
};

static void put_le32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void put_be16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_be32(uint8_t *at, uint32_t value)
{
    put_be16(at, value >> 16);
    put_be16(at + 2, value);
}

struct endpoints {
    uint32_t source, destination;
    uint16_t source_port, destination_port;
};

static void put_ip(uint8_t *frame, uint8_t protocol, const struct endpoints *ends)
{
    memset(frame, 0, FRAME_SIZE);
    put_be16(frame + 12, 0x0800);
    uint8_t *ip = frame + IP_AT;
    ip[0] = 0x45;
    put_be16(ip + 2, FRAME_SIZE - IP_AT);
    ip[8] = 64;
    ip[9] = protocol;
    put_be32(ip + 12, ends->source);
    put_be32(ip + 16, ends->destination);
    put_be16(frame + TRANSPORT_AT, ends->source_port);
    put_be16(frame + TRANSPORT_AT + 2, ends->destination_port);
}

static void syn(uint8_t *frame, uint32_t number)
{
    put_ip(frame, PROTOCOL_TCP,
           &(struct endpoints){0x0a000000 + number, 0xc6336401, 40000, WATCHED_PORT});
    put_be32(frame + TRANSPORT_AT + 4, number);
    frame[TRANSPORT_AT + 12] = 0x50;
    frame[TRANSPORT_AT + 13] = 0x02;
}

static void datagram(uint8_t *frame, const struct endpoints *ends)
{
    put_ip(frame, PROTOCOL_UDP, ends);
    put_be16(frame + TRANSPORT_AT + 4, FRAME_SIZE - TRANSPORT_AT);
}

static void hosts(uint8_t *frame, uint32_t number)
{
    datagram(frame, &(struct endpoints){0x0a000000 + number, 0x64400000 + number * 7, 40000,
                                        WATCHED_PORT});
}

static void collide(uint8_t *frame, uint32_t number)
{
    datagram(frame,
             &(struct endpoints){0x0a000000 + number, 0xffffffff - number, 40000, WATCHED_PORT});
}

static void fragments(uint8_t *frame, uint32_t number)
{
    hosts(frame, number);
    put_be16(frame + IP_AT + 4, number);
    put_be16(frame + IP_AT + 6, MORE_FRAGMENTS);
}

static void elsewhere(uint8_t *frame, uint32_t number)
{
    syn(frame, number);
    put_be16(frame + TRANSPORT_AT + 2, 443);
}

static const struct kind {
    const char *name;
    void (*make)(uint8_t *frame, uint32_t number);
} kinds[] = {{"syn", syn},
             {"hosts", hosts},
             {"collide", collide},
             {"fragments", fragments},
             {"elsewhere", elsewhere}};

static bool write_flood(const struct kind *kind, uint64_t count, FILE *out)
{
    uint8_t header[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4};
    put_le32(header + 16, 262144);
    put_le32(header + 20, 1);
    bool is_whole = fwrite(header, sizeof header, 1, out) == 1;
    for (uint64_t i = 0; i < count && is_whole; i++) {
        uint8_t record[16 + FRAME_SIZE];
        put_le32(record, (uint32_t)(1700000000 + i / 1000000));
        put_le32(record + 4, (uint32_t)(i % 1000000));
        put_le32(record + 8, FRAME_SIZE);
        put_le32(record + 12, FRAME_SIZE);
        kind->make(record + 16, (uint32_t)i);
        is_whole = fwrite(record, sizeof record, 1, out) == 1;
    }
    return is_whole;
}

struct arguments {
    const char *kind, *out;
    uint64_t count;
};

static const struct option_spec specs[] = {
    {'k', "kind", OPTION_WORD, offsetof(struct arguments, kind), "KIND", "what to attack"},
    {'n', "count", OPTION_COUNT, offsetof(struct arguments, count), "N", "packets"},
    {'o', "out", OPTION_WORD, offsetof(struct arguments, out), "FILE", "where to write"},
    {0},
};

int main(int argc, char **argv)
{
    struct arguments arguments = {.kind = "syn", .count = 1000000};
    struct words none = {0};
    struct error error;
    if (options_parse(specs, argc, argv, &arguments, &none, &error) != OPTIONS_OK || !arguments.out)
        return fprintf(stderr, "usage: flood --kind KIND --count N --out FILE\n"), 1;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, arguments.kind) != 0)
            continue;
        FILE *out = fopen(arguments.out, "wb");
        bool is_whole = out && write_flood(&kinds[i], arguments.count, out);
        is_whole = out && fclose(out) == 0 && is_whole;
        return is_whole ? 0 : 1;
    }
    fprintf(stderr, "flood: unknown kind '%s'\n", arguments.kind);
    return 1;
}
