/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets in words, and a table that remembers what it ended, for the tests of flow/.
 */
#ifndef PORTSCOPE_TESTS_FLOW_PACKETS_H
#define PORTSCOPE_TESTS_FLOW_PACKETS_H

#include "flow/flow_table.h"

#include "base/text.h"
#include "base/timestamp.h"

#include <string.h>

#define SECONDS(n) ((int64_t)((n)*NS_PER_S))

enum { CLIENT_PORT = 40000, SERVER_PORT = 154, ENDED_MAX = 512 };

struct ended {
    struct flow flow;
    struct flow_sample sample; /* a copy; flow.sample points here when there was one */
    int64_t due_ns;
};

/* A table with short names for what a test does with it. */
struct bench {
    struct flow_table *table;
    struct totals totals;
    struct port_set watched;
    int64_t now_ns;
    struct ended ended[ENDED_MAX];
    size_t ended_count;
};

static inline void remember(void *context, struct flow *flow, int64_t due_ns)
{
    struct bench *bench = context;
    struct ended *ended = &bench->ended[bench->ended_count++ % ENDED_MAX];
    ended->flow = *flow;
    ended->due_ns = due_ns;
    if (flow->sample) {
        ended->sample = *flow->sample;
        ended->flow.sample = &ended->sample;
    }
}

static inline struct flow_table_options bench_options(struct bench *bench)
{
    *bench = (struct bench){.now_ns = SECONDS(1000)};
    port_set_add(&bench->watched, 154);
    port_set_add(&bench->watched, 155);
    port_set_add(&bench->watched, 395);
    return (struct flow_table_options){
        .max_flows = 64,
        .max_samples = 8,
        .timeouts = flow_timeouts_default(),
        .key = {{1, 2}},
        .watched = &bench->watched,
    };
}

static inline void bench_open(struct bench *bench, const struct flow_table_options *options)
{
    bench->table = flow_table_new(options, &bench->totals, remember, bench);
}

static inline void bench_open_default(struct bench *bench)
{
    struct flow_table_options options = bench_options(bench);
    bench_open(bench, &options);
}

/* As the pipeline does: expire, find, add. */
static inline struct flow *give(struct bench *bench, struct packet packet)
{
    packet.time_ns = bench->now_ns;
    flow_table_expire(bench->table, bench->now_ns);
    struct flow *flow = flow_table_find_or_add(bench->table, &packet, bench->now_ns);
    flow_table_add_packet(bench->table, flow, &packet, bench->now_ns);
    return flow;
}

static inline struct ended *bench_close(struct bench *bench)
{
    flow_table_drain(bench->table, FLOW_END_OF_INPUT);
    flow_table_free(bench->table);
    bench->table = NULL;
    return &bench->ended[(bench->ended_count - 1) % ENDED_MAX];
}

static inline struct packet packet_between(uint8_t protocol, uint32_t source, uint16_t source_port,
                                           uint32_t destination, uint16_t destination_port)
{
    struct packet packet = {
        .source = {.bytes = {192, 0, 2, (uint8_t)source}, .version = 4},
        .destination = {.bytes = {198, 51, 100, (uint8_t)destination}, .version = 4},
        .source_port = source_port,
        .destination_port = destination_port,
        .protocol = protocol,
        .ttl = 64,
        .tcp_window = 1000,
        .wire_length = 54,
        .ip_length = 40,
        .has_ports = true,
    };
    return packet;
}

static inline void with_payload(struct packet *packet, const char *payload)
{
    packet->payload = span_of(payload);
    packet->payload_length = (uint32_t)strlen(payload);
    packet->ip_length += packet->payload_length;
    packet->wire_length += packet->payload_length;
}

/* From 192.0.2.host to the watched port of one server. */
static inline struct packet datagram(uint8_t host, uint16_t port, const char *payload)
{
    struct packet packet = packet_between(TRANSPORT_UDP, host, port, 200, SERVER_PORT);
    with_payload(&packet, payload);
    return packet;
}

static inline struct packet turned_round(struct packet packet)
{
    struct packet turned = packet;
    turned.source = packet.destination;
    turned.destination = packet.source;
    turned.source_port = packet.destination_port;
    turned.destination_port = packet.source_port;
    return turned;
}

#endif
