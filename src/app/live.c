/* SPDX-License-Identifier: Apache-2.0 */
#include "app/live.h"

#include "app/live_signal.h"
#include "app/service.h"
#include "app/stop_signal.h"
#include "base/timestamp.h"

#include <inttypes.h>

/* Duties come round so often, and waiting for frames lasts no longer. */
#define ROUND_NS NS_PER_S

/* While there is traffic, time is told so often: with the ring's lag and the time that a finding is
 * held, it is out within a second. */
#define TICK_NS (200 * NS_PER_MS)

/* A frame may be in the ring for so long before it is seen: no time is told before. */
#define RING_LAG_NS (250 * NS_PER_MS)

#define DRAIN_NS (250 * NS_PER_MS)

struct live {
    struct pipeline *pipeline;
    struct interfaces *interfaces;
    const struct live_options *options;
    struct input_reader reader;
    struct interface_clock clock;
    struct rotation rotation;
    int64_t end_ns, next_tick_ns, next_round_ns, next_stats_ns;
    bool is_idle;
};

static bool on_frame(void *context, const struct frame *frame)
{
    struct live *live = context;
    intake_take_frame(&live->reader.intake, frame);
    return !intake_has_enough(&live->reader.intake);
}

/* Adds what the kernel says. */
static void take_totals(struct live *live, struct totals *totals)
{
    struct interface_counts counts = interfaces_counts(live->interfaces);
    *totals = (struct totals){0};
    input_reader_settle(&live->reader);
    input_reader_totals(&live->reader, totals);
    pipeline_count_limits(live->pipeline, totals);
    struct capture_totals *capture = &totals->capture;
    capture->is_live = true;
    capture->kernel_dropped = counts.dropped;
    capture->unread = counts.unread;
    capture->kernel_received = counts.delivered + counts.dropped + counts.unread;
    capture->interface_dropped = counts.missed;
    capture->now_ns = live->clock.now_ns + live->clock.step_ns;
}

static void say_totals(struct live *live)
{
    struct totals totals;
    take_totals(live, &totals);
    const struct capture_totals *capture = &totals.capture;
    sinks_stats(live->pipeline->sinks, &totals, false);
    notices_hint(live->pipeline->notices,
                 "%" PRIu64 " packets read, %" PRIu64 " of them decoded, %" PRIu64
                 " dropped by the kernel; %" PRIu64 " flows begun, %" PRIu64 " recorded",
                 capture->packets_read, capture->decoded, capture->kernel_dropped,
                 totals.flows_created, totals.flows_recorded);
}

/* Time goes on without packets, too: flows end, and what was found is told at once. */
static void tick(struct live *live)
{
    if (live->clock.now_ns < live->next_tick_ns)
        return;
    live->next_tick_ns = live->clock.now_ns + TICK_NS;
    int64_t now_ns = live->reader.intake.now_ns;
    if (live->is_idle && live->clock.now_ns - RING_LAG_NS > now_ns)
        now_ns = live->clock.now_ns - RING_LAG_NS;
    input_reader_tick(&live->reader, now_ns);
    if (finder_tick(&live->pipeline->finder, live->clock.now_ns))
        sinks_flush(live->pipeline->sinks);
}

static void write_stats(struct live *live)
{
    if (live->options->stats_interval_ns == 0 || live->clock.now_ns < live->next_stats_ns)
        return;
    struct totals totals;
    take_totals(live, &totals);
    sinks_stats(live->pipeline->sinks, &totals, false);
    /* A machine that slept is not told of every interval that it missed. */
    int64_t late_ns = live->clock.now_ns - live->next_stats_ns;
    int64_t interval_ns = live->options->stats_interval_ns;
    live->next_stats_ns += (late_ns / interval_ns + 1) * interval_ns;
}

/* Rules first: what is written from now on goes by them. Without good ones the old ones stay. */
static void reload(struct live *live)
{
    struct error error;
    struct pipeline *pipeline = live->pipeline;
    input_reader_settle(&live->reader);
    if (pipeline_reload_rules(pipeline, &error)) {
        input_reader_set_rulebook(&live->reader, pipeline->rulebook);
        notices_hint(pipeline->notices, "rules loaded again");
    } else {
        notices_hint(pipeline->notices, "%s; the rules stay as they were", error.text);
    }
    if (!sinks_turn(pipeline->sinks, &(struct sink_turn){.aside = NULL}, &error))
        notices_report(pipeline->notices, EXIT_OUTPUT_FAILED, error.text);
}

/* The end, when outputs are closed and all is told, may be months away. */
static void tell_failure(struct live *live)
{
    struct error error;
    struct pipeline *pipeline = live->pipeline;
    if (pipeline->told_failure || !sinks_failed(pipeline->sinks, &error))
        return;
    notices_report(pipeline->notices, EXIT_OUTPUT_FAILED, error.text);
    pipeline->told_failure = true;
}

