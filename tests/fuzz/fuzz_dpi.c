/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes to one flow of packets through dpi_inspect() and dpi_finish(). First byte: bit 0 UDP,
 * bit 1 IPv6, bits 2-3 the server's port. Then packets: a byte of direction (bit 0), lying data
 * offset or UDP length (bits 1-4) and flags, a length byte, the payload.
 */
#include "base/cursor.h"
#include "base/timestamp.h"
#include "dpi/dpi.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const uint16_t ports[] = {154, 155, 395, 53};

static void put_transport(uint8_t *at, uint8_t protocol, uint8_t what, size_t payload)
{
    if (protocol == TRANSPORT_TCP) {
        at[12] = (uint8_t)((what & 0x1e) << 3 ^ 0x50);
        return;
    }
    size_t claimed = (what & 0x1e) ? (size_t)(what & 0x1e) : 8 + payload;
    at[4] = (uint8_t)(claimed >> 8);
    at[5] = (uint8_t)claimed;
}

/* On the heap at its exact size, so that over-reads show. */
static void show_packet(struct dpi *dpi, struct flow *flow, uint8_t what, struct span payload)
{
    enum flow_direction direction = what & 1 ? TO_INITIATOR : TO_RESPONDER;
    uint8_t protocol = flow->key.protocol;
    size_t ip = flow->initiator.address.version == 4 ? 20 : 40;
    size_t transport = protocol == TRANSPORT_TCP ? 20 : 8;
    size_t length = ip + transport + payload.length;
    uint8_t *network = calloc(1, length);
    put_transport(network + ip, protocol, what, payload.length);
    if (payload.length > 0)
        memcpy(network + ip + transport, payload.at, payload.length);
    const struct endpoint *source = direction ? &flow->responder : &flow->initiator;
    const struct endpoint *destination = direction ? &flow->initiator : &flow->responder;
    struct packet packet = {
        .time_ns = NS_PER_S,
        .source = source->address,
        .destination = destination->address,
        .source_port = source->port,
        .destination_port = destination->port,
        .protocol = protocol,
        .tcp_flags = what & 0x20 ? TCP_SYN : TCP_ACK,
        .marks = what & 0x40 ? PACKET_FRAGMENT : 0,
        .network = {network, length},
        .transport_offset = (uint32_t)ip,
        .payload = {network + ip + transport, payload.length},
        .payload_length = (uint32_t)payload.length + (what >> 7),
    };
    dpi_inspect(dpi, flow, &packet, direction);
    free(network);
}

static void run_flow(struct dpi *dpi, struct cursor cursor)
{
    uint8_t kind = cursor_u8(&cursor);
    struct flow flow = {.is_watched = true};
    flow.key.protocol = kind & 1 ? TRANSPORT_UDP : TRANSPORT_TCP;
    uint8_t version = kind & 2 ? 6 : 4;
    flow.initiator = (struct endpoint){.address = {{192, 0, 2, 1}, version}, .port = 40000};
    flow.responder = (struct endpoint){.address = {{192, 0, 2, 2}, version}};
    flow.responder.port = ports[kind >> 2 & 3];
    while (cursor_left(&cursor) > 0) {
        uint8_t what = cursor_u8(&cursor);
        size_t size = cursor_u8(&cursor);
        if (size > cursor_left(&cursor))
            size = cursor_left(&cursor);
        show_packet(dpi, &flow, what, (struct span){cursor_take(&cursor, size), size});
    }
    struct detection found;
    dpi_finish(dpi, &flow, &found);
    assert(flow.dpi == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct dpi *dpi;
    static struct totals totals;
    if (!dpi)
        dpi = dpi_open(&(struct dpi_options){0}, &totals, NULL);
    run_flow(dpi, cursor_over((struct span){bytes, length}));
    return 0;
}
