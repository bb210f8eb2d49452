/* SPDX-License-Identifier: Apache-2.0
 *
 * From a frame's bytes to addresses, ports and payload. Everything is read through the cursor;
 * every length field is checked against what was captured, never trusted.
 */
#ifndef PORTSCOPE_DECODE_DECODER_H
#define PORTSCOPE_DECODE_DECODER_H

#include "base/siphash.h"
#include "model/frame.h"
#include "model/packet.h"
#include "model/rulebook.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decoder; /* holds the fragment cache */

struct decoder_options {
    struct siphash_key key;
    size_t max_fragments; /* entries of the fragment cache, 0: the default of 4,096 */
    /* Borrowed, may be NULL. A UDP tunnel between ports of which one is watched is not entered: a
     * service on a watched port cannot hide by looking like a tunnel. */
    const struct port_set *watched;
};

/* The caller frees it. `totals` is borrowed: limits hit and marks are counted there. */
struct decoder *decoder_new(const struct decoder_options *options, struct totals *totals);
void decoder_free(struct decoder *decoder); /* accepts NULL */

/* Replaces the watched ports; borrowed. */
void decoder_watch(struct decoder *decoder, const struct port_set *watched);

/* Decodes one frame. On DECODE_OK `packet` is filled; its spans point into the frame. */
enum decode_result packet_decode(struct decoder *decoder, const struct frame *frame,
                                 struct packet *packet);

/* Whether frames of this link type can be decoded at all. */
bool decode_knows_link_type(uint16_t link_type);

#endif
