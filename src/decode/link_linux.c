/* SPDX-License-Identifier: Apache-2.0
 *
 * Linux: the "cooked" headers of the pseudo-interface "any", version 1 and 2.
 */
#include "decode/layers.h"

enum { SLL_LLC = 4, ARPHRD_NETLINK = 824 };

/* The protocol is an ethertype or, below, a number of Linux's own: 4 is 802.2 LLC. For netlink
 * messages it is a netlink family. */
static enum decode_result walk_cooked(struct walk *walk, uint16_t protocol, uint16_t hardware)
{
    if (!cursor_ok(&walk->bytes))
        return DECODE_MALFORMED;
    if (protocol == SLL_LLC && hardware != ARPHRD_NETLINK)
        return walk_llc(walk);
    return walk_ethertype(walk, protocol);
}

/* packet type 2, ARPHRD_ type 2, address length 2, address 8, protocol 2 */
enum decode_result walk_linux_sll(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    cursor_skip(bytes, 2);
    uint16_t hardware = cursor_be16(bytes);
    cursor_skip(bytes, 10);
    return walk_cooked(walk, cursor_be16(bytes), hardware);
}

/* protocol 2, reserved 2, interface 4, ARPHRD_ type 2, packet type 1, address length 1, address 8
 */
enum decode_result walk_linux_sll2(struct walk *walk)
{
    struct cursor *bytes = &walk->bytes;
    uint16_t protocol = cursor_be16(bytes);
    cursor_skip(bytes, 6);
    uint16_t hardware = cursor_be16(bytes);
    cursor_skip(bytes, 10);
    return walk_cooked(walk, protocol, hardware);
}
