/* SPDX-License-Identifier: Apache-2.0
 *
 * pcapng (draft-ietf-opsawg-pcapng): blocks, each with its length in front and behind.
 *
 *     +--------+--------+----------------------+--------+
 *     |  type  | length | body, padded to 4    | length |     length counts all of it
 *     +--------+--------+----------------------+--------+
 *
 * A Section Header Block sets the byte order and forgets all interfaces.
 */
#include "capture/walk.h"

#include "base/memory.h"
#include "capture/byte_order.h"
#include "capture/pcapng_interface.h"

#include <stdlib.h>

enum {
    BLOCK_HEAD = 8,
    BLOCK_LENGTHS = 12,             /* type and both lengths: a block with an empty body */
    SKIPPED_MAX = 16 * 1024 * 1024, /* of a block that nobody looks into */
    SECTION_START = 12, /* head and byte-order magic, which comes before the length can be read */
    SECTION_SIZE = 28,
    VERSION_MAJOR = 1,
    PACKET_HEAD = 20,
    SIMPLE_PACKET_HEAD = 4,
    INTERFACES_MAX = 65536,
};

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
};

static const uint32_t byte_order_magic = 0x1a2b3c4d;

struct pcapng_reader {
    bool is_swapped;
    struct pcapng_interface *interfaces; /* of the section */
    uint32_t interface_count, interface_capacity;
    int64_t last_time_ns; /* of the packet before: simple packets have no time of their own */
};

/* The order in which a section is written, from its byte-order magic. */
static bool read_byte_order(const uint8_t *section, bool *is_swapped)
{
    *is_swapped = u32_at(section + BLOCK_HEAD, false) != byte_order_magic;
    return u32_at(section + BLOCK_HEAD, *is_swapped) == byte_order_magic;
}

struct version {
    unsigned major, minor;
};

/* Of a section header's body: it stands behind the byte-order magic. */
static struct version version_of(const uint8_t *body, bool is_swapped)
{
    return (struct version){u16_at(body + 4, is_swapped), u16_at(body + 6, is_swapped)};
}

static void *pcapng_begin(struct window *window, struct error *error)
{
    struct cursor unread = window->unread;
    const uint8_t *section = cursor_take(&unread, SECTION_SIZE);
    bool is_swapped;
    if (!read_byte_order(section, &is_swapped)) {
        error_set(error,
                  "%s: begins like pcapng, but its byte-order magic is wrong;"
                  " copy it again, in binary mode",
                  stream_name(window->stream));
        return NULL;
    }
    struct version version = version_of(section + BLOCK_HEAD, is_swapped);
    if (version.major != VERSION_MAJOR) {
        error_set(error, "%s: is pcapng version %u.%u, which is not read (1.x is)",
                  stream_name(window->stream), version.major, version.minor);
        return NULL;
    }
    return memory_new(1, sizeof(struct pcapng_reader));
}

static bool read_section(struct pcapng_reader *reader, struct walk *walk, struct cursor body)
{
    const uint8_t *fields = cursor_take(&body, SECTION_SIZE - BLOCK_LENGTHS);
    if (!fields)
        return block_fault(walk, "is too short for a section header");
    struct version version = version_of(fields, reader->is_swapped);
    if (version.major != VERSION_MAJOR)
        return block_fault(walk,
                           "begins a section of pcapng version %u.%u, which is not read (1.x is)",
                           version.major, version.minor);
    reader->interface_count = 0;
    return true;
}

static void add_interface(struct pcapng_reader *reader, struct pcapng_interface interface)
{
    if (reader->interface_count == reader->interface_capacity) {
        reader->interface_capacity =
            reader->interface_capacity ? reader->interface_capacity * 2 : 4;
        reader->interfaces = memory_resize(reader->interfaces, reader->interface_capacity,
                                           sizeof *reader->interfaces);
    }
    reader->interfaces[reader->interface_count++] = interface;
}

