/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/dpi.h"

#include "base/memory.h"
#include "dpi/corroborate.h"
#include "dpi/datagram.h"
#include "dpi/detection_pack.h"
#include "dpi/keeper.h"
#include "dpi/ndpi_engine.h"
#include "dpi/ndpi_memory.h"

#include <stdlib.h>

enum {
    DEFAULT_MAX_PACKETS = 32,
    DEFAULT_MAX_BYTES = 32 * 1024,
    DEFAULT_MAX_MEMORY = 64 * 1024 * 1024,
};

struct dpi {
    struct ndpi_engine *engine;
    struct totals *totals;
    struct dpi_options options;
    int64_t memory; /* of all flows: their states, what hangs on them, their verdicts */
};

/* First undecided, with a state; then nDPI has answered and a watched flow's verdict waits for
 * evidence, with the messages kept; then closed, with nothing but the verdict. */
struct dpi_flow {
    struct ndpi_state *state;
    struct detection_pack *verdict;
    struct ndpi_answer answer;
    struct keeper keeper;
    uint32_t packets, bytes;
    bool is_closed;
    bool has_payload;
    enum flow_direction first; /* of the first payload shown, when there was some */
};

static void fill_defaults(struct dpi_options *options)
{
    if (options->max_packets == 0)
        options->max_packets = DEFAULT_MAX_PACKETS;
    if (options->max_bytes == 0)
        options->max_bytes = DEFAULT_MAX_BYTES;
    if (options->max_memory == 0)
        options->max_memory = DEFAULT_MAX_MEMORY;
}

struct dpi *dpi_open(const struct dpi_options *options, struct totals *totals, struct error *error)
{
    struct ndpi_engine *engine = ndpi_engine_open(error);
    if (!engine)
        return NULL;
    struct dpi *dpi = memory_new(1, sizeof *dpi);
    *dpi = (struct dpi){.engine = engine, .totals = totals, .options = *options};
    fill_defaults(&dpi->options);
    totals->limit_values[LIMIT_DPI_PACKETS] = dpi->options.max_packets;
    totals->limit_values[LIMIT_DPI_BYTES] = dpi->options.max_bytes;
    totals->limit_values[LIMIT_DPI_MEMORY] = dpi->options.max_memory;
    return dpi;
}

void dpi_close(struct dpi *dpi)
{
    if (!dpi)
        return;
    ndpi_engine_close(dpi->engine);
    free(dpi);
}

static bool memory_is_full(const struct dpi *dpi)
{
    return dpi->memory >= (int64_t)dpi->options.max_memory;
}

static void count_memory_since(struct dpi *dpi, int64_t live_before)
{
    dpi->memory += ndpi_memory_live() - live_before;
}

static struct dpi_flow *flow_begin(struct dpi *dpi, struct flow *flow)
{
    if (flow->marks & FLOW_MARK_DPI_OFF)
        return NULL;
    if (!memory_is_full(dpi)) {
        flow->dpi = ndpi_memory_new(sizeof *flow->dpi);
        if (flow->dpi)
            flow->dpi->state = ndpi_state_new();
        if (flow->dpi && flow->dpi->state) {
            dpi->totals->dpi_flows++;
            return flow->dpi;
        }
        ndpi_memory_free(flow->dpi);
        flow->dpi = NULL;
    }
    flow->marks |= FLOW_MARK_DPI_OFF;
    dpi->totals->limits_hit[LIMIT_DPI_MEMORY]++;
    return NULL;
}

static void keep_verdict(struct dpi_flow *inspected, const struct detection *detection)
{
    detection_pack_free(inspected->verdict);
    inspected->verdict = detection_pack_new(detection);
}

/* Closed with evidence, or when no more can come (`is_last`); until then the messages stay. */
static void flow_weigh(struct dpi *dpi, const struct flow *flow, struct detection *detection,
                       bool is_last)
{
    struct dpi_flow *inspected = flow->dpi;
    struct conversation conversation = keeper_conversation(&inspected->keeper, flow);
    struct corroboration job = {
        .engine = dpi->engine,
        .totals = dpi->totals,
        .flow = flow,
        .conversation = &conversation,
    };
    if (is_last)
        corroborate(&job, detection);
    else if (!corroborate_by_structure(&job, detection))
        return;
    inspected->is_closed = true;
    keeper_clear(&inspected->keeper);
}

/* nDPI's answer is copied out, and everything of nDPI's that hangs on the flow goes. */
static void flow_decide(struct dpi *dpi, const struct flow *flow, bool is_last)
{
    struct dpi_flow *inspected = flow->dpi;
    if (!ndpi_answer_is_named(&inspected->answer))
        inspected->answer = ndpi_engine_give_up(dpi->engine, inspected->state);
    struct detection detection;
    ndpi_engine_describe(dpi->engine, inspected->state, &inspected->answer, inspected->first,
                         &detection);
    detection.packets_inspected = inspected->packets;
    ndpi_state_free(inspected->state);
    inspected->state = NULL;
    if (flow->is_watched)
        flow_weigh(dpi, flow, &detection, is_last || keeper_is_full(&inspected->keeper));
    else
        inspected->is_closed = true;
    keep_verdict(inspected, &detection);
}

