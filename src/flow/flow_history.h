/* SPDX-License-Identifier: Apache-2.0
 *
 * The history of a flow in Zeek's letters: upper case from the initiator, lower case from the
 * responder.
 *     s SYN   h SYN+ACK   f FIN   r RST   again only with another sequence number
 *     a pure ACK   d payload   i FIN and RST   q SYN with FIN or RST   once
 *     g payload missing   t retransmission   w window of zero   the 1st, 10th, 100th, ... time
 *     ^ the first packet came from the side that is held to be the responder
 * What no longer fits into the flow's text is left out.
 */
#ifndef PORTSCOPE_FLOW_FLOW_HISTORY_H
#define PORTSCOPE_FLOW_FLOW_HISTORY_H

#include "model/flow.h"
#include "model/packet.h"

#include <stdint.h>

enum history_count { HISTORY_GAP, HISTORY_RETRANSMISSION, HISTORY_ZERO_WINDOW, HISTORY_COUNTS };
enum history_number { HISTORY_SYN, HISTORY_FIN, HISTORY_RST, HISTORY_NUMBERS };

struct history_side {
    uint32_t numbers[HISTORY_NUMBERS]; /* sequence number of the last one of its kind */
    uint32_t counts[HISTORY_COUNTS];
    uint8_t seen; /* letters that were written already, one bit each */
};

struct flow_history {
    struct history_side sides[FLOW_DIRECTIONS];
};

/* Writes '^'. */
void flow_history_flip(struct flow *flow);

/* Writes the letter of a packet's TCP flags or, when they are none, of its payload. */
void flow_history_add_tcp(struct flow *flow, struct flow_history *history,
                          enum flow_direction direction, const struct packet *packet);

/* Writes 'd'. */
void flow_history_add_data(struct flow *flow, struct flow_history *history,
                           enum flow_direction direction);

/* Counts one of what is written the 1st, 10th, 100th, ... time. */
void flow_history_count(struct flow *flow, struct flow_history *history,
                        enum flow_direction direction, enum history_count what);

#endif
