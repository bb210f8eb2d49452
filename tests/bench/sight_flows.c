/* SPDX-License-Identifier: Apache-2.0 */
#include "sight_flows.h"

#include "base/memory.h"
#include "capture/input_list.h"
#include "capture/source.h"
#include "decode/decoder.h"
#include "flow/flow_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A packet with the flow it belongs to; sorted by both, flows lie together. */
struct piece {
    uint64_t flow_id;
    size_t order;
    struct endpoint service;
    struct packet packet;
};

struct loader {
    struct totals totals;
    struct decoder *decoder;
    struct flow_table *table;
    struct piece *pieces;
    size_t count, capacity;
};

static void forget_flow(void *context, struct flow *flow, int64_t due_ns)
{
    (void)context;
    (void)flow;
    (void)due_ns;
}

/* The program ends with them: nothing is freed. */
static struct packet copy_of(const struct packet *packet)
{
    struct packet copy = *packet;
    uint8_t *bytes = memory_new(packet->network.length, 1);
    memcpy(bytes, packet->network.at, packet->network.length);
    copy.network.at = bytes;
    if (packet->payload.at)
        copy.payload.at = bytes + (packet->payload.at - packet->network.at);
    return copy;
}

static void keep_packet(struct loader *loader, const struct packet *packet)
{
    if (packet->protocol != TRANSPORT_TCP && packet->protocol != TRANSPORT_UDP)
        return;
    flow_table_expire(loader->table, packet->time_ns);
    struct flow *flow = flow_table_find_or_add(loader->table, packet, packet->time_ns);
    flow_table_add_packet(loader->table, flow, packet, packet->time_ns);
    if (flow_packets(flow) > SIGHT_PACKETS_MAX)
        return;
    if (loader->count == loader->capacity) {
        loader->capacity = loader->capacity ? 2 * loader->capacity : 4096;
        loader->pieces = memory_resize(loader->pieces, loader->capacity, sizeof *loader->pieces);
    }
    loader->pieces[loader->count] = (struct piece){
        .flow_id = flow->id,
        .order = loader->count,
        .service = flow->responder,
        .packet = copy_of(packet),
    };
    loader->count++;
}

static void load_source(struct loader *loader, struct source *source)
{
    struct batch batch;
    while (source_next(source, &batch, NULL) == SOURCE_BATCH) {
        for (size_t i = 0; i < batch.count; i++) {
            struct packet packet;
            if (packet_decode(loader->decoder, &batch.frames[i], &packet) == DECODE_OK)
                keep_packet(loader, &packet);
        }
    }
}

static int compare_pieces(const void *left, const void *right)
{
    const struct piece *a = left;
    const struct piece *b = right;
    if (a->flow_id != b->flow_id)
        return a->flow_id < b->flow_id ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void take_flow(struct sight_flows *flows, const char *file, const struct piece *pieces,
                      size_t count)
{
    flows->items = memory_resize(flows->items, flows->count + 1, sizeof *flows->items);
    struct sight_flow *flow = &flows->items[flows->count++];
    *flow = (struct sight_flow){.packets = memory_new(count, sizeof *flow->packets),
                                .count = count,
                                .service = pieces[0].service,
                                .file = file};
    for (size_t i = 0; i < count; i++)
        flow->packets[i] = pieces[i].packet;
}

static void take_flows(struct sight_flows *flows, const char *path, struct loader *loader)
{
    const char *file = memory_string(path);
    size_t first = 0;
    qsort(loader->pieces, loader->count, sizeof *loader->pieces, compare_pieces);
    for (size_t i = 1; i <= loader->count; i++) {
        if (i == loader->count || loader->pieces[i].flow_id != loader->pieces[first].flow_id) {
            take_flow(flows, file, loader->pieces + first, i - first);
            first = i;
        }
    }
}

/* One table a file: the same addresses in another capture are other people. */
static void load_file(struct sight_flows *flows, const char *path)
{
    struct source_options source_options = {0};
    struct decoder_options decoder_options = {.key = {{1, 2}}};
    struct flow_table_options table_options = {
        .timeouts = flow_timeouts_default(),
        .key = {{3, 4}},
    };
    struct loader *loader = memory_new(1, sizeof *loader);
    struct source *source = source_open_file(path, &source_options, NULL);
    if (source) {
        loader->decoder = decoder_new(&decoder_options, &loader->totals);
        loader->table = flow_table_new(&table_options, &loader->totals, forget_flow, NULL);
        load_source(loader, source);
        if (loader->count > 0)
            take_flows(flows, path, loader);
        flow_table_free(loader->table);
        decoder_free(loader->decoder);
    }
    source_close(source);
    free(loader->pieces);
    free(loader);
}

bool sight_flows_load(struct sight_flows *flows, char **paths, size_t path_count,
                      struct error *error)
{
    struct input_list list = {0};
    for (size_t i = 0; i < path_count; i++) {
        if (!input_list_add(&list, paths[i], error))
            return false;
    }
    for (size_t i = 0; i < list.count; i++)
        load_file(flows, list.paths[i]);
    input_list_free(&list);
    return flows->count > 0 || error_set(error, "no TCP or UDP flow in these captures");
}
