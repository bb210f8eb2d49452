/* SPDX-License-Identifier: Apache-2.0
 *
 * What was said first in a flow, as the structural checks and the second look at it see it.
 */
#ifndef PORTSCOPE_DPI_CONVERSATION_H
#define PORTSCOPE_DPI_CONVERSATION_H

#include "base/cursor.h"
#include "model/flow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONVERSATION_MESSAGES_MAX = 6 };

/* A datagram, a segment's payload, or the first bytes of a TCP stream. */
struct message {
    struct span bytes;
    size_t wire_length; /* what it was on the wire; more than bytes.length when cut */
    uint32_t number;    /* the flow's packet that brought it, from 1 */
    enum flow_direction from;
    uint8_t transport; /* IP protocol number */
};

static inline bool message_is_cut(const struct message *message)
{
    return message->bytes.length < message->wire_length;
}

struct conversation {
    uint8_t transport;
    struct address responder;
    struct message messages[CONVERSATION_MESSAGES_MAX]; /* first payloads, in order of appearance */
    size_t message_count;
    /* TCP: the first bytes each way in sequence order; where there are none, length 0. */
    struct message streams[FLOW_DIRECTIONS];
};

#endif
