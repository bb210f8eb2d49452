/* SPDX-License-Identifier: Apache-2.0
 *
 * Headers that capturing systems put in front: BSD loopback, Apple's pktap, Linux's NFLOG, PPI.
 */
#include "decode/layers.h"

#include <stddef.h>

/* Address families by who numbers them so; IPv4 is 2 everywhere. */
static bool is_ip_family(uint32_t family)
{
    static const uint32_t families[] = {
        2,  /* AF_INET */
        10, /* AF_INET6: Linux */
        23, /* Windows */
        24, /* NetBSD, OpenBSD */
        28, /* FreeBSD */
        30, /* macOS */
    };
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (families[i] == family)
            return true;
    }
    return false;
}

/* The family stands in the byte order of the capturing machine (NULL) or of the network (LOOP): it
 * is a small number in one of them. */
enum decode_result walk_loopback(struct walk *walk)
{
    struct cursor swapped = walk->bytes;
    uint32_t family = cursor_be32(&walk->bytes);
    if (!cursor_ok(&walk->bytes))
        return DECODE_MALFORMED;
    if (is_ip_family(family) || is_ip_family(cursor_le32(&swapped)))
        return walk_ip(walk);
    return DECODE_NOT_IP;
}

/* | version 8 | flags 8 | length 16 | link type 32 | fields |, all little-endian */
enum decode_result walk_ppi(struct walk *walk)
{
    enum { HEADER = 8 };
    struct cursor *bytes = &walk->bytes;
    cursor_skip(bytes, 2);
    uint16_t length = cursor_le16(bytes);
    uint32_t type = cursor_le32(bytes);
    if (!cursor_ok(bytes) || length < HEADER || !cursor_skip(bytes, length - HEADER))
        return DECODE_MALFORMED;
    return walk_link(walk, type);
}

struct pktap {
    uint32_t length, next, link_type;
};
enum { PKTAP_FIXED = 12, PKTAP_MIN = 108, PKTAP_PACKET = 1 };

static struct pktap read_pktap(struct cursor *bytes)
{
    struct pktap header = {.length = cursor_le32(bytes)};
    header.next = cursor_le32(bytes);
    header.link_type = cursor_le32(bytes);
    return header;
}

/* Apple: length of the header, type of what follows, its link type, interface, process, ... */
enum decode_result walk_pktap(struct walk *walk)
{
    const struct pktap header = read_pktap(&walk->bytes);
    if (!cursor_ok(&walk->bytes) || header.length < PKTAP_FIXED ||
        !cursor_skip(&walk->bytes, header.length - PKTAP_FIXED))
        return DECODE_MALFORMED;
    return header.next == PKTAP_PACKET ? walk_link(walk, header.link_type) : DECODE_NOT_IP;
}

/* Older versions of macOS wrote pktap under a number free for private use: believed only when the
 * header is one. */
enum decode_result walk_user2(struct walk *walk)
{
    struct cursor ahead = walk->bytes;
    const struct pktap header = read_pktap(&ahead);
    bool is_pktap = cursor_ok(&ahead) && header.length >= PKTAP_MIN &&
                    header.length <= cursor_left(&walk->bytes) && header.next == PKTAP_PACKET;
    return is_pktap ? walk_pktap(walk) : DECODE_UNSUPPORTED_LINK;
}

/* | family 8 | version 8 | resource 16 | attributes: length 16, type 16, value, padding to 4 |
 * Lengths include their own 4 bytes and stand in the capturing machine's order; in practice
 * little-endian. The packet is the attribute of type 9. */
enum decode_result walk_nflog(struct walk *walk)
{
    enum { AF_INET = 2, AF_INET6 = 10, ATTRIBUTE = 4, PAYLOAD = 9 };
    struct cursor *bytes = &walk->bytes;
    uint8_t family = cursor_u8(bytes);
    cursor_skip(bytes, 3);
    if (family != AF_INET && family != AF_INET6)
        return cursor_ok(bytes) ? DECODE_NOT_IP : DECODE_MALFORMED;
    for (;;) {
        uint16_t length = cursor_le16(bytes);
        uint16_t type = cursor_le16(bytes);
        if (!cursor_ok(bytes) || length < ATTRIBUTE)
            return DECODE_MALFORMED;
        if (type == PAYLOAD) {
            walk_trim(walk, length - ATTRIBUTE);
            return walk_ip(walk);
        }
        cursor_skip(bytes, (length - ATTRIBUTE + 3u) & ~3u);
    }
}
