/* SPDX-License-Identifier: Apache-2.0 */
#include "app/intake.h"

#include "capture/record_run.h"

bool intake_open(struct intake *intake, const struct intake_options *options, packet_fn *on_packet,
                 void *context, struct error *error)
{
    *intake = (struct intake){.options = *options, .on_packet = on_packet, .context = context};
    if (options->filter) {
        intake->filter = frame_filter_new(options->filter, error);
        if (!intake->filter)
            return false;
        intake->refused =
            decoder_new(&(struct decoder_options){.key = options->key}, &intake->refused_totals);
    }
    watch_table_init(&intake->watch, options->watched);
    return true;
}

void intake_close(struct intake *intake)
{
    decoder_free(intake->decoder);
    decoder_free(intake->refused);
    frame_filter_free(intake->filter);
    *intake = (struct intake){0};
}

void intake_begin_input(struct intake *intake)
{
    intake->now_ns = INT64_MIN;
    intake->latest_ns = INT64_MAX;
    intake->step_ns = 0;
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
        packet.frame = frame;
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
    if (!intake->saw_filtered_tags && packet_decode(intake->refused, frame, &packet) == DECODE_OK)
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
    int64_t now_ns;
    if (__builtin_sub_overflow(time_ns, intake->step_ns, &now_ns) || now_ns > intake->latest_ns)
        now_ns = intake->latest_ns;
    if (now_ns > intake->now_ns)
        intake->now_ns = now_ns;
}

void intake_set_watched(struct intake *intake, const struct port_set *watched)
{
    intake->options.watched = watched;
    decoder_watch(intake->decoder, watched);
    watch_table_init(&intake->watch, watched);
}

void intake_set_clock(struct intake *intake, int64_t latest_ns, int64_t step_ns)
{
    intake->latest_ns = latest_ns;
    intake->step_ns = step_ns;
}

/* A frame that is counted as read goes on, or is filtered. */
static void sort_frame(struct intake *intake, const struct frame *frame)
{
    if (passes_filter(intake, frame) && is_of_interest(intake, frame))
        decode_frame(intake, frame);
    else
        intake->totals.capture.filtered++;
}

void intake_take_frame(struct intake *intake, const struct frame *frame)
{
    note_time(intake, frame->time_ns);
    intake->totals.capture.packets_read++;
    intake->totals.capture.bytes_read += frame->bytes.length;
    sort_frame(intake, frame);
}

bool intake_takes_runs(const struct intake_options *options)
{
    return !options->wants_all && !options->filter && options->packets_max == 0;
}

/* What the loop over records notes, besides their number. */
struct run_times {
    uint64_t earliest, latest;
};

/* Where a record begins is known only from the one before it, and what another core has read is far
 * away. */
static inline void fetch_soon(const struct record_run *run)
{
    enum { AHEAD = 1024 };
    __builtin_prefetch(run->at + AHEAD);
}

/* Passes over records that are of no interest, up to one that may be (true), or to the end of what
 * is whole. The commonest path of the program, some forty instructions a record: all that changes
 * is in local variables, so that the compiler keeps it in registers. */
static bool find_record(const struct watch_table *watch, struct record_run *run,
                        struct run_times *out_times, struct record *out_record)
{
    struct record_run here = *run;
    struct run_times times = {.earliest = UINT64_MAX};
    struct record record;
    bool is_found = false;
    while (record_run_peek(&here, &record)) {
        fetch_soon(&here);
        times.earliest = record.stamp < times.earliest ? record.stamp : times.earliest;
        times.latest = record.stamp > times.latest ? record.stamp : times.latest;
        if (!watch_lets_go(watch, record.bytes, record.captured)) {
            *out_record = record;
            is_found = true;
            break;
        }
        record_run_pass(&here, &record);
    }
    *run = here;
    *out_times = times;
    return is_found;
}

/* Counts `packets` records as read. */
static void settle(struct intake *intake, const struct record_run *run, uint64_t packets,
                   uint64_t bytes, const struct run_times *times)
{
    struct capture_totals *capture = &intake->totals.capture;
    if (packets == 0)
        return;
    note_time(intake, record_run_time(run, times->earliest));
    capture->packets_read += packets;
    capture->bytes_read += bytes;
    note_time(intake, record_run_time(run, times->latest));
}

/* Passes over what is of no interest, and looks at the record behind it; false at the end. */
static bool take_stretch(struct intake *intake, struct record_run *run)
{
    const struct record_run before = *run;
    struct run_times times;
    struct record record;
    bool is_found = find_record(&intake->watch, run, &times, &record);
    uint64_t passed = run->taken - before.taken;
    uint64_t bytes = (uint64_t)(run->at - before.at) - passed * RECORD_RUN_HEADER;
    intake->totals.capture.filtered += passed;
    settle(intake, run, passed + is_found, bytes + (is_found ? record.captured : 0), &times);
    if (!is_found)
        return false;
    struct frame frame = record_run_frame(run, &record);
    sort_frame(intake, &frame);
    record_run_pass(run, &record);
    return true;
}

void intake_take_batch(struct intake *intake, const struct batch *batch)
{
    while (batch->run && take_stretch(intake, batch->run))
        ;
    for (size_t i = 0; i < batch->count && !intake_has_enough(intake); i++)
        intake_take_frame(intake, &batch->frames[i]);
}