static bool read_interface(struct pcapng_reader *reader, struct walk *walk, struct cursor body)
{
    struct pcapng_interface interface;
    if (reader->interface_count == INTERFACES_MAX)
        return block_fault(walk, "describes more than the %d interfaces allowed", INTERFACES_MAX);
    if (!pcapng_interface_read(&interface, body, reader->is_swapped))
        return block_fault(walk, "describes no interface: it is too short,"
                                 " or its time resolution is beyond 64 bits");
    add_interface(reader, interface);
    return true;
}

static const struct pcapng_interface *find_interface(const struct pcapng_reader *reader,
                                                     const struct walk *walk, uint32_t id)
{
    if (id < reader->interface_count)
        return &reader->interfaces[id];
    if (reader->interface_count == 0)
        packet_fault(walk, "comes before any interface description");
    else
        packet_fault(walk, "names interface %u, but its section has only %u", id,
                     reader->interface_count);
    return NULL;
}

/* Takes the captured bytes from the body and adds them to the walk as a frame. */
static bool add_frame(struct walk *walk, struct cursor body, uint32_t captured, uint32_t wire,
                      int64_t time_ns, uint16_t link_type)
{
    if (captured > FRAME_BYTES_MAX)
        return packet_fault(walk, "claims %u bytes, more than the %d allowed", captured,
                            FRAME_BYTES_MAX);
    const uint8_t *bytes = cursor_take(&body, captured);
    if (!bytes)
        return packet_fault(walk, "claims %u bytes, more than the %zu its block has", captured,
                            cursor_left(&body));
    walk->frames[walk->count++] = (struct frame){
        .bytes = {bytes, captured},
        .time_ns = time_ns,
        .wire_length = wire > captured ? wire : captured,
        .link_type = link_type,
    };
    return true;
}

/* Both kinds of packet block with a time: they differ only in how the interface is named. */
static bool read_timed_packet(struct pcapng_reader *reader, struct walk *walk, struct cursor body,
                              bool is_obsolete)
{
    const uint8_t *head = cursor_take(&body, PACKET_HEAD);
    if (!head)
        return packet_fault(walk, "has a block too short for a packet");
    bool is_swapped = reader->is_swapped;
    uint32_t id = is_obsolete ? u16_at(head, is_swapped) : u32_at(head, is_swapped);
    const struct pcapng_interface *interface = find_interface(reader, walk, id);
    if (!interface)
        return false;
    uint64_t ticks = (uint64_t)u32_at(head + 4, is_swapped) << 32 | u32_at(head + 8, is_swapped);
    reader->last_time_ns = tick_clock_ns(&interface->clock, ticks);
    return add_frame(walk, body, u32_at(head + 12, is_swapped), u32_at(head + 16, is_swapped),
                     reader->last_time_ns, interface->link_type);
}

static bool read_enhanced_packet(struct pcapng_reader *reader, struct walk *walk,
                                 struct cursor body)
{
    return read_timed_packet(reader, walk, body, false);
}

static bool read_obsolete_packet(struct pcapng_reader *reader, struct walk *walk,
                                 struct cursor body)
{
    return read_timed_packet(reader, walk, body, true);
}

/* No time and no captured length: that is what the snapshot length left of the packet. */
static bool read_simple_packet(struct pcapng_reader *reader, struct walk *walk, struct cursor body)
{
    const uint8_t *head = cursor_take(&body, SIMPLE_PACKET_HEAD);
    if (!head)
        return packet_fault(walk, "has a block too short for a packet");
    const struct pcapng_interface *interface = find_interface(reader, walk, 0);
    if (!interface)
        return false;
    uint32_t wire = u32_at(head, reader->is_swapped);
    bool is_cut = interface->snaplen && interface->snaplen < wire;
    return add_frame(walk, body, is_cut ? interface->snaplen : wire, wire, reader->last_time_ns,
                     interface->link_type);
}

