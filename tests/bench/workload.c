/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes large captures for benchmarks out of small ones: the frames of all captures of a folder,
 * interleaved in time, again and again with other addresses, and a share of the flows moved to the
 * watched ports. Checksums stay right. The same arguments give the same bytes.
 *
 *     workload --size 1G --share 0.0005 --out big.pcap FOLDER ...
 */
#include "app/option.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "capture/input_list.h"
#include "capture/source.h"
#include "decode/decoder.h"
#include "model/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINKTYPE_EN10MB = 1,
    FILE_HEADER = 24,
    RECORD_HEADER = 16,
    SPREAD_S = 60, /* one copy of everything takes so long */
    START_S = 1700000000,
};

static const uint16_t watched_ports[] = {154, 155, 395};
static const struct siphash_key fixed_key = {{0x706f7274, 0x73636f70}};

/* A frame to be written many times, and where its movable parts are. */
struct piece {
    uint8_t *bytes;
    uint32_t length, wire_length;
    int64_t offset_ns; /* from the start of a copy */
    size_t order;      /* of reading; decides between equal times */
    uint64_t flow;     /* hash of its flow key */
    uint32_t network;  /* offset of the IP header; 0: nothing is moved */
    uint32_t transport;
    uint8_t ip_version, protocol;
    bool to_low; /* the lower port is the destination's: the service side */
};

struct workload {
    struct piece *pieces;
    size_t count, capacity;
    uint64_t size;
    double share;
    bool is_for_cable; /* only whole frames of a size that an interface sends */
    FILE *out;
};

static void put_le16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put_le32(uint8_t *at, uint32_t value)
{
    put_le16(at, (uint16_t)value);
    put_le16(at + 2, (uint16_t)(value >> 16));
}

static uint16_t get_be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void put_be16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* RFC 1624 §3: HC' = ~(~HC + ~m + m') */
static void checksum_change(uint8_t *checksum, uint16_t before, uint16_t after)
{
    uint32_t sum = (uint16_t)~get_be16(checksum);
    sum += (uint16_t)~before;
    sum += after;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    put_be16(checksum, (uint16_t)~sum);
}

/* Where the transport checksum stands, or NULL when it is absent, cut off, or not used. */
static uint8_t *transport_checksum(const struct piece *piece, uint8_t *frame)
{
    uint32_t at = piece->network + piece->transport + (piece->protocol == TRANSPORT_TCP ? 16u : 6u);
    if (at + 2 > piece->length)
        return NULL;
    if (piece->protocol == TRANSPORT_UDP && get_be16(frame + at) == 0)
        return NULL;
    return frame + at;
}

static void change16(const struct piece *piece, uint8_t *frame, uint8_t *place, uint16_t value)
{
    uint16_t before = get_be16(place);
    uint8_t *checksum = transport_checksum(piece, frame);
    put_be16(place, value);
    if (checksum)
        checksum_change(checksum, before, value);
}

/* Moves both addresses by the copy's number, in the bits that stay clear of special ranges. */
static void move_addresses(const struct piece *piece, uint8_t *frame, uint32_t copy)
{
    uint8_t *ip = frame + piece->network;
    bool is_four = piece->ip_version == 4;
    size_t first = is_four ? 12 : 8;
    size_t width = is_four ? 4 : 16;
    for (size_t side = 0; side < 2; side++) {
        uint8_t *address = ip + first + side * width + (is_four ? 0 : 4);
        uint16_t before = get_be16(address);
        uint16_t after = (uint16_t)(before ^ ((copy << 3) & 0x1fff));
        if (address[0] >= 224)
            continue; /* multicast stays */
        change16(piece, frame, address, after);
        if (is_four)
            checksum_change(ip + 10, before, after);
    }
}

static bool is_chosen(const struct piece *piece, uint32_t copy, double share, uint16_t *port)
{
    uint64_t words[2] = {piece->flow, copy};
    uint64_t hash = siphash(&fixed_key, words, sizeof words);
    *port = watched_ports[hash % 3];
    return (double)(hash >> 11) / (double)(UINT64_C(1) << 53) < share;
}

