/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lane.h"

#include "classify/classify.h"

#include <string.h>

/* A flow has ended: what was it? */
static void on_flow_end(void *context, struct flow *flow, int64_t due_ns)
{
    struct lane *lane = context;
    struct flow_record *record = &lane->record;

    if (lane->dpi)
        dpi_finish(lane->dpi, flow, &record->detection);
    else
        memset(&record->detection, 0, sizeof record->detection);
    classify_flow(lane->options.rulebook, flow, &record->detection, &record->classification);

    record->flow = *flow;
    record->flow.dpi = NULL;
    if (flow->sample) {
        record->sample = *flow->sample;
        record->flow.sample = &record->sample;
    }
    record->due_ns = due_ns;
    lane->totals.flows_recorded++;
    lane->totals.verdicts[record->classification.verdict]++;
    lane->options.on_record(lane->options.context, record);
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

void lane_add_packet(struct lane *lane, const struct packet *packet, int64_t now_ns)
{
    flow_table_expire(lane->flows, now_ns);
    struct flow *flow = flow_table_find_or_add(lane->flows, packet, now_ns);
    enum flow_direction direction = flow_table_add_packet(lane->flows, flow, packet, now_ns);
    if (lane->dpi)
        dpi_inspect(lane->dpi, flow, packet, direction);
    else
        flow->marks |= FLOW_MARK_DPI_OFF;
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
