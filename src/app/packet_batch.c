/* SPDX-License-Identifier: Apache-2.0 */
#include "app/packet_batch.h"

#include <assert.h>
#include <string.h>

void packet_batch_clear(struct packet_batch *batch)
{
    batch->count = 0;
    batch->bytes_used = 0;
    batch->ends_input = false;
}

bool packet_batch_is_full(const struct packet_batch *batch)
{
    return batch->count == PACKET_BATCH_PACKETS ||
           PACKET_BATCH_BYTES - batch->bytes_used < PACKET_BYTES_MAX;
}

void packet_clip(struct packet *packet)
{
    if (packet->network.length <= PACKET_BYTES_MAX)
        return;
    size_t cut = packet->network.length - PACKET_BYTES_MAX;
    packet->network.length = PACKET_BYTES_MAX;
    packet->payload.length -= cut < packet->payload.length ? cut : packet->payload.length;
}

/* The payload is a part of the network span; where its copy is follows from that. */
static struct span moved(struct span part, struct span from, const uint8_t *to)
{
    if (part.length == 0)
        return (struct span){to, 0};
    return (struct span){to + (part.at - from.at), part.length};
}

void packet_batch_add(struct packet_batch *batch, const struct packet *packet,
                      const struct flow_place *place, int64_t now_ns)
{
    assert(!packet_batch_is_full(batch) && packet->network.length <= PACKET_BYTES_MAX);
    uint8_t *copy = batch->bytes + batch->bytes_used;
    memcpy(copy, packet->network.at, packet->network.length);
    batch->bytes_used += packet->network.length;

    struct packet *kept = &batch->items[batch->count].packet;
    *kept = *packet;
    kept->frame = NULL;
    kept->network.at = copy;
    kept->payload = moved(packet->payload, packet->network, copy);
    batch->items[batch->count].place = *place;
    batch->items[batch->count].now_ns = now_ns;
    batch->count++;
}
