/* SPDX-License-Identifier: Apache-2.0
 *
 * Classic pcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then records.
 *
 *      0       4       8      12      16      20      24
 *     +-------+---+---+-------+-------+-------+-------+
 *     | magic |ver|ver|  two unused   |snaplen|  link |   the file's header
 *     +-------+---+---+-------+-------+-------+-------+
 *     |seconds|  frac |captured| wire |  + 8 in modified pcap, then the bytes
 *     +-------+-------+-------+-------+
 */
#include "capture/walk.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "capture/byte_order.h"
#include "capture/capture_magic.h"

#include <stdlib.h>

enum {
    HEADER_SIZE = 24,
    LINKTYPE_ETHERNET = 1,
    VERSION_MAJOR = 2,
    VERSION_MINOR = 4,
    VERSION_MINOR_OLD = 3,   /* up to here, the lengths of a record may stand the other way round */
    LINK_TYPE_MASK = 0xffff, /* above it: whether frames carry a checksum, and how long it is */
};

struct pcap_reader {
    struct pcap_variant variant;
    bool is_swapped, has_old_lengths;
    uint16_t link_type;
};

static bool version_is_known(unsigned major, unsigned minor, struct error *error, const char *name)
{
    if (major == VERSION_MAJOR && minor <= VERSION_MINOR)
        return true;
    return error_set(error,
                     "%s: is pcap version %u.%u, which is not read (2.0 to 2.4 are);"
                     " convert it with: editcap -F pcapng IN OUT",
                     name, major, minor);
}

static void *pcap_begin(struct window *window, struct error *error)
{
    struct span unread = cursor_rest(&window->unread);
    const struct pcap_variant *variant = pcap_variant_of(unread);
    const uint8_t *header = cursor_take(&window->unread, HEADER_SIZE);
    bool is_swapped = is_foreign_order(variant->is_big_endian);
    unsigned major = u16_at(header + 4, is_swapped), minor = u16_at(header + 6, is_swapped);
    if (!version_is_known(major, minor, error, stream_name(window->stream)))
        return NULL;
    struct pcap_reader *reader = memory_new(1, sizeof *reader);
    *reader = (struct pcap_reader){
        .variant = *variant,
        .is_swapped = is_swapped,
        .has_old_lengths = minor <= VERSION_MINOR_OLD,
        .link_type = (uint16_t)(u32_at(header + 20, is_swapped) & LINK_TYPE_MASK),
    };
    return reader;
}

/* Seconds are unsigned, so that captures work until 2106; a fraction above one second carries. */
static inline int64_t time_of(const uint8_t *record, bool is_swapped, uint32_t ns_per_fraction)
{
    return (int64_t)u32_at(record, is_swapped) * NS_PER_S +
           (int64_t)u32_at(record + 4, is_swapped) * ns_per_fraction;
}

struct lengths {
    uint32_t captured, wire;
};

static inline struct lengths lengths_of(const uint8_t *record, bool is_swapped,
                                        bool has_old_lengths)
{
    struct lengths lengths = {u32_at(record + 8, is_swapped), u32_at(record + 12, is_swapped)};
    if (has_old_lengths && lengths.captured > lengths.wire)
        return (struct lengths){lengths.wire, lengths.captured};
    return lengths;
}

/* The inner loop of everything that reads a capture: compiled once for each byte order. */
static inline __attribute__((always_inline)) void walk_records(const struct pcap_reader *reader,
                                                               struct walk *walk, bool is_swapped)
{
    const struct pcap_variant variant = reader->variant;
    const bool has_old_lengths = reader->has_old_lengths;
    const uint16_t link_type = reader->link_type;
    struct cursor unread = walk->window->unread;
    size_t count = 0;
    while (count < SOURCE_BATCH_FRAMES) {
        struct cursor record = unread;
        const uint8_t *header = cursor_take(&record, variant.record_header_size);
        if (!header)
            break;
        struct lengths length = lengths_of(header, is_swapped, has_old_lengths);
        const uint8_t *bytes = cursor_take(&record, length.captured);
        if (!bytes || length.captured > FRAME_BYTES_MAX)
            break;
        walk->frames[count++] = (struct frame){
            .bytes = {bytes, length.captured},
            .time_ns = time_of(header, is_swapped, variant.ns_per_fraction),
            .wire_length = length.wire > length.captured ? length.wire : length.captured,
            .link_type = link_type,
        };
        unread = record;
    }
    walk->window->unread = unread;
    walk->count = count;
}

/* Whether the record at which the walk stopped is impossible, rather than not all there. */
static bool next_is_impossible(const struct pcap_reader *reader, const struct walk *walk)
{
    struct cursor unread = walk->window->unread;
    const uint8_t *header = cursor_take(&unread, reader->variant.record_header_size);
    if (!header)
        return false;
    struct lengths length = lengths_of(header, reader->is_swapped, reader->has_old_lengths);
    if (length.captured <= FRAME_BYTES_MAX)
        return false;
    return !packet_fault(walk, "claims %u bytes, more than the %d allowed", length.captured,
                         FRAME_BYTES_MAX);
}

static enum walk_status pcap_walk(void *state, struct walk *walk)
{
    const struct pcap_reader *reader = state;
    if (reader->is_swapped)
        walk_records(reader, walk, true);
    else
        walk_records(reader, walk, false);
    bool is_damaged = walk->count == 0 && next_is_impossible(reader, walk);
    return is_damaged ? WALK_DAMAGED : WALK_ON;
}

static bool pcap_run(void *state, const struct window *window, struct record_run *run)
{
    const struct pcap_reader *reader = state;
    if (reader->is_swapped || reader->has_old_lengths || reader->link_type != LINKTYPE_ETHERNET ||
        reader->variant.record_header_size != RECORD_RUN_HEADER ||
        cursor_left(&window->unread) < RECORD_RUN_HEADER)
        return false;
    *run = (struct record_run){.at = window->unread.at,
                               .last = window->unread.end - RECORD_RUN_HEADER,
                               .ns_per_fraction = reader->variant.ns_per_fraction,
                               .captured_max = FRAME_BYTES_MAX,
                               .link_type = reader->link_type};
    struct record first;
    return record_run_peek(run, &first);
}

const struct capture_format pcap_format = {
    .name = "pcap",
    .header_size = HEADER_SIZE,
    .begin = pcap_begin,
    .walk = pcap_walk,
    .run = pcap_run,
    .end = free,
};
