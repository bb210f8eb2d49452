/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/layers.h"

enum { HEADER_MIN = 20, FLAG_MORE = 0x2000, OFFSET_MASK = 0x1fff };

static bool has_sane_lengths(uint8_t version, uint32_t header, uint16_t total)
{
    return version == 4 && header >= HEADER_MIN && (total == 0 || total >= header);
}

static bool narrow_to_packet(struct walk *walk, uint32_t header, uint16_t total)
{
    if (total == 0)
        return walk_length_zero(walk, header);
    walk->packet->ip_length = total;
    return walk_limit(walk, total - header);
}

/* RFC 791 §3.1. Options are skipped, never read. */
enum decode_result walk_ip4(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    struct packet *packet = walk->packet;
    const uint8_t *start = bytes->at;
    uint8_t version_and_header = cursor_u8(bytes);
    uint32_t header = (version_and_header & 15u) * 4;
    cursor_skip(bytes, 1); /* type of service */
    uint16_t total = cursor_be16(bytes);
    uint16_t id = cursor_be16(bytes);
    uint16_t flags_and_offset = cursor_be16(bytes);
    packet->ttl = cursor_u8(bytes);
    uint8_t protocol = cursor_u8(bytes);
    cursor_skip(bytes, 2); /* checksum: often left to the network card, says nothing here */
    const uint8_t *addresses = cursor_take(bytes, 8);
    if (!addresses || !has_sane_lengths(version_and_header >> 4, header, total) ||
        !cursor_skip(bytes, header - HEADER_MIN))
        return DECODE_MALFORMED;
    packet->source = address_from_bytes(addresses, 4);
    packet->destination = address_from_bytes(addresses + 4, 4);
    if (!narrow_to_packet(walk, header, total))
        return DECODE_MALFORMED;
    packet->network = (struct span){start, (size_t)(bytes->end - start)};
    if ((flags_and_offset & (FLAG_MORE | OFFSET_MASK)) == 0)
        return walk_protocol(walk, protocol);
    const struct fragment_header fragment = {
        .id = id,
        .offset = (flags_and_offset & OFFSET_MASK) * 8u,
        .has_more = flags_and_offset & FLAG_MORE,
        .protocol = protocol,
    };
    return walk_fragment(walk, &fragment) ? walk_protocol(walk, protocol) : DECODE_OK;
}
