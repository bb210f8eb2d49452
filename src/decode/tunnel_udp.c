/* SPDX-License-Identifier: Apache-2.0
 *
 * Tunnels over UDP. A port proves nothing: each header must be right in every bit that it fixes,
 * and the walk behind it is strict, so that a datagram which only looks the part stays itself.
 */
#include "decode/tunnel.h"

/* RFC 7348 §5; the group policy extension (flag 0x80) uses reserved bits.
 * | flags 8 | reserved 24 | network id 24 | reserved 8 | */
bool tunnel_read_vxlan(struct walk *walk, struct inner *inner)
{
    enum { HAS_ID = 0x08, HAS_GROUP = 0x80 };
    uint32_t flags = cursor_be32(&walk->bytes);
    uint32_t id = cursor_be32(&walk->bytes);
    bool has_group = flags >> 24 == (HAS_ID | HAS_GROUP);
    bool is_plain = flags == (uint32_t)HAS_ID << 24;
    *inner = (struct inner){TUNNEL_VXLAN, id >> 8, ETHERTYPE_ETHERNET};
    return (is_plain || has_group) && (id & 0xff) == 0;
}

/* Options must fill their announced length exactly; each takes at least 4 bytes.
 * | class 16 | type 8 | reserved 3, length in words 5 | data | */
static bool skip_geneve_options(struct cursor *bytes, uint32_t length)
{
    while (length >= 4) {
        uint32_t words = cursor_be32(bytes) & 31;
        uint32_t size = 4 + words * 4;
        if (size > length || !cursor_skip(bytes, words * 4))
            return false;
        length -= size;
    }
    return length == 0;
}

/* RFC 8926 §3.4.
 * | version 2, options in words 6 | O 1, C 1, reserved 6 | protocol 16 | network id 24 | reserved 8
 * | O marks control messages. */
bool tunnel_read_geneve(struct walk *walk, struct inner *inner)
{
    enum { CONTROL = 0x80, CRITICAL = 0x40 };
    struct cursor *bytes = &walk->bytes;
    uint8_t version_and_length = cursor_u8(bytes);
    uint8_t flags = cursor_u8(bytes);
    uint16_t protocol = cursor_be16(bytes);
    uint32_t id = cursor_be32(bytes);
    if (version_and_length >> 6 != 0 || (flags & ~CRITICAL) != 0 || (id & 0xff) != 0)
        return false;
    *inner = (struct inner){TUNNEL_GENEVE, id >> 8, protocol};
    return skip_geneve_options(bytes, (version_and_length & 63u) * 4);
}

/* Each extension header: its length in words, content, type of the next (3GPP TS 29.281 §5.2). */
static bool skip_gtpu_extensions(struct cursor *bytes, uint8_t type)
{
    enum { EXTENSIONS_MAX = 8 };
    for (unsigned count = 0; type != 0; count++) {
        uint32_t size = cursor_u8(bytes) * 4u;
        if (count == EXTENSIONS_MAX || size == 0)
            return false;
        cursor_skip(bytes, size - 2);
        type = cursor_u8(bytes);
    }
    return true;
}

/* 3GPP TS 29.281 §5.1: user packets ("T-PDU") of GTP version 1. The two directions have different
 * endpoint ids, so the id cannot name the conversation.
 * | version 3, PT 1, reserved 1, E 1, S 1, PN 1 | type 8 | length 16 | endpoint id 32 | */
bool tunnel_read_gtpu(struct walk *walk, struct inner *inner)
{
    enum { VERSION_1_GTP = 0x30, FIXED = 0xf8, EXTRAS = 0x07, T_PDU = 255 };
    struct cursor *bytes = &walk->bytes;
    uint8_t flags = cursor_u8(bytes);
    uint8_t type = cursor_u8(bytes);
    uint16_t length = cursor_be16(bytes);
    cursor_skip(bytes, 4);
    if ((flags & FIXED) != VERSION_1_GTP || type != T_PDU || length != walk_left(walk))
        return false;
    if (flags & EXTRAS) {
        cursor_skip(bytes, 3); /* sequence number, N-PDU number */
        if (!skip_gtpu_extensions(bytes, cursor_u8(bytes)))
            return false;
    }
    *inner = (struct inner){.kind = TUNNEL_GTPU, .ethertype = walk_peek_ip(walk)};
    return true;
}

/* Authentication, then origin, both optional (RFC 4380 §5.1.1).
 * | 0x0001 | id length 8 | value length 8 | id | value | nonce 64 | confirmation 8 |
 * | 0x0000 | port 16 | address 32 | */
static void skip_teredo_indications(struct cursor *bytes)
{
    if (cursor_peek(bytes, 0) == 0 && cursor_peek(bytes, 1) == 1) {
        cursor_skip(bytes, 2);
        uint32_t id_length = cursor_u8(bytes);
        uint32_t value_length = cursor_u8(bytes);
        cursor_skip(bytes, id_length + value_length + 9);
    }
    if (cursor_peek(bytes, 0) == 0 && cursor_peek(bytes, 1) == 0)
        cursor_skip(bytes, 8);
}

/* 2001:0::/32, or link-local as in router solicitations. */
static bool is_teredo_address(const struct cursor *packet, size_t offset)
{
    struct cursor address = *packet;
    cursor_skip(&address, offset);
    uint32_t prefix = cursor_be32(&address);
    return prefix == 0x20010000 || prefix >> 22 == 0xfe80u >> 6;
}

/* RFC 4380: an IPv6 packet of which one side is a Teredo client. */
bool tunnel_read_teredo(struct walk *walk, struct inner *inner)
{
    skip_teredo_indications(&walk->bytes);
    *inner = (struct inner){.kind = TUNNEL_TEREDO, .ethertype = ETHERTYPE_IP6};
    return walk_peek_ip(walk) == ETHERTYPE_IP6 &&
           (is_teredo_address(&walk->bytes, 8) || is_teredo_address(&walk->bytes, 24));
}
