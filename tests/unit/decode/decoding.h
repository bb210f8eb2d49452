/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the decoder share: one decoder, its totals, and the last packet.
 */
#ifndef PORTSCOPE_TESTS_DECODING_H
#define PORTSCOPE_TESTS_DECODING_H

#include "frames.h"

#include "decode/decoder.h"
#include "decode/watch.h"
#include "model/totals.h"

struct decoding {
    struct totals totals;
    struct decoder *decoder;
    struct packet packet; /* of the last frame; its spans point into `copy` */
    uint8_t *copy;
    struct builder builder;
    struct port_set usual; /* 154, 155, 395 */
};

/* cmocka's set-up and tear-down; the state is a struct decoding. */
int decoding_begin(void **state);
int decoding_end(void **state);

/* Decodes an exact-size copy of the frame, so that a read beyond it is noticed, and checks what
 * must hold for every packet and for the watched-port test. */
enum decode_result decode(struct decoding *decoding, const struct frame *frame);

/* The same for what the builder holds, as a frame of this link type. */
enum decode_result decode_built(struct decoding *decoding, uint16_t link_type);

/* Decodes the frame cut at every length: never other ports than the whole frame's, and never a
 * complete packet of less. `frame` must decode; its packet is the last one afterwards. */
void check_every_cut(struct decoding *decoding, const struct frame *frame);

/* "192.0.2.1:1000 > 192.0.2.2:80 6" (the protocol), for comparing in one line. */
const char *packet_words(const struct packet *packet);
#define assert_packet(decoding, words) assert_string_equal(packet_words(&(decoding)->packet), words)

#endif
