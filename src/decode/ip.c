/* SPDX-License-Identifier: Apache-2.0
 *
 * What IPv4 and IPv6 have in common: the version, authentication headers, fragments.
 */
#include "decode/layers.h"

enum decode_result walk_ip(struct walk *walk)
{
    switch (walk_peek_version(walk)) {
    case 4:
        return walk_ip4(walk);
    case 6:
        return walk_ip6(walk);
    default:
        return DECODE_MALFORMED;
    }
}

bool walk_length_zero(struct walk *walk, uint32_t header)
{
    bool is_expected = !walk->is_strict || walk->packet->marks & PACKET_LENGTH_ZERO;
    walk_mark(walk, PACKET_LENGTH_ZERO);
    walk->packet->ip_length = header + walk_left(walk);
    return is_expected && walk_limit(walk, walk_left(walk));
}

bool walk_authentication(struct walk *walk, uint8_t *next)
{
    *next = cursor_u8(&walk->bytes);
    uint32_t words = cursor_u8(&walk->bytes) + 2u; /* in 32-bit words, two of them not counted */
    cursor_skip(&walk->bytes, words * 4 - 2);
    return cursor_ok(&walk->bytes);
}

static struct fragment_key key_of(const struct packet *packet, const struct fragment_header *header)
{
    struct fragment_key key = {
        .source = packet->source,
        .destination = packet->destination,
        .protocol = packet->source.version == 4 ? header->protocol : 0,
        .vlan_count = packet->vlan_count,
        .id = header->id,
        .tunnel = packet->tunnel,
    };
    for (unsigned i = 0; i < packet->vlan_count; i++)
        key.vlans[i] = packet->vlans[i];
    return key;
}

/* A later fragment has no transport header: ports come from the first, if it was seen. */
static void finish_later(struct walk *walk, const struct fragment_header *header,
                         const struct fragment *fragment)
{
    struct packet *packet = walk->packet;
    if (!fragment->has_first)
        walk_mark(walk, PACKET_FRAGMENT_ORPHAN);
    walk_portless(walk, fragment->has_first ? fragment->protocol : header->protocol);
    packet->is_headless = true;
    packet->source_port = fragment->source_port;
    packet->destination_port = fragment->destination_port;
    packet->has_ports = fragment->has_ports;
}

bool walk_fragment(struct walk *walk, const struct fragment_header *header)
{
    struct packet *packet = walk->packet;
    struct fragment_key key = key_of(packet, header);
    struct fragment *fragment = fragment_cache_find_or_add(walk->fragments, &key, packet->time_ns);
    uint32_t length = walk_left(walk) < UINT16_MAX ? walk_left(walk) : UINT16_MAX;
    struct fragment_piece piece = {
        .range = {header->offset, header->offset + length},
        .is_last = !header->has_more,
        .bytes = cursor_rest(&walk->bytes),
        .time_ns = packet->time_ns,
    };
    walk_mark(walk, PACKET_FRAGMENT);
    if (fragment_add_piece(walk->fragments, fragment, &piece))
        walk_mark(walk, PACKET_FRAGMENT_OVERLAP);
    /* All but the last are multiples of 8 bytes, and a datagram ends at 65,535 (RFC 791). */
    if (piece.range.end > UINT16_MAX || (header->has_more && length % 8 != 0))
        walk_mark(walk, PACKET_BAD_LENGTH);
    if (header->offset > 0) {
        finish_later(walk, header, fragment);
        return false;
    }
    walk->fragment = fragment;
    walk->is_open_ended = true;
    return true;
}
