/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/layers.h"

bool walk_deeper(struct walk *walk)
{
    if (walk->layers == LAYERS_MAX) {
        walk->has_hit_limit = true;
        return false;
    }
    walk->layers++;
    return true;
}

void walk_trim(struct walk *walk, uint32_t length)
{
    uint32_t captured = (uint32_t)cursor_left(&walk->bytes);
    if (length <= captured)
        walk->missing = 0;
    else if (length - captured < walk->missing)
        walk->missing = length - captured;
    cursor_limit(&walk->bytes, length);
}

bool walk_limit(struct walk *walk, uint32_t length)
{
    uint32_t left = walk_left(walk);
    if (length > left && walk->is_open_ended) {
        walk->missing += length - left;
    } else if (length > left) {
        if (walk->is_strict)
            return false;
        walk_mark(walk, PACKET_BAD_LENGTH);
        walk_mark(walk, PACKET_TRUNCATED);
    }
    walk_trim(walk, length);
    if (walk->missing > 0)
        walk_mark(walk, PACKET_TRUNCATED);
    return true;
}

void walk_advance(struct walk *walk, uint32_t length)
{
    uint32_t captured = (uint32_t)cursor_left(&walk->bytes);
    if (length <= captured) {
        cursor_skip(&walk->bytes, length);
        return;
    }
    cursor_skip(&walk->bytes, captured);
    uint32_t beyond = length - captured;
    walk->missing -= beyond < walk->missing ? beyond : walk->missing;
}

void walk_back(struct walk *walk, const struct walk *before, const struct packet *packet)
{
    uint32_t layers = walk->layers;
    bool has_hit_limit = walk->has_hit_limit;
    *walk = *before;
    *walk->packet = *packet;
    walk->layers = layers;
    walk->has_hit_limit = has_hit_limit;
}

int walk_peek_version(const struct walk *walk)
{
    int first = cursor_peek(&walk->bytes, 0);
    return first < 0 ? first : first >> 4;
}

uint16_t walk_peek_ip(const struct walk *walk)
{
    int version = walk_peek_version(walk);
    if (version == 4)
        return ETHERTYPE_IP4;
    return version == 6 ? ETHERTYPE_IP6 : 0;
}
