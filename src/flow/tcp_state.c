/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/tcp_state.h"

#include <stddef.h>

static bool is_reset(uint8_t endpoint)
{
    return endpoint >= ENDPOINT_RESET;
}

/* The initiator asks; the answer establishes both sides at once, as in Zeek: whether the third
 * packet of the handshake came is in the history. A SYN without ACK from the responder is a
 * simultaneous open (RFC 9293 §3.5), which comes to the same. */
static void on_syn(uint8_t *self, uint8_t *peer, enum flow_direction direction)
{
    if (*self != ENDPOINT_INACTIVE)
        return;
    if (direction == TO_RESPONDER) {
        *self = *peer == ENDPOINT_ESTABLISHED ? ENDPOINT_ESTABLISHED : ENDPOINT_SYN_SENT;
        return;
    }
    *self = ENDPOINT_ESTABLISHED;
    if (*peer == ENDPOINT_SYN_SENT)
        *peer = ENDPOINT_ESTABLISHED;
}

static void on_fin(uint8_t *self, uint8_t *peer)
{
    if (*self == ENDPOINT_CLOSED || is_reset(*self))
        return;
    *self = ENDPOINT_CLOSED;
    if (*peer == ENDPOINT_RESET_AFTER_FIN)
        *peer = ENDPOINT_CLOSED;
}

static void on_rst(uint8_t *self, const uint8_t *peer, uint8_t sent_flags)
{
    if (is_reset(*self))
        return;
    if (*self == ENDPOINT_CLOSED) {
        if (*peer != ENDPOINT_CLOSED)
            *self = ENDPOINT_RESET_AFTER_FIN;
        return;
    }
    bool only_asked = *self == ENDPOINT_SYN_SENT && !(sent_flags & TCP_ACK);
    *self = only_asked ? ENDPOINT_RESET_ATTEMPT : ENDPOINT_RESET;
}

/* The first segment of a side that has none of the three flags. */
static void on_first_segment(uint8_t *self, uint8_t peer, const struct packet *packet)
{
    bool acks_a_syn = peer == ENDPOINT_SYN_SENT && packet->payload_length == 0;
    if (acks_a_syn)
        return; /* some stacks acknowledge a SYN before they answer it */
    bool missed_its_syn = peer == ENDPOINT_ESTABLISHED && packet->tcp_flags & TCP_ACK;
    *self = missed_its_syn ? ENDPOINT_ESTABLISHED : ENDPOINT_PARTIAL;
}

void tcp_state_update(struct tcp_state *state, enum flow_direction direction,
                      const struct packet *packet, uint8_t sent_flags)
{
    uint8_t *self = &state->endpoint[direction];
    uint8_t *peer = &state->endpoint[!direction];
    uint8_t flags = packet->tcp_flags;

    if (flags & TCP_SYN)
        on_syn(self, peer, direction);
    if ((flags & (TCP_FIN | TCP_RST)) == TCP_FIN)
        on_fin(self, peer);
    if (flags & TCP_RST)
        on_rst(self, peer, sent_flags);
    if (*self == ENDPOINT_INACTIVE)
        on_first_segment(self, *peer, packet);

    /* Behind the handshake every segment acknowledges (RFC 9293 §3.10.7.4); what does not is a
     * probe. */
    if ((flags & (TCP_ACK | TCP_SYN | TCP_RST)) == TCP_ACK)
        state->has_progressed = true;
}

bool tcp_state_is_reset(const struct tcp_state *state)
{
    return is_reset(state->endpoint[TO_RESPONDER]) || is_reset(state->endpoint[TO_INITIATOR]);
}

bool tcp_state_is_over(const struct tcp_state *state)
{
    return tcp_state_is_reset(state) || (state->endpoint[TO_RESPONDER] == ENDPOINT_CLOSED &&
                                         state->endpoint[TO_INITIATOR] == ENDPOINT_CLOSED);
}

bool tcp_state_is_reused_by(const struct tcp_state *state, const struct flow_side *sender,
                            const struct packet *packet)
{
    if ((packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) != TCP_SYN)
        return false;
    if (!state->has_progressed && !tcp_state_is_over(state))
        return false;
    if (sender->has_tcp_next)
        return packet->tcp_sequence != sender->tcp_first;
    return !(packet->tcp_flags & TCP_ACK);
}

#define BIT(endpoint) (1u << (endpoint))
#define QUIET (BIT(ENDPOINT_INACTIVE) | BIT(ENDPOINT_PARTIAL))
#define RESET (BIT(ENDPOINT_RESET) | BIT(ENDPOINT_RESET_ATTEMPT) | BIT(ENDPOINT_RESET_AFTER_FIN))
#define ANY (~0u)

enum connection_state tcp_connection_state(const struct tcp_state *state, bool has_payload)
{
    /* The first row that fits, as conn_state is documented by Zeek. */
    static const struct {
        unsigned initiator, responder;
        enum connection_state state;
    } rows[] = {
        {BIT(ENDPOINT_SYN_SENT), RESET, CONN_REJ},
        {QUIET, RESET, CONN_RSTRH},
        {ANY, RESET, CONN_RSTR},
        {BIT(ENDPOINT_RESET_ATTEMPT), QUIET, CONN_RSTOS0},
        {RESET, QUIET, CONN_OTH},
        {RESET, ANY, CONN_RSTO},
        {BIT(ENDPOINT_CLOSED), BIT(ENDPOINT_CLOSED), CONN_SF},
        {BIT(ENDPOINT_CLOSED), QUIET, CONN_SH},
        {BIT(ENDPOINT_CLOSED), ANY, CONN_S2},
        {QUIET, BIT(ENDPOINT_CLOSED), CONN_SHR},
        {ANY, BIT(ENDPOINT_CLOSED), CONN_S3},
        {BIT(ENDPOINT_SYN_SENT), BIT(ENDPOINT_INACTIVE), CONN_S0},
        {BIT(ENDPOINT_ESTABLISHED), BIT(ENDPOINT_ESTABLISHED), CONN_S1},
    };
    uint8_t initiator = state->endpoint[TO_RESPONDER];
    uint8_t responder = state->endpoint[TO_INITIATOR];

    if (is_reset(initiator) && is_reset(responder) && !has_payload)
        return CONN_REJ;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].initiator & BIT(initiator) && rows[i].responder & BIT(responder))
            return rows[i].state;
    }
    return CONN_OTH;
}
