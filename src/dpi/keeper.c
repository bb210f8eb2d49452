/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/keeper.h"

#include "dpi/ndpi_memory.h"

#include <string.h>

struct kept_message {
    size_t wire_length, length;
    uint32_t number;
    enum flow_direction from;
    uint8_t bytes[];
};

static bool is_retransmission(struct keeper *keeper, const struct datagram_fields *fields)
{
    if (fields->protocol != TRANSPORT_TCP)
        return false;
    uint32_t *next = &keeper->next_sequence[fields->direction];
    bool is_first = true;
    for (size_t i = 0; i < keeper->count; i++)
        is_first &= keeper->messages[i]->from != fields->direction;
    if (!is_first && (int32_t)(fields->tcp_sequence - *next) < 0)
        return true;
    *next = fields->tcp_sequence + (uint32_t)fields->wire_length;
    return false;
}

void keeper_add(struct keeper *keeper, const struct datagram_fields *fields, uint32_t number)
{
    size_t length = fields->payload.length;
    if (length > DATAGRAM_MAX)
        length = DATAGRAM_MAX;
    if (length == 0 || keeper_is_full(keeper) || is_retransmission(keeper, fields))
        return;
    struct kept_message *kept = ndpi_memory_new(sizeof *kept + length);
    if (!kept)
        return;
    *kept = (struct kept_message){
        .wire_length = fields->wire_length,
        .length = length,
        .number = number,
        .from = fields->direction,
    };
    memcpy(kept->bytes, fields->payload.at, length);
    keeper->messages[keeper->count++] = kept;
    keeper->bytes += length;
}

bool keeper_is_full(const struct keeper *keeper)
{
    return keeper->count == CONVERSATION_MESSAGES_MAX || keeper->bytes >= KEEPER_BYTES_MAX;
}

void keeper_clear(struct keeper *keeper)
{
    for (size_t i = 0; i < keeper->count; i++)
        ndpi_memory_free(keeper->messages[i]);
    *keeper = (struct keeper){0};
}

static struct message stream_of(const struct flow *flow, enum flow_direction direction)
{
    const struct flow_sample *sample = flow->sample;
    size_t length = sample->length[direction];
    uint64_t sent = flow->sides[direction].payload_bytes;
    return (struct message){
        .bytes = {sample->bytes[direction], length},
        .wire_length = sent > length ? (size_t)sent : length,
        .number = sample->first_packet[direction],
        .from = direction,
        .transport = TRANSPORT_TCP,
    };
}

struct conversation keeper_conversation(const struct keeper *keeper, const struct flow *flow)
{
    struct conversation conversation = {
        .transport = flow->key.protocol,
        .responder = flow->responder.address,
        .message_count = keeper->count,
    };
    for (size_t i = 0; i < keeper->count; i++) {
        const struct kept_message *kept = keeper->messages[i];
        conversation.messages[i] = (struct message){
            .bytes = {kept->bytes, kept->length},
            .wire_length = kept->wire_length,
            .number = kept->number,
            .from = kept->from,
            .transport = flow->key.protocol,
        };
    }
    for (int direction = 0; direction < FLOW_DIRECTIONS; direction++) {
        if (flow->sample && flow->key.protocol == TRANSPORT_TCP)
            conversation.streams[direction] = stream_of(flow, direction);
    }
    return conversation;
}
