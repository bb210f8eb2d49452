/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decoder.h"

#include "base/memory.h"
#include "decode/layers.h"

#include <stdlib.h>

enum { DEFAULT_FRAGMENTS = 4096 };

struct decoder {
    struct totals *totals;
    struct fragment_cache *fragments;
    const struct port_set *watched;
};

struct decoder *decoder_new(const struct decoder_options *options, struct totals *totals)
{
    size_t capacity = options->max_fragments > 0 ? options->max_fragments : DEFAULT_FRAGMENTS;
    struct decoder *decoder = memory_new(1, sizeof *decoder);
    decoder->totals = totals;
    decoder->watched = options->watched;
    decoder->fragments = fragment_cache_new(capacity, &options->key, totals);
    totals->limit_values[LIMIT_FRAGMENTS] = capacity;
    totals->limit_values[LIMIT_LAYERS] = LAYERS_MAX;
    return decoder;
}

void decoder_watch(struct decoder *decoder, const struct port_set *watched)
{
    decoder->watched = watched;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    fragment_cache_free(decoder->fragments);
    free(decoder);
}

/* A new link type is one line here. */
static const struct link {
    uint16_t type;
    walk_layer *walk;
} links[] = {
    {LINK_ETHERNET, walk_ethernet},
    {LINK_NULL, walk_loopback},
    {LINK_PPP, walk_ppp_serial}, /* written for Cisco HDLC too */
    {LINK_RAW_BSD, walk_ip},
    {LINK_RAW_OPENBSD, walk_ip},
    {LINK_PPP_SERIAL, walk_ppp_serial},
    {LINK_PPP_ETHER, walk_pppoe},
    {LINK_RAW, walk_ip},
    {LINK_CISCO_HDLC, walk_cisco_hdlc},
    {LINK_WIFI, walk_wifi},
    {LINK_FRAME_RELAY, walk_frame_relay},
    {LINK_LOOP, walk_loopback},
    {LINK_LINUX_SLL, walk_linux_sll},
    {LINK_RADIOTAP, walk_radiotap},
    {LINK_USER2, walk_user2},
    {LINK_PPI, walk_ppi},
    {LINK_PPP_WITH_DIRECTION, walk_ppp_with_direction},
    {LINK_IP4, walk_ip4},
    {LINK_IP6, walk_ip6},
    {LINK_NFLOG, walk_nflog},
    {LINK_PKTAP, walk_pktap},
    {LINK_LINUX_SLL2, walk_linux_sll2},
};

static const struct link *find_link(uint32_t type)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i].type == type)
            return &links[i];
    }
    return NULL;
}

bool decode_knows_link_type(uint16_t link_type)
{
    return find_link(link_type) != NULL;
}

enum decode_result walk_link(struct walk *walk, uint32_t type)
{
    const struct link *link = find_link(type);
    if (!link)
        return DECODE_UNSUPPORTED_LINK;
    return walk_deeper(walk) ? link->walk(walk) : DECODE_MALFORMED;
}

static void count_marks(struct totals *totals, uint32_t marks)
{
    for (unsigned bit = 0; marks >> bit; bit++)
        totals->decode_marks[bit] += marks >> bit & 1;
}

/* No frame is longer: super-packets (BIG TCP) end at 512 KiB. What claims more would make the byte
 * counts of the whole answer a lie. */
enum { WIRE_LENGTH_MAX = 1024 * 1024 };

enum decode_result packet_decode(struct decoder *decoder, const struct frame *frame,
                                 struct packet *packet)
{
    uint32_t captured = (uint32_t)frame->bytes.length;
    bool is_lie = frame->wire_length > WIRE_LENGTH_MAX && frame->wire_length > captured;
    uint32_t wire_length = is_lie ? captured : frame->wire_length;
    *packet = (struct packet){.time_ns = frame->time_ns,
                              .wire_length = wire_length,
                              .marks = is_lie ? PACKET_BAD_LENGTH : 0};
    struct walk walk = {
        .packet = packet,
        .fragments = decoder->fragments,
        .watched = decoder->watched,
        .bytes = cursor_over(frame->bytes),
        .missing = wire_length - captured,
    };
    enum decode_result result = walk_link(&walk, frame->link_type);
    decoder->totals->limits_hit[LIMIT_LAYERS] += walk.has_hit_limit;
    if (result == DECODE_OK)
        count_marks(decoder->totals, packet->marks);
    return result;
}
