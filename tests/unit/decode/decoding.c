/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "promises.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int decoding_begin(void **state)
{
    const struct decoder_options options = {.key = {{1, 2}}};
    struct decoding *decoding = calloc(1, sizeof *decoding);
    if (!decoding)
        return -1;
    decoding->decoder = decoder_new(&options, &decoding->totals);
    port_set_add(&decoding->usual, 154);
    port_set_add(&decoding->usual, 155);
    port_set_add(&decoding->usual, 395);
    *state = decoding;
    return 0;
}

int decoding_end(void **state)
{
    struct decoding *decoding = *state;
    decoder_free(decoding->decoder);
    free(decoding->copy);
    free(decoding);
    return 0;
}

static void check(const char *fault)
{
    if (fault)
        fail_msg("%s", fault);
}

static void check_watch_with_its_ports(const struct frame *frame, const struct packet *packet)
{
    uint16_t ports[] = {packet->source_port, packet->destination_port};
    for (size_t i = 0; i < 2; i++) {
        struct port_set *watched = calloc(1, sizeof *watched);
        assert_non_null(watched);
        port_set_add(watched, ports[i]);
        check(watch_fault(frame, watched, DECODE_OK, packet));
        free(watched);
    }
}

enum decode_result decode(struct decoding *decoding, const struct frame *frame)
{
    struct frame copy = *frame;
    free(decoding->copy);
    decoding->copy = malloc(1 + frame->bytes.length); /* never nothing */
    assert_non_null(decoding->copy);
    copy.bytes.at = decoding->copy + 1;
    if (frame->bytes.length > 0)
        memcpy(decoding->copy + 1, frame->bytes.at, frame->bytes.length);

    enum decode_result result = packet_decode(decoding->decoder, &copy, &decoding->packet);
    check(watch_fault(&copy, &decoding->usual, result, &decoding->packet));
    if (result == DECODE_OK) {
        check(decoded_fault(&copy, &decoding->packet));
        check_watch_with_its_ports(&copy, &decoding->packet);
    }
    return result;
}

enum decode_result decode_built(struct decoding *decoding, uint16_t link_type)
{
    struct frame frame = builder_frame(&decoding->builder, link_type);
    return decode(decoding, &frame);
}

/* Cut by the snaplen: either the packet is the same but cut, or it is not one. Where a tunnel's
 * content can no longer be proved it is the outer packet. */
static void check_cut(struct decoding *decoding, const struct frame *cut,
                      const struct packet *whole)
{
    if (decode(decoding, cut) != DECODE_OK)
        return;
    const struct packet *packet = &decoding->packet;
    if (packet->tunnel.depth == whole->tunnel.depth && packet->has_ports) {
        assert_int_equal(packet->source_port, whole->source_port);
        assert_int_equal(packet->destination_port, whole->destination_port);
        assert_int_equal(packet->protocol, whole->protocol);
    }
    assert_true(packet->tunnel.depth <= whole->tunnel.depth);
    assert_true(packet->payload_length <= packet->ip_length);
}

void check_every_cut(struct decoding *decoding, const struct frame *frame)
{
    assert_int_equal(decode(decoding, frame), DECODE_OK);
    const struct packet whole = decoding->packet;
    struct frame cut = *frame;
    for (cut.bytes.length = 0; cut.bytes.length < frame->bytes.length; cut.bytes.length++) {
        cut.wire_length = frame->wire_length;
        check_cut(decoding, &cut, &whole);
        cut.wire_length = (uint32_t)cut.bytes.length; /* a tool that cuts and does not say so */
        check_cut(decoding, &cut, &whole);
    }
    decode(decoding, frame);
}

const char *packet_words(const struct packet *packet)
{
    static char words[160];
    char source[ADDRESS_TEXT_SIZE];
    char destination[ADDRESS_TEXT_SIZE];
    snprintf(words, sizeof words, "%s:%u > %s:%u %u", address_text(&packet->source, source),
             packet->source_port, address_text(&packet->destination, destination),
             packet->destination_port, packet->protocol);
    return words;
}
