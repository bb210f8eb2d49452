/* SPDX-License-Identifier: Apache-2.0
 *
 * What the inside of a data centre puts between Ethernet and IP: nothing of it is kept, but a
 * packet mirrored there must not be missed.
 */
#include "decode/layers.h"

static enum decode_result walk_type_behind(struct walk *walk, size_t length)
{
    cursor_skip(&walk->bytes, length);
    uint16_t type = cursor_be16(&walk->bytes);
    return cursor_ok(&walk->bytes) ? walk_ethertype(walk, type) : DECODE_MALFORMED;
}

static enum decode_result walk_frame_behind(struct walk *walk, size_t length)
{
    return cursor_skip(&walk->bytes, length) ? walk_ethernet(walk) : DECODE_MALFORMED;
}

/* Security group: version 1, length 1, option 2, group 2. */
enum decode_result walk_trustsec(struct walk *walk)
{
    return walk_type_behind(walk, 6);
}

/* VN-tag: the port of a fabric extender. */
enum decode_result walk_port_extender(struct walk *walk)
{
    return walk_type_behind(walk, 4);
}

/* Forwarding tag and hop count, then the whole frame. */
enum decode_result walk_fabricpath(struct walk *walk)
{
    return walk_frame_behind(walk, 2);
}

/* IEEE 802.1ah service tag: flags and service, then the whole frame. */
enum decode_result walk_backbone(struct walk *walk)
{
    return walk_frame_behind(walk, 4);
}

/* IEEE 802.1AE §9.3, when it only authenticates: | control 8 | length 8 | number 32 |, and the
 * channel when the control says so. The check value at the end falls to IP's own length. */
enum decode_result walk_macsec(struct walk *walk)
{
    enum { HAS_CHANNEL = 0x20, IS_CHANGED = 0x0c /* encrypted, or changed text */ };
    uint8_t control = cursor_u8(&walk->bytes);
    if (control & IS_CHANGED)
        return DECODE_NOT_IP;
    return walk_type_behind(walk, control & HAS_CHANNEL ? 13 : 5);
}