/* What comes round once a second. */
static void do_duties(struct live *live)
{
    if (live->clock.now_ns < live->next_round_ns)
        return;
    live->next_round_ns = live->clock.now_ns + ROUND_NS;
    interfaces_counts(live->interfaces);
    sinks_flush(live->pipeline->sinks);
    tell_failure(live);
    if (live_signal_wants_totals())
        say_totals(live);
    if (live_signal_wants_reload())
        reload(live);
    write_stats(live);
    rotation_look(&live->rotation, live->pipeline->sinks, live->clock.now_ns,
                  live->clock.now_ns + live->clock.step_ns, live->pipeline->notices);
    service_tell(live->options->service, "WATCHDOG=1");
}

static void look_at_clock(struct live *live)
{
    live->clock = interfaces_clock(live->interfaces);
    intake_set_clock(&live->reader.intake, live->clock.now_ns, live->clock.step_ns);
}

static bool may_go_on(const struct live *live)
{
    return !stop_signal_came() && !intake_has_enough(&live->reader.intake) &&
           (live->end_ns == 0 || live->clock.now_ns < live->end_ns);
}

/* Idle, and with no finding that waits, nothing is due before the next round. */
static int64_t wait_ns(const struct live *live)
{
    bool is_quiet = live->is_idle && !finder_is_waiting(&live->pipeline->finder);
    int64_t until_ns = is_quiet ? live->next_round_ns : live->next_tick_ns;
    if (live->end_ns != 0 && live->end_ns < until_ns)
        until_ns = live->end_ns;
    int64_t left_ns = until_ns - live->clock.now_ns;
    return left_ns > 0 ? left_ns + NS_PER_MS - 1 : 0;
}

/* One turn; false when an interface is gone. */
static bool watch(struct live *live)
{
    struct error error;
    enum interfaces_status status =
        interfaces_read(live->interfaces, wait_ns(live), on_frame, live, &error);
    look_at_clock(live);
    live->is_idle = status == INTERFACES_IDLE;
    if (status == INTERFACES_GONE)
        notices_report(live->pipeline->notices, EXIT_NO_INPUT, error.text);
    return status != INTERFACES_GONE;
}

static void say_losses(const struct live *live)
{
    const struct capture_totals *capture = &live->pipeline->totals.capture;
    char sentence[200];
    if (capture->kernel_dropped == 0)
        return;
    snprintf(sentence, sizeof sentence,
             "%" PRIu64 " of %" PRIu64 " packets were dropped by the kernel because they were not "
             "read in time; a larger ring (-B) or a --filter may help",
             capture->kernel_dropped, capture->kernel_received);
    notices_report(live->pipeline->notices, EXIT_DONE, sentence);
}

/* What the kernel dropped is missed as well, and said above. */
static void hint_at_loss_upstream(const struct live *live)
{
    const struct totals *totals = &live->pipeline->totals;
    if (totals->tcp.missed_bytes > 0 && totals->capture.kernel_dropped == 0)
        notices_hint(live->pipeline->notices,
                     "%.3g %% of the TCP payload was acknowledged by its receiver and never came "
                     "to the interface; look at the mirror port or tap",
                     100 * totals_missed_part(totals));
}

/* What was captured before the end is read: the kernel hands over a block that is not full only
 * when its time has come. */
static void drain(struct live *live)
{
    struct error error;
    int64_t until_ns = live->clock.now_ns + DRAIN_NS;
    while (!intake_has_enough(&live->reader.intake) && live->clock.now_ns < until_ns) {
        int64_t left_ns = until_ns - live->clock.now_ns;
        interfaces_read(live->interfaces, left_ns, on_frame, live, &error);
        look_at_clock(live);
    }
}

void live_run(struct pipeline *pipeline, struct interfaces *interfaces,
              const struct live_options *options)
{
    struct live live = {.pipeline = pipeline,
                        .interfaces = interfaces,
                        .options = options,
                        .rotation = options->rotation};
    struct input_reader_options reading = pipeline_reader_options(pipeline);
    struct error error;
    reading.lanes = pipeline->options.threads > LANES_MAX ? LANES_MAX : pipeline->options.threads;
    reading.lane.shows_early = !pipeline->options.finder.is_off;
    if (!input_reader_open(&live.reader, &reading, &error)) {
        notices_report(pipeline->notices, EXIT_NO_INPUT, error.text);
        return;
    }
    input_reader_begin(&live.reader, options->name, true);
    look_at_clock(&live);
    live.end_ns = options->duration_ns > 0 ? live.clock.now_ns + options->duration_ns : 0;
    live.next_stats_ns = live.clock.now_ns + options->stats_interval_ns;
    bool is_there = true;
    service_tell(options->service, "READY=1");
    while (is_there && may_go_on(&live)) {
        is_there = watch(&live);
        tick(&live);
        do_duties(&live);
    }
    service_tell(options->service, "STOPPING=1");
    if (is_there)
        drain(&live);
    input_reader_end(&live.reader);
    take_totals(&live, &pipeline->totals);
    pipeline->saw_filtered_tags = live.reader.intake.saw_filtered_tags;
    say_losses(&live);
    hint_at_loss_upstream(&live);
    input_reader_close(&live.reader);
}
