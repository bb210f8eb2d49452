/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lane.h"

#include "classify/classify.h"
#include "model/trail.h"

#include <string.h>

/* Says what the flow is, as `record->detection` has it, and hands the record out. */
static void hand_out(struct lane *lane, int64_t due_ns)
{
    struct flow_record *record = &lane->record;
    struct flow *flow = &record->flow;
    classify_flow(lane->options.rulebook, flow, &record->detection, &record->classification);
    flow->dpi = NULL;
    if (flow->sample) {
        record->sample = *flow->sample;
        flow->sample = &record->sample;
    }
    record->due_ns = due_ns;
    lane->options.on_record(lane->options.context, record);
}

/* A flow has ended: what was it? */
static void on_flow_end(void *context, struct flow *flow, int64_t due_ns)
{
    struct lane *lane = context;
    struct flow_record *record = &lane->record;
    if (lane->dpi)
        dpi_finish(lane->dpi, flow, &record->detection);
    else
        memset(&record->detection, 0, sizeof record->detection);
    record->flow = *flow;
    flow->trail = NULL; /* it goes with the record; if the flow goes on, it begins another */
    record->is_early = false;
    hand_out(lane, due_ns);
    lane->totals.flows_recorded++;
    lane->totals.verdicts[record->classification.verdict]++;
}

/* What makes a flow worth a look before it ends. */
enum early { EARLY_ANSWERED = 1 << 0, EARLY_NAMED = 1 << 1 };

/* Who watches wants to know of a shell on a dormant port now, not when it is closed. */
static void show_early(struct lane *lane, struct flow *flow, int64_t now_ns)
{
    uint8_t known = flow->shown_early;
    if (flow->is_watched && flow_is_answered(flow))
        known |= EARLY_ANSWERED;
    if (flow->is_watched && dpi_has_answer(flow))
        known |= EARLY_NAMED;
    if (known == flow->shown_early)
        return;
    flow->shown_early = known;
    dpi_answer(flow, &lane->record.detection);
    lane->record.flow = flow_table_describe(flow);
    lane->record.is_early = true;
    if (flow->trail)
        trail_hold(flow->trail);
    hand_out(lane, now_ns);
}

bool lane_open(struct lane *lane, const struct lane_options *options, struct error *error)
{
    *lane = (struct lane){.options = *options};
    if (options->without_dpi)
        return true;
    lane->dpi = dpi_open(&options->dpi, &lane->totals, error);
    return lane->dpi != NULL;
}

void lane_close(struct lane *lane)
{
    flow_table_free(lane->flows);
    dpi_close(lane->dpi);
    *lane = (struct lane){0};
}

void lane_begin_input(struct lane *lane, const char *name, bool is_live)
{
    lane->record.input = name;
    lane->record.is_live = is_live;
    lane->flows = flow_table_new(&lane->options.flows, &lane->totals, on_flow_end, lane);
}

/* In case that it becomes evidence. */
static void keep_frame(const struct lane *lane, struct flow *flow, struct kept_frame *frame)
{
    bool is_first = !flow->trail;
    trail_add(lane->options.trails, &flow->trail, frame);
    if (!is_first || !flow->trail)
        return;
    flow->trail->input = lane->record.input;
    flow->trail->flow_id = flow->id;
}

void lane_add_packet(struct lane *lane, const struct packet *packet, int64_t now_ns)
{
    const struct flow_place place = flow_place_of(packet, &lane->options.flows.key);
    lane_add_packet_at(lane, &place, packet, now_ns);
}

void lane_add_packet_at(struct lane *lane, const struct flow_place *place,
                        const struct packet *packet, int64_t now_ns)
{
    flow_table_expire(lane->flows, now_ns);
    struct flow *flow = flow_table_find_or_add_at(lane->flows, place, packet, now_ns);
    enum flow_direction direction = flow_table_add_packet(lane->flows, flow, packet, now_ns);
    keep_frame(lane, flow, packet->kept);
    if (lane->dpi)
        dpi_inspect(lane->dpi, flow, packet, direction);
    else
        flow->marks |= FLOW_MARK_DPI_OFF;
    if (lane->options.shows_early)
        show_early(lane, flow, now_ns);
}

void lane_tick(struct lane *lane, int64_t now_ns)
{
    flow_table_expire(lane->flows, now_ns);
}

void lane_set_rulebook(struct lane *lane, const struct rulebook *rulebook)
{
    lane->options.rulebook = rulebook;
    lane->options.flows.watched = &rulebook->watched;
    flow_table_watch(lane->flows, &rulebook->watched);
}

void lane_end_input(struct lane *lane)
{
    flow_table_drain(lane->flows, FLOW_END_OF_INPUT);
    flow_table_free(lane->flows);
    lane->flows = NULL;
}
