/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/flow_history.h"

#include <stdbool.h>
#include <string.h>

static void append(struct flow *flow, char letter)
{
    size_t length = strlen(flow->history);
    if (length + 1 < sizeof flow->history) {
        flow->history[length] = letter;
        flow->history[length + 1] = '\0';
    }
}

/* `letter` is given in upper case. */
static void append_from(struct flow *flow, char letter, enum flow_direction direction)
{
    append(flow, direction == TO_RESPONDER ? letter : (char)(letter - 'A' + 'a'));
}

/* Bits of history_side.seen. */
enum {
    SEEN_ACK = 1 << 0,
    SEEN_DATA = 1 << 1,
    SEEN_INCONSISTENT = 1 << 2,
    SEEN_MULTI = 1 << 3,
    SEEN_NUMBERED = 1 << 4, /* and up: enum history_number */
};

static bool is_first(struct history_side *side, unsigned bit)
{
    bool is_new = !(side->seen & bit);
    side->seen |= (uint8_t)bit;
    return is_new;
}

static bool is_another(struct history_side *side, enum history_number kind, uint32_t number)
{
    bool is_new = is_first(side, (unsigned)SEEN_NUMBERED << kind) || side->numbers[kind] != number;
    side->numbers[kind] = number;
    return is_new;
}

/* One control flag: 0 when it was written for this number already. */
static char control_letter(struct history_side *side, const struct packet *packet)
{
    uint8_t flags = packet->tcp_flags;
    uint32_t number = packet->tcp_sequence;
    if (flags & TCP_SYN)
        return !is_another(side, HISTORY_SYN, number) ? 0 : flags & TCP_ACK ? 'H' : 'S';
    if (flags & TCP_RST)
        return is_another(side, HISTORY_RST, number) ? 'R' : 0;
    /* A FIN stands at the end of its segment. */
    return is_another(side, HISTORY_FIN, number + packet->payload_length) ? 'F' : 0;
}

static char letter_of(struct history_side *side, const struct packet *packet)
{
    uint8_t control = packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST);
    if ((control & (TCP_FIN | TCP_RST)) == (TCP_FIN | TCP_RST))
        return is_first(side, SEEN_INCONSISTENT) ? 'I' : 0;
    if (control & TCP_SYN && control != TCP_SYN)
        return is_first(side, SEEN_MULTI) ? 'Q' : 0;
    if (control)
        return control_letter(side, packet);
    if (packet->payload_length > 0)
        return is_first(side, SEEN_DATA) ? 'D' : 0;
    return packet->tcp_flags & TCP_ACK && is_first(side, SEEN_ACK) ? 'A' : 0;
}

void flow_history_flip(struct flow *flow)
{
    append(flow, '^');
}

void flow_history_add_tcp(struct flow *flow, struct flow_history *history,
                          enum flow_direction direction, const struct packet *packet)
{
    char letter = letter_of(&history->sides[direction], packet);
    if (letter)
        append_from(flow, letter, direction);
}

void flow_history_add_data(struct flow *flow, struct flow_history *history,
                           enum flow_direction direction)
{
    if (is_first(&history->sides[direction], SEEN_DATA))
        append_from(flow, 'D', direction);
}

static bool is_power_of_ten(uint32_t count)
{
    while (count >= 10 && count % 10 == 0)
        count /= 10;
    return count == 1;
}

void flow_history_count(struct flow *flow, struct flow_history *history,
                        enum flow_direction direction, enum history_count what)
{
    static const char letters[HISTORY_COUNTS] = {
        [HISTORY_GAP] = 'G', [HISTORY_RETRANSMISSION] = 'T', [HISTORY_ZERO_WINDOW] = 'W'};
    uint32_t *count = &history->sides[direction].counts[what];
    if (*count == UINT32_MAX)
        return;
    ++*count;
    if (is_power_of_ten(*count))
        append_from(flow, letters[what], direction);
}
