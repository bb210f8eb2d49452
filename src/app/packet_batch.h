/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets on their way to a lane, with copies of the bytes that a flow may look at.
 */
#ifndef PORTSCOPE_APP_PACKET_BATCH_H
#define PORTSCOPE_APP_PACKET_BATCH_H

#include "model/flow.h"
#include "model/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_BATCH_PACKETS = 256, PACKET_BATCH_BYTES = 256 * 1024 };

/* No flow looks further into a packet: DPI clips at 4,096 bytes, samples at 512. */
enum { PACKET_BYTES_MAX = 4352 };

struct packet_batch {
    size_t count;
    size_t bytes_used;
    int64_t watermark_ns; /* "now" behind the last packet: all that is due by then may end */
    bool ends_input;
    struct {
        struct packet packet;
        struct flow_place place;
        int64_t now_ns;
    } items[PACKET_BATCH_PACKETS];
    uint8_t bytes[PACKET_BATCH_BYTES];
};

void packet_batch_clear(struct packet_batch *batch);
bool packet_batch_is_full(const struct packet_batch *batch);

/* Copies the packet; its network part is at most PACKET_BYTES_MAX long. The batch is not full. */
void packet_batch_add(struct packet_batch *batch, const struct packet *packet,
                      const struct flow_place *place, int64_t now_ns);

/* Shortens the views into the frame to what a flow may look at, so that one lane and many see the
 * same. */
void packet_clip(struct packet *packet);

#endif
