/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/dpi.h"

#include "base/memory.h"
#include "dpi/datagram.h"
#include "dpi/detection_pack.h"
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

/* Either undecided, with a state, or decided, with a verdict (unless nothing was to be kept). */
struct dpi_flow {
    struct ndpi_state *state;
    struct detection_pack *verdict;
    struct ndpi_answer answer;
    uint32_t packets, bytes;
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

/* The verdict is copied out, and everything of nDPI's that hangs on the flow goes. */
static void flow_decide(struct dpi *dpi, struct dpi_flow *inspected)
{
    if (!ndpi_answer_is_named(&inspected->answer))
        inspected->answer = ndpi_engine_give_up(dpi->engine, inspected->state);
    struct detection detection;
    ndpi_engine_describe(dpi->engine, inspected->state, &inspected->answer, inspected->first,
                         &detection);
    detection.packets_inspected = inspected->packets;
    ndpi_state_free(inspected->state);
    inspected->state = NULL;
    inspected->verdict = detection_pack_new(&detection);
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
        flow_decide(dpi, inspected);
}

/* ICMP errors quote another flow's packet: one protocol a flow. */
static bool prepare(struct dpi *dpi, const struct flow *flow, const struct packet *packet,
                    enum flow_direction direction, struct datagram *out)
{
    struct datagram_fields fields;
    bool is_cut;
    if (packet->protocol != flow->key.protocol ||
        !datagram_fields_of(packet, direction, &fields, &is_cut)) {
        dpi->totals->dpi_refused++;
        return false;
    }
    datagram_write(&fields, is_cut, out);
    return true;
}

void dpi_inspect(struct dpi *dpi, struct flow *flow, const struct packet *packet,
                 enum flow_direction direction)
{
    if (flow->dpi && !flow->dpi->state)
        return;
    struct datagram datagram;
    if (!prepare(dpi, flow, packet, direction, &datagram))
        return;
    int64_t before = ndpi_memory_live();
    if (flow->dpi && budget_is_gone(dpi, flow))
        flow_decide(dpi, flow->dpi);
    else if (flow->dpi || flow_begin(dpi, flow))
        show(dpi, flow, &datagram);
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
        flow_decide(dpi, inspected);
    if (inspected->verdict)
        detection_pack_open(inspected->verdict, out);
    detection_pack_free(inspected->verdict);
    ndpi_memory_free(inspected);
    flow->dpi = NULL;
    count_memory_since(dpi, before);
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
