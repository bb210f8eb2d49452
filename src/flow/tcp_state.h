/* SPDX-License-Identifier: Apache-2.0
 *
 * What each side of a TCP connection has shown of itself, as Zeek models it: the source of
 * conn_state, of the choice of time-out, and of when a SYN begins another flow.
 */
#ifndef PORTSCOPE_FLOW_TCP_STATE_H
#define PORTSCOPE_FLOW_TCP_STATE_H

#include "model/flow.h"
#include "model/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum tcp_endpoint {
    ENDPOINT_INACTIVE, /* sent nothing (that counts) */
    ENDPOINT_PARTIAL,  /* sends without having been seen to open */
    ENDPOINT_SYN_SENT,
    ENDPOINT_ESTABLISHED,
    ENDPOINT_CLOSED,          /* sent a FIN */
    ENDPOINT_RESET,           /* sent a RST */
    ENDPOINT_RESET_ATTEMPT,   /* its SYN was the only thing it sent before */
    ENDPOINT_RESET_AFTER_FIN, /* an impatient close: normal if the other side closes too */
};

struct tcp_state {
    uint8_t endpoint[FLOW_DIRECTIONS]; /* enum tcp_endpoint, by the direction it sends in */
    bool has_progressed;               /* a segment behind the handshake was seen */
};

/* Takes note of a packet that carries a TCP header. `sent_flags`: all that its sender sent before
 * it. */
void tcp_state_update(struct tcp_state *state, enum flow_direction direction,
                      const struct packet *packet, uint8_t sent_flags);

bool tcp_state_is_reset(const struct tcp_state *state);

/* Closed both ways, or reset. */
bool tcp_state_is_over(const struct tcp_state *state);

/* Whether the packet, a segment with SYN, cannot belong to the flow that is open under its key.
 * `sender` is the side that sent it.
 *   - The number that the SYN of this side has, or must have had: it belongs, retransmitted or come
 *     late, whatever happened since.
 *   - An attempt that has got nowhere yet: it belongs; hosts try again with another number.
 *   - A connection that went on, was closed or reset: another number is another connection. From a
 *     side not heard so far a SYN opens the other way round; a SYN+ACK was only overtaken. */
bool tcp_state_is_reused_by(const struct tcp_state *state, const struct flow_side *sender,
                            const struct packet *packet);

/* Zeek's conn_state. */
enum connection_state tcp_connection_state(const struct tcp_state *state, bool has_payload);

#endif
