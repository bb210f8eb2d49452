/* SPDX-License-Identifier: Apache-2.0
 *
 * GRE (RFC 2784, 2890, 1701), and what is built on it: NVGRE (RFC 7637), PPTP (RFC 2637), ERSPAN
 * (draft-foschiano-erspan), WCCP.
 */
#include "decode/tunnel.h"

#include <stddef.h>

/*  0                   1
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * |C|R|K|S|s|Recur|A| Flags | Ver |  then the protocol, then what the flags announce */
enum gre_flag {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGEMENT = 0x0080,
    GRE_VERSION = 0x0007,
};

enum gre_protocol {
    GRE_WCCP = 0x883e,
    GRE_ERSPAN = 0x88be,
    GRE_ERSPAN3 = 0x22eb,
};

struct gre {
    uint16_t flags, protocol;
    uint32_t key;
};

/* Source routes of RFC 1701: family, offset, length; the last has family and length 0. */
static bool skip_routes(struct cursor *bytes)
{
    for (unsigned routes = 0; routes <= MPLS_LABELS_MAX; routes++) {
        uint16_t family = cursor_be16(bytes);
        cursor_skip(bytes, 1);
        uint8_t length = cursor_u8(bytes);
        if (!cursor_skip(bytes, length))
            return false;
        if (family == 0 && length == 0)
            return true;
    }
    return false;
}

/* The id of a virtual subnet is the upper 24 bits of the key, the rest varies by flow. Ids up to
 * 0xfff are reserved (RFC 7637 §3.2): such a key is one number, of Ethernet in plain GRE. */
static uint32_t id_of(const struct gre *gre)
{
    uint32_t subnet = gre->key >> 8;
    bool is_nvgre = gre->protocol == ETHERTYPE_ETHERNET && subnet > 0xfff;
    return is_nvgre ? subnet : gre->key;
}

/* A redirected packet (WCCP 2) may have four bytes of its own in front. */
static bool read_wccp(struct walk *walk, struct inner *inner)
{
    inner->ethertype = ETHERTYPE_IP4;
    if (walk_peek_ip(walk) != ETHERTYPE_IP4)
        cursor_skip(&walk->bytes, 4);
    return true;
}

/* Type I is the bare frame and has no GRE sequence number. Type II:
 * | version 4 | VLAN 12 | class 3, encapsulation 2, truncated 1, session 10 | index 32 | */
static bool read_erspan(struct walk *walk, const struct gre *gre, struct inner *inner)
{
    *inner = (struct inner){.kind = TUNNEL_ERSPAN, .ethertype = ETHERTYPE_ETHERNET};
    if (!(gre->flags & GRE_SEQUENCE))
        return true;
    uint16_t version = cursor_be16(&walk->bytes) >> 12;
    inner->id = cursor_be16(&walk->bytes) & 0x03ff;
    cursor_skip(&walk->bytes, 4);
    return version == 1;
}

/* Type III: as type II up to the session, then
 * | timestamp 32 | group tag 16 | P 1, frame type 5, hardware 6, D 1, unit 2, O 1 |
 * and 8 bytes more when O is set. */
static bool read_erspan3(struct walk *walk, struct inner *inner)
{
    enum { FRAME_ETHERNET = 0, FRAME_IP = 2 };
    struct cursor *bytes = &walk->bytes;
    uint16_t version = cursor_be16(bytes) >> 12;
    uint16_t session = cursor_be16(bytes) & 0x03ff;
    cursor_skip(bytes, 6);
    uint16_t flags = cursor_be16(bytes);
    unsigned frame = flags >> 10 & 31;
    if (flags & 1)
        cursor_skip(bytes, 8);
    *inner = (struct inner){TUNNEL_ERSPAN, session, ETHERTYPE_ETHERNET};
    if (frame == FRAME_IP)
        inner->ethertype = walk_peek_ip(walk);
    return version == 2 && (frame == FRAME_ETHERNET || frame == FRAME_IP);
}

/* PPTP: the key is payload length and call id. Each side has a call id of its own, so it cannot
 * name the conversation. */
static bool read_pptp(struct walk *walk, const struct gre *gre, struct inner *inner)
{
    struct cursor *bytes = &walk->bytes;
    uint16_t length = cursor_be16(bytes);
    cursor_skip(bytes, 2);
    if (gre->flags & GRE_SEQUENCE)
        cursor_skip(bytes, 4);
    if (gre->flags & GRE_ACKNOWLEDGEMENT)
        cursor_skip(bytes, 4);
    walk_trim(walk, length);
    *inner = (struct inner){.kind = TUNNEL_GRE, .ethertype = ETHERTYPE_PPP};
    return gre->protocol == ETHERTYPE_PPP && gre->flags & GRE_KEY && length > 0;
}

static bool read_options(struct cursor *bytes, struct gre *gre)
{
    if (gre->flags & (GRE_CHECKSUM | GRE_ROUTING))
        cursor_skip(bytes, 4);
    if (gre->flags & GRE_KEY)
        gre->key = cursor_be32(bytes);
    if (gre->flags & GRE_SEQUENCE)
        cursor_skip(bytes, 4);
    return !(gre->flags & GRE_ROUTING) || skip_routes(bytes);
}

bool tunnel_read_gre(struct walk *walk, struct inner *inner)
{
    struct cursor *bytes = &walk->bytes;
    struct gre gre = {.flags = cursor_be16(bytes)};
    gre.protocol = cursor_be16(bytes);
    unsigned version = gre.flags & GRE_VERSION;
    if (version == 1)
        return read_pptp(walk, &gre, inner);
    if (version != 0 || !read_options(bytes, &gre))
        return false;
    *inner = (struct inner){TUNNEL_GRE, id_of(&gre), gre.protocol};
    switch (gre.protocol) {
    case GRE_ERSPAN:
        return read_erspan(walk, &gre, inner);
    case GRE_ERSPAN3:
        return read_erspan3(walk, inner);
    case GRE_WCCP:
        return read_wccp(walk, inner);
    default:
        return true;
    }
}
