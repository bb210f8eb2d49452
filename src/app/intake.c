/* SPDX-License-Identifier: Apache-2.0 */
#include "app/intake.h"

#include "decode/watch.h"

bool intake_open(struct intake *intake, const struct intake_options *options, packet_fn *on_packet,
                 void *context, struct error *error)
{
    *intake = (struct intake){.options = *options, .on_packet = on_packet, .context = context};
    if (options->filter) {
        intake->filter = frame_filter_new(options->filter, error);
        if (!intake->filter)
            return false;
    }
    return true;
}

void intake_close(struct intake *intake)
{
    decoder_free(intake->decoder);
    frame_filter_free(intake->filter);
    *intake = (struct intake){0};
}

void intake_begin_input(struct intake *intake)
{
    intake->now_ns = INT64_MIN;
    decoder_free(intake->decoder);
    const struct decoder_options options = {.key = intake->options.key,
                                            .watched = intake->options.watched};
    intake->decoder = decoder_new(&options, &intake->totals);
}

bool intake_has_enough(const struct intake *intake)
{
    return intake->options.packets_max > 0 &&
           intake->totals.capture.packets_read >= intake->options.packets_max;
}

static bool has_watched_port(const struct intake *intake, const struct packet *packet)
{
    const struct port_set *watched = intake->options.watched;
    return packet->has_ports && (port_set_has(watched, packet->source_port) ||
                                 port_set_has(watched, packet->destination_port));
}

static void take_packet(struct intake *intake, const struct packet *packet)
{
    if (!intake->options.wants_all && !has_watched_port(intake, packet)) {
        intake->totals.capture.filtered++;
        return;
    }
    intake->totals.capture.decoded++;
    intake->on_packet(intake->context, packet, intake->now_ns);
}

static void decode_frame(struct intake *intake, const struct frame *frame)
{
    struct capture_totals *capture = &intake->totals.capture;
    struct packet packet;
    switch (packet_decode(intake->decoder, frame, &packet)) {
    case DECODE_OK:
        take_packet(intake, &packet);
        break;
    case DECODE_NOT_IP:
        capture->not_ip++;
        break;
    case DECODE_UNSUPPORTED_LINK:
        capture->unsupported_link++;
        totals_count_link(&intake->totals, frame->link_type, 1);
        break;
    case DECODE_MALFORMED:
    case DECODE_RESULTS:
        capture->malformed++;
        break;
    }
}

/* Applies the user's own expression as given, and remembers when it may have meant more: a plain
 * "port 395" does not look behind VLAN tags or into tunnels. */
static bool passes_filter(struct intake *intake, const struct frame *frame)
{
    if (!intake->filter || frame_filter_matches(intake->filter, frame))
        return true;
    struct packet packet;
    if (!intake->saw_filtered_tags && packet_decode(intake->decoder, frame, &packet) == DECODE_OK)
        intake->saw_filtered_tags = packet.vlan_count > 0 || packet.tunnel.depth > 0;
    return false;
}

static bool is_of_interest(const struct intake *intake, const struct frame *frame)
{
    return intake->options.wants_all || decode_is_watched(frame, intake->options.watched);
}

static void note_time(struct intake *intake, int64_t time_ns)
{
    struct capture_totals *capture = &intake->totals.capture;
    if (capture->packets_read == 0 || time_ns < capture->first_ns)
        capture->first_ns = time_ns;
    if (capture->packets_read == 0 || time_ns > capture->last_ns)
        capture->last_ns = time_ns;
    if (time_ns > intake->now_ns)
        intake->now_ns = time_ns;
}

static void take_frame(struct intake *intake, const struct frame *frame)
{
    note_time(intake, frame->time_ns);
    intake->totals.capture.packets_read++;
    intake->totals.capture.bytes_read += frame->bytes.length;
    if (passes_filter(intake, frame) && is_of_interest(intake, frame))
        decode_frame(intake, frame);
    else
        intake->totals.capture.filtered++;
}

void intake_take_batch(struct intake *intake, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count && !intake_has_enough(intake); i++)
        take_frame(intake, &batch->frames[i]);
}
