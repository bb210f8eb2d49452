/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of a packet. A source hands out frames; the watched-port test lets most of them go after
 * a few loads; the decoder finds addresses, ports and payload; the lane counts the packet into its
 * flow and shows it to nDPI; an ended flow is classified and its record goes to the sinks. Every
 * frame ends in exactly one counter of the totals.
 */
#include "app/pipeline.h"

#include "app/stop_signal.h"
#include "capture/input_list.h"
#include "decode/watch.h"

#include <sys/stat.h>

static void on_record(void *context, const struct flow_record *record)
{
    struct pipeline *pipeline = context;
    sinks_flow(pipeline->sinks, record);
}

static struct siphash_key hash_key(const struct pipeline_options *options)
{
    return options->has_hash_key ? options->hash_key : siphash_random_key();
}

static bool open_sinks(struct pipeline *pipeline, struct error *error)
{
    const struct pipeline_options *options = &pipeline->options;
    pipeline->sinks = sinks_new();
    for (size_t i = 0; i < options->output_count; i++) {
        if (!sinks_open(pipeline->sinks, options->outputs[i], &options->sinks, error))
            return false;
    }
    return options->output_count > 0 ||
           sinks_open(pipeline->sinks, "table", &options->sinks, error);
}

static bool open_filter(struct pipeline *pipeline, struct error *error)
{
    if (!pipeline->options.filter)
        return true;
    pipeline->filter = frame_filter_new(pipeline->options.filter, error);
    return pipeline->filter != NULL;
}

static bool open_lane(struct pipeline *pipeline, struct error *error)
{
    const struct pipeline_options *options = &pipeline->options;
    struct lane_options lane = {
        .flows = {.max_flows = options->max_flows,
                  .timeouts = options->timeouts,
                  .key = hash_key(options),
                  .watched = &pipeline->rulebook->watched},
        .without_dpi = options->without_dpi,
        .rulebook = pipeline->rulebook,
        .on_record = on_record,
        .context = pipeline,
    };
    return lane_open(&pipeline->lane, &lane, error);
}

static void free_all(struct pipeline *pipeline)
{
    lane_close(&pipeline->lane);
    decoder_free(pipeline->decoder);
    frame_filter_free(pipeline->filter);
    rules_free(pipeline->rulebook);
}

bool pipeline_open(struct pipeline *pipeline, const struct pipeline_options *options,
                   struct notices *notices)
{
    struct error error;
    *pipeline = (struct pipeline){.options = *options, .notices = notices};

    pipeline->rulebook = rules_load(&options->rules, &error);
    if (!pipeline->rulebook || !open_filter(pipeline, &error)) {
        notices_report(notices, EXIT_USAGE, error.text);
        free_all(pipeline);
        return false;
    }
    if (!open_sinks(pipeline, &error) || !open_lane(pipeline, &error)) {
        notices_report(notices, EXIT_OUTPUT_FAILED, error.text);
        sinks_close(pipeline->sinks, NULL);
        free_all(pipeline);
        return false;
    }
    pipeline->decoder =
        decoder_new(&(struct decoder_options){.key = hash_key(options)}, &pipeline->totals);
    return true;
}

static bool has_watched_port(const struct pipeline *pipeline, const struct packet *packet)
{
    const struct port_set *watched = &pipeline->rulebook->watched;
    return packet->has_ports && (port_set_has(watched, packet->source_port) ||
                                 port_set_has(watched, packet->destination_port));
}

static void take_packet(struct pipeline *pipeline, const struct packet *packet)
{
    if (!pipeline->options.wants_all && !has_watched_port(pipeline, packet)) {
        pipeline->totals.capture.filtered++;
        return;
    }
    pipeline->totals.capture.decoded++;
    lane_add_packet(&pipeline->lane, packet, pipeline->now_ns);
}

static void decode_frame(struct pipeline *pipeline, const struct frame *frame)
{
    struct capture_totals *capture = &pipeline->totals.capture;
    struct packet packet;
    switch (packet_decode(pipeline->decoder, frame, &packet)) {
    case DECODE_OK:
        take_packet(pipeline, &packet);
        break;
    case DECODE_NOT_IP:
        capture->not_ip++;
        break;
    case DECODE_UNSUPPORTED_LINK:
        capture->unsupported_link++;
        totals_count_link(&pipeline->totals, frame->link_type, 1);
        break;
    case DECODE_MALFORMED:
    case DECODE_RESULTS:
        capture->malformed++;
        break;
    }
}

/* Applies the user's own expression as given, and remembers when it may have meant more: a plain
 * "port 395" does not look behind VLAN tags or into tunnels. */