static void move_port(const struct piece *piece, uint8_t *frame, uint16_t port)
{
    uint32_t at = piece->network + piece->transport + (piece->to_low ? 2u : 0u);
    change16(piece, frame, frame + at, port);
}

static bool write_record(struct workload *work, const struct piece *piece, uint32_t copy,
                         uint8_t *frame)
{
    uint8_t header[RECORD_HEADER];
    int64_t time_ns = ((int64_t)START_S + (int64_t)copy * SPREAD_S) * 1000000000 + piece->offset_ns;
    put_le32(header, (uint32_t)(time_ns / 1000000000));
    put_le32(header + 4, (uint32_t)(time_ns % 1000000000 / 1000));
    put_le32(header + 8, piece->length);
    put_le32(header + 12, piece->wire_length);

    memcpy(frame, piece->bytes, piece->length);
    uint16_t port;
    if (piece->network > 0) {
        move_addresses(piece, frame, copy);
        if (is_chosen(piece, copy, work->share, &port))
            move_port(piece, frame, port);
    }
    return fwrite(header, sizeof header, 1, work->out) == 1 &&
           fwrite(frame, piece->length, 1, work->out) == 1;
}

static bool write_file_header(FILE *out)
{
    uint8_t header[FILE_HEADER] = {0};
    put_le32(header, 0xa1b2c3d4);
    put_le16(header + 4, 2);
    put_le16(header + 6, 4);
    put_le32(header + 16, 262144);
    put_le32(header + 20, LINKTYPE_EN10MB);
    return fwrite(header, sizeof header, 1, out) == 1;
}

/* What of a frame can be moved: TCP and UDP, ports present, not in a tunnel, not a fragment. */
static void find_places(struct piece *piece, const struct frame *frame, const struct packet *packet)
{
    bool is_plain = packet->tunnel.depth == 0 && !(packet->marks & PACKET_FRAGMENT);
    bool has_header = packet->protocol == TRANSPORT_TCP || packet->protocol == TRANSPORT_UDP;
    if (!is_plain || !has_header || !packet->has_ports)
        return;
    struct flow_key key = flow_key_of(packet);
    piece->flow = siphash(&fixed_key, &key, sizeof key);
    piece->network = (uint32_t)(packet->network.at - frame->bytes.at);
    piece->transport = packet->transport_offset;
    piece->ip_version = packet->source.version;
    piece->protocol = packet->protocol;
    piece->to_low = packet->destination_port <= packet->source_port;
}

static void keep(struct workload *work, const struct frame *frame, int64_t offset_ns,
                 const struct packet *packet)
{
    if (work->count == work->capacity) {
        work->capacity = work->capacity ? work->capacity * 2 : 4096;
        work->pieces = memory_resize(work->pieces, work->capacity, sizeof *work->pieces);
    }
    struct piece *piece = &work->pieces[work->count++];
    *piece = (struct piece){.order = work->count,
                            .length = (uint32_t)frame->bytes.length,
                            .wire_length = frame->wire_length,
                            .offset_ns = offset_ns};
    piece->bytes = memory_new(piece->length, 1);
    memcpy(piece->bytes, frame->bytes.at, piece->length);
    if (packet)
        find_places(piece, frame, packet);
}

static bool fits_cable(const struct frame *frame)
{
    enum { SHORTEST = 15, LONGEST = 9000 };
    return frame->wire_length == frame->bytes.length && frame->bytes.length >= SHORTEST &&
           frame->bytes.length <= LONGEST;
}

/* Squeezes each capture's own times into one copy's span, keeping their order. */
static int64_t squeezed(int64_t time_ns, int64_t first_ns, uint64_t number)
{
    int64_t span = (int64_t)SPREAD_S * 1000000000;
    int64_t offset = time_ns - first_ns + (int64_t)(number % 97) * 500000000;
    return ((offset % span) + span) % span;
}