static const struct block_kind {
    uint32_t type;
    bool (*read)(struct pcapng_reader *reader, struct walk *walk, struct cursor body);
} block_kinds[] = {
    {BLOCK_ENHANCED_PACKET, read_enhanced_packet}, /* first: nearly all are */
    {BLOCK_PACKET, read_obsolete_packet},
    {BLOCK_SIMPLE_PACKET, read_simple_packet},
    {BLOCK_INTERFACE, read_interface},
    {BLOCK_SECTION, read_section},
};

/* NULL for the many that hold no packets: names, statistics, keys, whatever is invented next. */
static const struct block_kind *find_kind(uint32_t type)
{
    for (size_t i = 0; i < sizeof block_kinds / sizeof block_kinds[0]; i++)
        if (block_kinds[i].type == type)
            return &block_kinds[i];
    return NULL;
}

enum step {
    STEP_DONE,    /* a block was read */
    STEP_STARVED, /* the block is not all in the window */
    STEP_DAMAGED
};

/* Reads type and length of the next block, and the byte order when it begins a section. */
static enum step read_head(struct pcapng_reader *reader, const struct walk *walk, uint32_t *type,
                           uint32_t *length)
{
    struct cursor unread = walk->window->unread;
    const uint8_t *head = cursor_take(&unread, BLOCK_HEAD);
    if (!head)
        return STEP_STARVED;
    *type = u32_at(head, reader->is_swapped);
    if (*type == BLOCK_SECTION) {
        if (!cursor_take(&unread, SECTION_START - BLOCK_HEAD))
            return STEP_STARVED;
        if (!read_byte_order(head, &reader->is_swapped)) {
            block_fault(walk, "is a section header with a wrong byte-order magic");
            return STEP_DAMAGED;
        }
    }
    *length = u32_at(head + 4, reader->is_swapped);
    return STEP_DONE;
}

static bool length_is_possible(const struct walk *walk, uint32_t length, bool is_skipped)
{
    if (length < BLOCK_LENGTHS || length % 4 != 0)
        return block_fault(walk, "has the impossible length %u", length);
    int max = is_skipped ? SKIPPED_MAX : WINDOW_RECORD_MAX;
    if (length > (uint32_t)max)
        return block_fault(walk, "claims %u bytes, more than the %d allowed", length, max);
    return true;
}

/* Reads one whole block of the window, or passes over one that nobody needs. */
static enum step read_block(struct pcapng_reader *reader, struct walk *walk)
{
    uint32_t type, length;
    enum step step = read_head(reader, walk, &type, &length);
    if (step != STEP_DONE)
        return step;
    const struct block_kind *kind = find_kind(type);
    if (!length_is_possible(walk, length, !kind))
        return STEP_DAMAGED;
    if (!kind && length > WINDOW_RECORD_MAX) {
        window_skip(walk->window, length); /* without a look at the length behind it */
        return STEP_DONE;
    }
    struct cursor unread = walk->window->unread;
    const uint8_t *block = cursor_take(&unread, length);
    if (!block)
        return STEP_STARVED;
    uint32_t length_behind = u32_at(block + length - 4, reader->is_swapped);
    if (length_behind != length) {
        block_fault(walk, "has the length %u in front and %u behind", length, length_behind);
        return STEP_DAMAGED;
    }
    struct span body = {block + BLOCK_HEAD, length - BLOCK_LENGTHS};
    if (kind && !kind->read(reader, walk, cursor_over(body)))
        return STEP_DAMAGED;
    walk->window->unread = unread;
    return STEP_DONE;
}

static enum walk_status pcapng_walk(void *state, struct walk *walk)
{
    enum step step = STEP_DONE;
    while (step == STEP_DONE && walk->count < SOURCE_BATCH_FRAMES)
        step = read_block(state, walk);
    return step == STEP_DAMAGED ? WALK_DAMAGED : WALK_ON;
}

static void pcapng_end(void *state)
{
    struct pcapng_reader *reader = state;
    free(reader->interfaces);
    free(reader);
}

const struct capture_format pcapng_format = {
    .name = "pcapng",
    .header_size = SECTION_SIZE,
    .begin = pcapng_begin,
    .walk = pcapng_walk,
    .end = pcapng_end,
};
