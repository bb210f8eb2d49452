/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/layers.h"

/* Only a guess leads here, so the lengths inside must agree. */
static enum decode_result walk_wire(struct walk *walk)
{
    walk->is_strict = true;
    return walk_ethernet(walk);
}

/* RFC 4385: four bytes before the frame, the first four bits 0. */
static enum decode_result walk_wire_with_control_word(struct walk *walk)
{
    return cursor_skip(&walk->bytes, 4) ? walk_wire(walk) : DECODE_MALFORMED;
}

static enum decode_result walk_on_trial(struct walk *walk, walk_layer *layer)
{
    const struct walk before = *walk;
    const struct packet packet = *walk->packet;
    if (!walk_deeper(walk))
        return DECODE_MALFORMED;
    enum decode_result result = layer(walk);
    if (result != DECODE_OK)
        walk_back(walk, &before, &packet);
    return result;
}

/* No field says what is behind the labels. IP shows by its version; all else may be an Ethernet
 * pseudowire with or without a control word, whose first address can begin like any of these
 * (RFC 4928 §3). */
static enum decode_result walk_behind_labels(struct walk *walk)
{
    enum decode_result result = DECODE_NOT_IP;
    if (walk_peek_ip(walk) != 0)
        result = walk_on_trial(walk, walk_ip);
    if (result == DECODE_OK)
        return DECODE_OK;
    if (walk_peek_version(walk) == 0 &&
        walk_on_trial(walk, walk_wire_with_control_word) == DECODE_OK)
        return DECODE_OK;
    return walk_on_trial(walk, walk_wire) == DECODE_OK ? DECODE_OK : result;
}

/* RFC 3032 §2.1: | label 20 | class 3 | bottom of stack 1 | TTL 8 | */
enum decode_result walk_mpls(struct walk *walk)
{
    bool is_bottom = false;
    for (unsigned labels = 0; !is_bottom; labels++) {
        if (labels == MPLS_LABELS_MAX) {
            walk->has_hit_limit = true;
            return DECODE_MALFORMED;
        }
        is_bottom = cursor_be32(&walk->bytes) >> 8 & 1;
        if (!cursor_ok(&walk->bytes))
            return DECODE_MALFORMED;
    }
    return walk_behind_labels(walk);
}