static void load_capture(struct workload *work, const char *path, uint64_t number)
{
    struct error error;
    struct source *source = source_open_file(path, &(struct source_options){0}, &error);
    if (!source)
        return;
    struct totals totals = {0};
    struct decoder *decoder = decoder_new(&(struct decoder_options){.key = fixed_key}, &totals);
    struct batch batch;
    int64_t first_ns = INT64_MIN;
    while (source_next(source, &batch, &error) == SOURCE_BATCH) {
        for (size_t i = 0; i < batch.count; i++) {
            const struct frame *frame = &batch.frames[i];
            struct packet packet;
            if (frame->link_type != LINKTYPE_EN10MB || frame->bytes.length == 0 ||
                (work->is_for_cable && !fits_cable(frame)))
                continue;
            if (first_ns == INT64_MIN)
                first_ns = frame->time_ns;
            bool is_packet = packet_decode(decoder, frame, &packet) == DECODE_OK;
            keep(work, frame, squeezed(frame->time_ns, first_ns, number),
                 is_packet ? &packet : NULL);
        }
    }
    decoder_free(decoder);
    source_close(source);
}

static int by_time(const void *a, const void *b)
{
    const struct piece *left = a;
    const struct piece *right = b;
    if (left->offset_ns != right->offset_ns)
        return left->offset_ns < right->offset_ns ? -1 : 1;
    return left->order < right->order ? -1 : 1;
}

static bool write_copies(struct workload *work)
{
    uint64_t written = FILE_HEADER;
    uint8_t *frame = memory_new(1, 1 << 20);
    bool is_whole = write_file_header(work->out);
    for (uint32_t copy = 0; is_whole && written < work->size; copy++) {
        for (size_t i = 0; is_whole && i < work->count && written < work->size; i++) {
            is_whole = write_record(work, &work->pieces[i], copy, frame);
            written += RECORD_HEADER + work->pieces[i].length;
        }
    }
    free(frame);
    return is_whole;
}

static bool load_all(struct workload *work, const struct words *folders, struct error *error)
{
    struct input_list inputs = {0};
    for (size_t i = 0; i < folders->count; i++) {
        if (!input_list_add(&inputs, folders->items[i], error))
            return false;
    }
    for (size_t i = 0; i < inputs.count; i++)
        load_capture(work, inputs.paths[i], i);
    input_list_free(&inputs);
    qsort(work->pieces, work->count, sizeof *work->pieces, by_time);
    return work->count > 0 || error_set(error, "no Ethernet frames there");
}

struct arguments {
    const char *out, *share;
    uint64_t size;
    bool is_for_cable;
};

static const struct option_spec specs[] = {
    {'o', "out", OPTION_WORD, offsetof(struct arguments, out), "FILE", "where to write"},
    {'s', "size", OPTION_SIZE, offsetof(struct arguments, size), "SIZE", "how much, e.g. 1G"},
    {0, "for-cable", OPTION_FLAG, offsetof(struct arguments, is_for_cable), NULL,
     "only frames that an interface can send"},
    {0, "share", OPTION_WORD, offsetof(struct arguments, share), "SHARE",
     "of flows on watched ports, e.g. 0.0005"},
    {0},
};

int main(int argc, char **argv)
{
    struct arguments arguments = {.share = "0.01", .size = UINT64_C(1) << 30};
    struct words folders = {0};
    struct error error = {.text =
                              "usage: workload --out FILE [--size 1G] [--share 0.01] FOLDER..."};
    bool is_done = options_parse(specs, argc, argv, &arguments, &folders, &error) == OPTIONS_OK &&
                   arguments.out && folders.count > 0;
    struct workload work = {.size = arguments.size,
                            .share = strtod(arguments.share, NULL),
                            .is_for_cable = arguments.is_for_cable};
    if (is_done && load_all(&work, &folders, &error)) {
        work.out = fopen(arguments.out, "wb");
        is_done = work.out ? write_copies(&work) : error_set_errno(&error, "%s", arguments.out);
        if (work.out && fclose(work.out) != 0)
            is_done = error_set_errno(&error, "%s", arguments.out);
    } else {
        is_done = false;
    }
    if (!is_done)
        fprintf(stderr, "workload: %s\n", error.text);
    for (size_t i = 0; i < work.count; i++)
        free(work.pieces[i].bytes);
    free(work.pieces);
    words_free(&folders);
    return is_done ? 0 : 1;
}
