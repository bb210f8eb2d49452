/* SPDX-License-Identifier: Apache-2.0
 *
 * Keeps the first payloads of a flow until it is known what they are.
 */
#ifndef PORTSCOPE_DPI_KEEPER_H
#define PORTSCOPE_DPI_KEEPER_H

#include "dpi/conversation.h"
#include "dpi/datagram.h"

enum { KEEPER_BYTES_MAX = 6 * 1024 };

struct kept_message;

struct keeper {
    struct kept_message *messages[CONVERSATION_MESSAGES_MAX];
    uint32_t next_sequence[FLOW_DIRECTIONS];
    size_t count, bytes;
};

/* Keeps the payload of a packet, clipped as nDPI would see it; TCP retransmissions are passed over.
 * `number`: of the packet in its flow. */
void keeper_add(struct keeper *keeper, const struct datagram_fields *fields, uint32_t number);

/* No further message will be kept. */
bool keeper_is_full(const struct keeper *keeper);
void keeper_clear(struct keeper *keeper);

/* The conversation so far; it points into the keeper and the flow's sample. */
struct conversation keeper_conversation(const struct keeper *keeper, const struct flow *flow);

#endif