/* More was said since nDPI answered. */
static void flow_reconsider(struct dpi *dpi, const struct flow *flow, bool is_last)
{
    struct dpi_flow *inspected = flow->dpi;
    struct detection detection = {0};
    if (inspected->verdict)
        detection_pack_open(inspected->verdict, &detection);
    flow_weigh(dpi, flow, &detection, is_last || keeper_is_full(&inspected->keeper));
    if (inspected->is_closed)
        keep_verdict(inspected, &detection);
}

/* Whether a budget ends the inspection before the next packet; marks and counts it. */
static bool budget_is_gone(struct dpi *dpi, struct flow *flow)
{
    const struct dpi_flow *inspected = flow->dpi;
    enum limit limit;
    if (inspected->packets >= dpi->options.max_packets)
        limit = LIMIT_DPI_PACKETS;
    else if (inspected->bytes >= dpi->options.max_bytes)
        limit = LIMIT_DPI_BYTES;
    else if (memory_is_full(dpi))
        limit = LIMIT_DPI_MEMORY;
    else
        return false;
    flow->marks |= FLOW_MARK_DPI_BUDGET;
    dpi->totals->limits_hit[limit]++;
    return true;
}

static void show(struct dpi *dpi, struct flow *flow, const struct datagram *datagram)
{
    struct dpi_flow *inspected = flow->dpi;
    if (datagram->is_cut)
        flow->marks |= FLOW_MARK_DPI_CUT;
    if (!inspected->has_payload && datagram->length > datagram->payload_offset) {
        inspected->has_payload = true;
        inspected->first = datagram->direction;
    }
    inspected->packets++;
    inspected->bytes += datagram->length;
    dpi->totals->dpi_packets++;
    dpi->totals->dpi_bytes += datagram->length;
    inspected->answer = ndpi_engine_show(dpi->engine, inspected->state, datagram);
    if (ndpi_answer_is_named(&inspected->answer) && !inspected->answer.wants_more)
        flow_decide(dpi, flow, false);
}

static void keep(struct flow *flow, const struct datagram_fields *fields)
{
    if (flow->is_watched)
        keeper_add(&flow->dpi->keeper, fields, (uint32_t)flow_packets(flow));
}

/* ICMP errors quote another flow's packet: one protocol a flow. */
static bool may_be_shown(const struct flow *flow, const struct packet *packet,
                         enum flow_direction direction, struct datagram_fields *fields)
{
    return packet->protocol == flow->key.protocol && datagram_fields_of(packet, direction, fields);
}

void dpi_inspect(struct dpi *dpi, struct flow *flow, const struct packet *packet,
                 enum flow_direction direction)
{
    if (flow->dpi && flow->dpi->is_closed)
        return;
    struct datagram_fields fields;
    struct datagram datagram;
    if (!may_be_shown(flow, packet, direction, &fields)) {
        dpi->totals->dpi_refused++;
        return;
    }
    int64_t before = ndpi_memory_live();
    if (flow->dpi && flow->dpi->state && budget_is_gone(dpi, flow)) {
        flow_decide(dpi, flow, true);
    } else if (flow->dpi || flow_begin(dpi, flow)) {
        keep(flow, &fields);
        if (flow->dpi->state) {
            datagram_write(&fields, &datagram);
            show(dpi, flow, &datagram);
        } else if (fields.payload.length > 0) {
            flow_reconsider(dpi, flow, memory_is_full(dpi));
        }
    }
    count_memory_since(dpi, before);
}

void dpi_finish(struct dpi *dpi, struct flow *flow, struct detection *out)
{
    *out = (struct detection){0};
    struct dpi_flow *inspected = flow->dpi;
    if (!inspected)
        return;
    int64_t before = ndpi_memory_live();
    if (inspected->state)
        flow_decide(dpi, flow, true);
    else if (!inspected->is_closed)
        flow_reconsider(dpi, flow, true);
    if (inspected->verdict)
        detection_pack_open(inspected->verdict, out);
    /* A flow that goes on after the active time-out has said who it is. */
    if (flow->end != FLOW_ACTIVE_TIMEOUT || !detection_is_named(out)) {
        detection_pack_free(inspected->verdict);
        ndpi_memory_free(inspected);
        flow->dpi = NULL;
    }
    count_memory_since(dpi, before);
}

bool dpi_has_answer(const struct flow *flow)
{
    return flow->dpi && flow->dpi->is_closed && flow->dpi->verdict;
}

void dpi_answer(const struct flow *flow, struct detection *out)
{
    *out = (struct detection){0};
    if (dpi_has_answer(flow))
        detection_pack_open(flow->dpi->verdict, out);
}

const char *dpi_version(void)
{
    return ndpi_engine_version();
}

void dpi_each_protocol(const struct dpi *dpi, dpi_protocol_fn *each, void *context)
{
    const char *name;
    const char *category;
    for (uint16_t id = 0; ndpi_engine_protocol(dpi->engine, id, &name, &category); id++)
        each(context, id, name, category);
}
