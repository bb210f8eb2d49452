/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/layers.h"

/* A payload length of 0 is a jumbogram (RFC 2675) or offload, unless the packet says itself that
 * nothing follows. */
static bool narrow_to_packet(struct walk *walk, uint16_t payload, uint8_t next)
{
    enum { HEADER = 40 };
    if (payload == 0 && next != IP_NO_NEXT_HEADER)
        return walk_length_zero(walk, HEADER);
    walk->packet->ip_length = HEADER + payload;
    return walk_limit(walk, payload);
}

static bool is_extension(uint8_t protocol)
{
    static const uint8_t extensions[] = {
        IP_HOP_BY_HOP,          IP_ROUTING,  IP_FRAGMENT, IP_AUTHENTICATION,
        IP_DESTINATION_OPTIONS, IP_MOBILITY, IP_HIP,      IP_SHIM6,
    };
    for (size_t i = 0; i < sizeof extensions; i++) {
        if (extensions[i] == protocol)
            return true;
    }
    return false;
}

/* RFC 8200 §4.5. A packet that is its only fragment ("atomic") is none (RFC 6946). False when the
 * packet ends here. */
static bool walk_fragment_header(struct walk *walk, uint8_t *next)
{
    *next = cursor_u8(&walk->bytes);
    cursor_skip(&walk->bytes, 1);
    uint16_t offset_and_more = cursor_be16(&walk->bytes);
    const struct fragment_header fragment = {
        .id = cursor_be32(&walk->bytes),
        .offset = offset_and_more & 0xfff8u,
        .has_more = offset_and_more & 1,
        .protocol = *next,
    };
    bool is_atomic = fragment.offset == 0 && !fragment.has_more;
    return is_atomic || !cursor_ok(&walk->bytes) || walk_fragment(walk, &fragment);
}

/* All others: next header, then their length in 8-byte units not counting the first. */
static void skip_extension(struct walk *walk, uint8_t *next)
{
    *next = cursor_u8(&walk->bytes);
    uint32_t length = cursor_u8(&walk->bytes);
    cursor_skip(&walk->bytes, 6 + length * 8);
}

/* RFC 8200 §4: each header names the next; every one takes at least 8 bytes. */
static enum decode_result walk_extensions(struct walk *walk, uint8_t next)
{
    for (unsigned count = 0; is_extension(next); count++) {
        if (count == IP6_EXTENSIONS_MAX) {
            walk->has_hit_limit = true;
            return walk_portless(walk, next);
        }
        uint8_t this = next;
        if (this == IP_FRAGMENT) {
            if (!walk_fragment_header(walk, &next))
                return DECODE_OK;
        } else if (this == IP_AUTHENTICATION) {
            walk_authentication(walk, &next);
        } else {
            skip_extension(walk, &next);
        }
        if (!cursor_ok(&walk->bytes))
            return walk_too_short(walk, this);
    }
    return walk_protocol(walk, next);
}

/* RFC 8200 §3. */
enum decode_result walk_ip6(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    struct packet *packet = walk->packet;
    const uint8_t *start = bytes->at;
    uint32_t version = cursor_be32(bytes) >> 28;
    uint16_t payload = cursor_be16(bytes);
    uint8_t next = cursor_u8(bytes);
    packet->ttl = cursor_u8(bytes);
    const uint8_t *addresses = cursor_take(bytes, 32);
    if (!addresses || version != 6)
        return DECODE_MALFORMED;
    packet->source = address_from_bytes(addresses, 6);
    packet->destination = address_from_bytes(addresses + 16, 6);
    if (!narrow_to_packet(walk, payload, next))
        return DECODE_MALFORMED;
    packet->network = (struct span){start, (size_t)(bytes->end - start)};
    return walk_extensions(walk, next);
}