static bool passes_filter(struct pipeline *pipeline, const struct frame *frame)
{
    if (!pipeline->filter || frame_filter_matches(pipeline->filter, frame))
        return true;
    struct packet packet;
    if (!pipeline->saw_filtered_tags &&
        packet_decode(pipeline->decoder, frame, &packet) == DECODE_OK)
        pipeline->saw_filtered_tags = packet.vlan_count > 0 || packet.tunnel.depth > 0;
    return false;
}

static void note_time(struct pipeline *pipeline, int64_t time_ns)
{
    struct capture_totals *capture = &pipeline->totals.capture;
    if (capture->packets_read == 0 || time_ns < capture->first_ns)
        capture->first_ns = time_ns;
    if (capture->packets_read == 0 || time_ns > capture->last_ns)
        capture->last_ns = time_ns;
    if (time_ns > pipeline->now_ns)
        pipeline->now_ns = time_ns;
}

static void take_frame(struct pipeline *pipeline, const struct frame *frame)
{
    note_time(pipeline, frame->time_ns);
    pipeline->totals.capture.packets_read++;
    pipeline->totals.capture.bytes_read += frame->bytes.length;
    if (!passes_filter(pipeline, frame)) {
        pipeline->totals.capture.filtered++;
        return;
    }
    if (!pipeline->options.wants_all && !decode_is_watched(frame, &pipeline->rulebook->watched)) {
        pipeline->totals.capture.filtered++;
        return;
    }
    decode_frame(pipeline, frame);
}

static bool has_enough(const struct pipeline *pipeline)
{
    return pipeline->options.packets_max > 0 &&
           pipeline->totals.capture.packets_read >= pipeline->options.packets_max;
}

static void take_batch(struct pipeline *pipeline, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count && !has_enough(pipeline); i++)
        take_frame(pipeline, &batch->frames[i]);
}

static void report(struct pipeline *pipeline, enum exit_status status, const struct error *error)
{
    progress_clear(&pipeline->progress);
    notices_report(pipeline->notices, status, error->text);
}

/* Everything up to the end of the input, the fault, or the signal. */
static void read_source(struct pipeline *pipeline, struct source *source)
{
    struct batch batch;
    struct error error;
    while (!stop_signal_came() && !has_enough(pipeline)) {
        switch (source_next(source, &batch, &error)) {
        case SOURCE_BATCH:
            take_batch(pipeline, &batch);
            break;
        case SOURCE_IDLE:
            break;
        case SOURCE_END:
            return;
        case SOURCE_FAILED:
            pipeline->totals.capture.inputs_damaged++;
            report(pipeline, EXIT_DAMAGED_INPUT, &error);
            return;
        }
        progress_update(&pipeline->progress,
                        pipeline->bytes_done + source_statistics(source).input_bytes,
                        pipeline->totals.capture.packets_read);
    }
}

static void read_input(struct pipeline *pipeline, const char *path)
{
    struct error error;
    struct source *source = source_open_file(path, &pipeline->options.source, &error);
    if (!source) {
        report(pipeline, EXIT_NO_INPUT, &error);
        return;
    }
    pipeline->totals.capture.inputs++;
    pipeline->now_ns = INT64_MIN;
    lane_begin_input(&pipeline->lane, path, false);
    read_source(pipeline, source);
    lane_end_input(&pipeline->lane);

    struct source_statistics statistics = source_statistics(source);
    pipeline->bytes_done += statistics.input_bytes;
    pipeline->totals.limits_hit[LIMIT_INFLATE] += statistics.hit_inflate_limit;
    source_close(source);
}

/* The size of all inputs, or 0 when one of them has none (a pipe). */
static uint64_t size_of_all(char *const *paths, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0 || !S_ISREG(facts.st_mode))
            return 0;
        sum += (uint64_t)facts.st_size;
    }
    return sum;
}

void pipeline_read(struct pipeline *pipeline, char *const *paths, size_t count)
{
    progress_start(&pipeline->progress, pipeline->options.shows_progress,
                   size_of_all(paths, count));
    for (size_t i = 0; i < count && !stop_signal_came() && !has_enough(pipeline); i++)
        read_input(pipeline, paths[i]);
    progress_clear(&pipeline->progress);
}

static void close_sinks(struct pipeline *pipeline)
{
    struct error error;
    totals_merge(&pipeline->totals, &pipeline->lane.totals);
    sinks_stats(pipeline->sinks, &pipeline->totals, true);
    if (!sinks_close(pipeline->sinks, &error))
        notices_report(pipeline->notices, EXIT_OUTPUT_FAILED, error.text);
}

void pipeline_close(struct pipeline *pipeline)
{
    if (pipeline->saw_filtered_tags)
        notices_hint(pipeline->notices,
                     "--filter was applied as given and refused packets with VLAN tags or in "
                     "tunnels; add 'or vlan' to it if they matter");
    if (stop_signal_came())
        notices_hint(pipeline->notices,
                     "stopped by a signal; what was read until then is reported");
    close_sinks(pipeline);
    free_all(pipeline);
}
