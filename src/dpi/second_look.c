/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/second_look.h"

#include "base/timestamp.h"

/* Sequence numbers run on from these, so that nDPI sees an unbroken stream. */
struct progress {
    uint32_t next[FLOW_DIRECTIONS];
    int64_t now_ns;
};

static struct datagram_fields fields_for(const struct look *look, const struct progress *progress,
                                         enum flow_direction direction)
{
    struct endpoint client = look->flow->initiator;
    struct endpoint server = look->flow->responder;
    if (look->client_port)
        client.port = look->client_port;
    if (look->service_port)
        server.port = look->service_port;
    bool is_forward = direction == TO_RESPONDER;
    return (struct datagram_fields){
        .time_ns = progress->now_ns,
        .source = is_forward ? client : server,
        .destination = is_forward ? server : client,
        .direction = direction,
        .protocol = look->flow->key.protocol,
        .ttl = 64,
        .tcp_flags = TCP_PSH | TCP_ACK,
        .tcp_sequence = progress->next[direction],
        .tcp_acknowledgement = progress->next[!direction],
        .tcp_window = UINT16_MAX,
    };
}

/* Some dissectors wait until they have seen a connection open. */
static void show_handshake(struct ndpi_engine *engine, struct ndpi_state *state,
                           const struct look *look, struct progress *progress)
{
    static const struct {
        enum flow_direction direction;
        uint8_t flags;
    } steps[] = {
        {TO_RESPONDER, TCP_SYN}, {TO_INITIATOR, TCP_SYN | TCP_ACK}, {TO_RESPONDER, TCP_ACK}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct datagram_fields fields = fields_for(look, progress, steps[i].direction);
        struct datagram datagram;
        fields.tcp_flags = steps[i].flags;
        datagram_write(&fields, &datagram);
        ndpi_engine_show(engine, state, &datagram);
        if (steps[i].flags & TCP_SYN)
            progress->next[steps[i].direction]++;
    }
}

static struct look_result show_messages(struct ndpi_engine *engine, struct ndpi_state *state,
                                        const struct look *look, struct progress *progress)
{
    struct look_result result = {.named_at = look->count};
    for (size_t i = 0; i < look->count; i++) {
        const struct message *message = &look->messages[i];
        struct datagram_fields fields = fields_for(look, progress, message->from);
        struct datagram datagram;
        fields.payload = message->bytes;
        fields.wire_length = message->wire_length;
        fields.is_gap_filled = true;
        datagram_write(&fields, &datagram);
        result.answer = ndpi_engine_show(engine, state, &datagram);
        result.packets++;
        progress->next[message->from] += (uint32_t)(datagram.length - datagram.payload_offset);
        progress->now_ns += NS_PER_MS;
        if (!ndpi_answer_is_named(&result.answer))
            continue;
        if (result.named_at == look->count)
            result.named_at = i;
        if (!result.answer.wants_more)
            break;
    }
    return result;
}

struct look_result look_again(struct ndpi_engine *engine, const struct look *look,
                              struct detection *out)
{
    struct ndpi_state *state = ndpi_state_new();
    if (!state || look->count == 0) {
        ndpi_state_free(state);
        return (struct look_result){0};
    }
    struct progress progress = {.next = {1, 1}, .now_ns = look->flow->first_ns};
    if (look->flow->key.protocol == TRANSPORT_TCP)
        show_handshake(engine, state, look, &progress);
    struct look_result result = show_messages(engine, state, look, &progress);
    if (!ndpi_answer_is_named(&result.answer))
        result.answer = ndpi_engine_give_up(engine, state);
    if (out)
        ndpi_engine_describe(engine, state, &result.answer, look->messages[0].from, out);
    ndpi_state_free(state);
    return result;
}
