/* SPDX-License-Identifier: Apache-2.0 */
#include "app/input_reader.h"

#include "app/packet_batch.h"
#include "model/trail.h"

static void to_lane(void *context, const struct packet *packet, int64_t now_ns)
{
    struct input_reader *reader = context;
    struct packet clipped = *packet;
    clipped.kept = trail_keep(reader->options.lane.trails, packet->frame);
    packet_clip(&clipped);
    if (reader->lanes)
        lane_group_add_packet(reader->lanes, &clipped, now_ns);
    else
        lane_add_packet(&reader->lane, &clipped, now_ns);
}

static bool open_lanes(struct input_reader *reader, struct error *error)
{
    struct lane_options options = reader->options.lane;
    if (reader->options.lanes > 1) {
        reader->lanes = lane_group_open(reader->options.lanes, &options, error);
        return reader->lanes != NULL;
    }
    record_order_init(&reader->order, options.on_record, options.context);
    options.on_record = record_order_add;
    options.context = &reader->order;
    return lane_open(&reader->lane, &options, error);
}

bool input_reader_open(struct input_reader *reader, const struct input_reader_options *options,
                       struct error *error)
{
    *reader = (struct input_reader){.options = *options};
    if (intake_open(&reader->intake, &options->intake, to_lane, reader, error) &&
        open_lanes(reader, error))
        return true;
    input_reader_close(reader);
    return false;
}

void input_reader_close(struct input_reader *reader)
{
    lane_group_close(reader->lanes);
    lane_close(&reader->lane);
    record_order_free(&reader->order);
    intake_close(&reader->intake);
    *reader = (struct input_reader){0};
}

void input_reader_begin(struct input_reader *reader, const char *name, bool is_live)
{
    reader->intake.totals.capture.inputs++;
    intake_begin_input(&reader->intake);
    if (reader->lanes)
        lane_group_begin_input(reader->lanes, name, is_live);
    else
        lane_begin_input(&reader->lane, name, is_live);
}

void input_reader_tick(struct input_reader *reader, int64_t now_ns)
{
    if (reader->lanes) {
        lane_group_tick(reader->lanes, now_ns);
        return;
    }
    lane_tick(&reader->lane, now_ns);
    record_order_flush(&reader->order);
}

void input_reader_settle(struct input_reader *reader)
{
    if (reader->lanes)
        lane_group_settle(reader->lanes);
    else
        record_order_flush(&reader->order);
}

void input_reader_set_rulebook(struct input_reader *reader, const struct rulebook *rulebook)
{
    intake_set_watched(&reader->intake, &rulebook->watched);
    if (reader->lanes)
        lane_group_set_rulebook(reader->lanes, rulebook);
    else
        lane_set_rulebook(&reader->lane, rulebook);
}

void input_reader_end(struct input_reader *reader)
{
    if (reader->lanes) {
        lane_group_end_input(reader->lanes);
        return;
    }
    lane_end_input(&reader->lane);
    record_order_flush(&reader->order);
}

static bool may_go_on(const struct input_reader *reader, const struct source *source)
{
    return !intake_has_enough(&reader->intake) &&
           reader->options.on_progress(reader->options.progress_context,
                                       source_statistics(source).input_bytes,
                                       reader->intake.totals.capture.packets_read);
}

/* Everything up to the end of the input, the fault, or the stop. */
static void read_source(struct input_reader *reader, struct source *source,
                        struct input_reader_result *result)
{
    struct batch batch;
    while (may_go_on(reader, source)) {
        switch (source_next(source, &batch, &result->error)) {
        case SOURCE_BATCH:
            intake_take_batch(&reader->intake, &batch);
            break;
        case SOURCE_IDLE:
            break;
        case SOURCE_END:
            return;
        case SOURCE_FAILED:
            reader->intake.totals.capture.inputs_damaged++;
            result->status = EXIT_DAMAGED_INPUT;
            return;
        }
    }
}

void input_reader_read(struct input_reader *reader, const char *path,
                       struct input_reader_result *result)
{
    *result = (struct input_reader_result){.status = EXIT_DONE};
    struct source_options options = reader->options.source;
    options.wants_runs = intake_takes_runs(&reader->options.intake);
    struct source *source = source_open_file(path, &options, &result->error);
    if (!source) {
        result->status = EXIT_NO_INPUT;
        return;
    }
    struct totals *totals = &reader->intake.totals;
    input_reader_begin(reader, path, false);
    read_source(reader, source, result);
    input_reader_end(reader);

    struct source_statistics statistics = source_statistics(source);
    result->input_bytes = statistics.input_bytes;
    totals->limits_hit[LIMIT_INFLATE] += statistics.hit_inflate_limit;
    source_close(source);
}

void input_reader_totals(const struct input_reader *reader, struct totals *totals)
{
    totals_merge(totals, &reader->intake.totals);
    if (reader->lanes)
        lane_group_totals(reader->lanes, totals);
    else
        totals_merge(totals, &reader->lane.totals);
}
