/* SPDX-License-Identifier: Apache-2.0
 *
 * A few frames of one link type through one decoder: the first byte picks the link type and whether
 * the frames were cut, then each frame is a length of two bytes (little-endian; at most what is
 * there) and its bytes. More than one, so that fragments meet.
 */
#include "promises.h"

#include "decode/decoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { CUT = 0x80, FRAMES_MAX = 64, MISSING = 1000 };

static const uint16_t link_types[] = {
    1,   0,   9,   12,  14,  50,  51,  101, 104, 105, 107,
    108, 113, 127, 149, 192, 204, 228, 229, 239, 258, 276,
};

static void check(const char *fault)
{
    if (!fault)
        return;
    fprintf(stderr, "%s\n", fault);
    abort();
}

/* From an exact-size copy, so that a read beyond the frame is noticed. */
static void decode_copy(struct decoder *decoder, const struct port_set *watched, struct frame frame)
{
    struct packet packet;
    uint8_t *copy = malloc(1 + frame.bytes.length); /* never nothing */
    if (!copy)
        abort();
    if (frame.bytes.length > 0)
        memcpy(copy + 1, frame.bytes.at, frame.bytes.length);
    frame.bytes.at = copy + 1;
    enum decode_result result = packet_decode(decoder, &frame, &packet);
    check(watch_fault(&frame, watched, result, &packet));
    if (result == DECODE_OK)
        check(decoded_fault(&frame, &packet));
    free(copy);
}

static void decode_frames(struct decoder *decoder, const struct port_set *watched,
                          struct cursor input)
{
    uint8_t first = cursor_u8(&input);
    size_t known = sizeof link_types / sizeof link_types[0];
    struct frame frame = {.link_type = link_types[(first & 0x7f) % known]};
    for (int count = 0; count < FRAMES_MAX && cursor_left(&input) >= 2; count++) {
        size_t claimed = cursor_le16(&input);
        size_t length = claimed < cursor_left(&input) ? claimed : cursor_left(&input);
        frame.bytes = (struct span){cursor_take(&input, length), length};
        frame.wire_length = (uint32_t)length + (first & CUT ? MISSING : 0);
        frame.time_ns += 1000000;
        decode_copy(decoder, watched, frame);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct port_set watched;
    static struct totals totals;
    const struct decoder_options options = {.key = {{1, 2}}, .max_fragments = 8};
    struct decoder *decoder = decoder_new(&options, &totals);
    port_set_add(&watched, 154);
    port_set_add(&watched, 155);
    port_set_add(&watched, 395);
    decode_frames(decoder, &watched, cursor_over((struct span){bytes, length}));
    decoder_free(decoder);
    return 0;
}
