/* SPDX-License-Identifier: Apache-2.0
 *
 * PPP in its wrappers, Cisco HDLC, frame relay: what runs over serial lines and DSL.
 */
#include "decode/layers.h"

#include <stddef.h>

/* RFC 1661 §2 and its protocol numbers. */
static const struct {
    uint16_t protocol, ethertype;
} ppp_protocols[] = {
    {0x0021, ETHERTYPE_IP4},
    {0x0057, ETHERTYPE_IP6},
    {0x0281, ETHERTYPE_MPLS},
    {0x0283, ETHERTYPE_MPLS_MULTICAST},
};

/* Address and control (ff 03) may be left out; the protocol may be one byte, known by its lowest
 * bit (RFC 1661 §6.5, §6.6). */
enum decode_result walk_ppp(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    if (cursor_peek(bytes, 0) == 0xff && cursor_peek(bytes, 1) == 0x03)
        cursor_skip(bytes, 2);
    uint16_t protocol = cursor_u8(bytes);
    if (!(protocol & 1))
        protocol = (uint16_t)(protocol << 8 | cursor_u8(bytes));
    if (!cursor_ok(bytes))
        return DECODE_MALFORMED;
    for (size_t i = 0; i < sizeof ppp_protocols / sizeof ppp_protocols[0]; i++) {
        if (ppp_protocols[i].protocol == protocol)
            return walk_ethertype(walk, ppp_protocols[i].ethertype);
    }
    return DECODE_NOT_IP;
}

/* One byte says who sent it. */
enum decode_result walk_ppp_with_direction(struct walk *walk)
{
    cursor_skip(&walk->bytes, 1);
    return walk_ppp(walk);
}

/* PPP (RFC 1662) or Cisco's HDLC (RFC 1547 §4.3.1), by the first byte. */
enum decode_result walk_ppp_serial(struct walk *walk)
{
    int first = cursor_peek(&walk->bytes, 0);
    return first == 0x0f || first == 0x8f ? walk_cisco_hdlc(walk) : walk_ppp(walk);
}

/* RFC 2516 §4: | version 4, type 4 | code 8 | session 16 | length 16 | */
enum decode_result walk_pppoe(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    uint8_t version_and_type = cursor_u8(bytes);
    uint8_t code = cursor_u8(bytes);
    cursor_skip(bytes, 2);
    uint16_t length = cursor_be16(bytes);
    if (!cursor_ok(bytes) || version_and_type != 0x11)
        return DECODE_MALFORMED;
    if (code != 0) /* discovery */
        return DECODE_NOT_IP;
    walk_trim(walk, length);
    return walk_ppp(walk);
}

/* address 1, control 1, ethertype 2 */
enum decode_result walk_cisco_hdlc(struct walk *walk)
{
    cursor_skip(&walk->bytes, 2);
    uint16_t type = cursor_be16(&walk->bytes);
    return cursor_ok(&walk->bytes) ? walk_ethertype(walk, type) : DECODE_MALFORMED;
}

/* RFC 2427 §3: what follows the control byte. */
static enum decode_result walk_nlpid(struct walk *walk)
{
    enum { PADDING = 0x00, SNAP = 0x80, IP6 = 0x8e, IP4 = 0xcc };
    uint8_t id = cursor_u8(&walk->bytes);
    if (id == PADDING)
        id = cursor_u8(&walk->bytes);
    if (!cursor_ok(&walk->bytes))
        return DECODE_MALFORMED;
    switch (id) {
    case IP4:
        return walk_ethertype(walk, ETHERTYPE_IP4);
    case IP6:
        return walk_ethertype(walk, ETHERTYPE_IP6);
    case SNAP:
        return walk_snap(walk);
    default:
        return DECODE_NOT_IP;
    }
}

/* Q.922 address of 2 to 4 bytes, the last with its lowest bit set; then control and NLPID, or an
 * ethertype in Cisco's encapsulation. */
enum decode_result walk_frame_relay(struct walk *walk)
{
    enum { ADDRESS_MAX = 4, UNNUMBERED = 0x03 };
    struct cursor *bytes = &walk->bytes;
    bool is_last = false;
    for (unsigned count = 0; !is_last && count < ADDRESS_MAX; count++)
        is_last = cursor_u8(bytes) & 1;
    if (!cursor_ok(bytes) || !is_last)
        return DECODE_MALFORMED;
    if (cursor_peek(bytes, 0) == UNNUMBERED) {
        cursor_skip(bytes, 1);
        return walk_nlpid(walk);
    }
    uint16_t type = cursor_be16(bytes);
    return cursor_ok(bytes) ? walk_ethertype(walk, type) : DECODE_MALFORMED;
}
