/* SPDX-License-Identifier: Apache-2.0
 *
 * IEEE 802.11 data frames, bare or behind a radiotap header.
 */
#include "decode/layers.h"

/* Frame control, as a little-endian number (IEEE 802.11-2020 §9.2.4.1). */
enum {
    WIFI_VERSION = 0x0003,
    WIFI_TYPE = 0x000c,
    WIFI_TYPE_DATA = 0x0008,
    WIFI_NO_DATA = 0x0040,
    WIFI_QOS = 0x0080,
    WIFI_BOTH_SYSTEMS = 0x0300, /* to and from the distribution system: a fourth address */
    WIFI_PROTECTED = 0x4000,
    WIFI_ORDER = 0x8000, /* in QoS frames: four bytes of HT control */
    WIFI_FRAGMENT_NUMBER = 0x000f,
    WIFI_QOS_AGGREGATE = 0x0080,
};

/* Several packets in one frame (A-MSDU): destination, source, length, packet. The first is read,
 * for one frame is one packet; the others are counted as a limit. */
static enum decode_result walk_aggregate(struct walk *walk)
{
    enum { HEADER = 14 }; /* less than another one is padding and checksum */
    cursor_skip(&walk->bytes, HEADER - 2);
    uint16_t length = cursor_be16(&walk->bytes);
    if (!cursor_ok(&walk->bytes))
        return DECODE_MALFORMED;
    if (walk_left(walk) >= length + (uint32_t)HEADER)
        walk->has_hit_limit = true;
    walk_trim(walk, length);
    return walk_llc(walk);
}

/* duration 2, three addresses 18, sequence control 2, [address 6], [QoS 2, [HT control 4]] */
static enum decode_result walk_data(struct walk *walk, uint16_t control, bool is_padded)
{
    struct cursor *bytes = &walk->bytes;
    size_t before = cursor_left(bytes) + 2; /* frame control */
    uint16_t qos = 0;
    cursor_skip(bytes, 20);
    bool is_later_fragment = cursor_le16(bytes) & WIFI_FRAGMENT_NUMBER;
    if ((control & WIFI_BOTH_SYSTEMS) == WIFI_BOTH_SYSTEMS)
        cursor_skip(bytes, 6);
    if (control & WIFI_QOS)
        qos = cursor_le16(bytes);
    if (control & WIFI_QOS && control & WIFI_ORDER)
        cursor_skip(bytes, 4);
    if (is_padded)
        cursor_skip(bytes, (4 - (before - cursor_left(bytes)) % 4) % 4);
    if (!cursor_ok(bytes))
        return DECODE_MALFORMED;
    if (is_later_fragment)
        return DECODE_NOT_IP;
    return qos & WIFI_QOS_AGGREGATE ? walk_aggregate(walk) : walk_llc(walk);
}

static enum decode_result walk_frame(struct walk *walk, bool is_padded)
{
    uint16_t control = cursor_le16(&walk->bytes);
    if (!cursor_ok(&walk->bytes))
        return DECODE_MALFORMED;
    bool is_readable = (control & (WIFI_VERSION | WIFI_TYPE)) == WIFI_TYPE_DATA &&
                       !(control & (WIFI_NO_DATA | WIFI_PROTECTED));
    return is_readable ? walk_data(walk, control, is_padded) : DECODE_NOT_IP;
}

enum decode_result walk_wifi(struct walk *walk)
{
    return walk_frame(walk, false);
}

/* Whether the card pads the 802.11 header to a multiple of four: a bit of the flags field. Before
 * it stand the words that say which fields there are, and an 8-byte aligned clock if there is one
 * (radiotap.org). `fields` begins behind version, padding and length. */
static bool has_padding(struct cursor fields)
{
    enum { BEFORE = 4, CLOCK = 1, FLAGS = 2, PADDED = 0x20 };
    const uint32_t more = UINT32_C(1) << 31;
    size_t whole = cursor_left(&fields) + BEFORE;
    uint32_t first = cursor_le32(&fields);
    uint32_t present = first;
    while (present & more)
        present = cursor_le32(&fields); /* 0 at the end */
    if (first & CLOCK) {
        size_t at = whole - cursor_left(&fields);
        cursor_skip(&fields, (8 - at % 8) % 8 + 8);
    }
    return first & FLAGS && cursor_u8(&fields) & PADDED;
}

/* | version 8 | padding 8 | length 16 | fields |, little-endian */
enum decode_result walk_radiotap(struct walk *walk)
{
    enum { FIXED = 4, HEADER_MIN = 8 };
    struct cursor *bytes = &walk->bytes;
    cursor_skip(bytes, 2);
    uint16_t length = cursor_le16(bytes);
    struct cursor fields = *bytes;
    if (!cursor_ok(bytes) || length < HEADER_MIN || !cursor_skip(bytes, length - FIXED))
        return DECODE_MALFORMED;
    cursor_limit(&fields, length - FIXED);
    return walk_frame(walk, has_padding(fields));
}
