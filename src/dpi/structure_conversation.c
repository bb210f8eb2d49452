/* SPDX-License-Identifier: Apache-2.0
 *
 * What only several messages together show.
 */
#include "dpi/structure_checks.h"

#include <stdlib.h>

static bool is_sent_to(const struct conversation *conversation, const char *ipv4, const char *ipv6)
{
    struct address group;
    const struct address *responder = &conversation->responder;
    return (address_parse(ipv4, &group) && address_compare(&group, responder) == 0) ||
           (address_parse(ipv6, &group) && address_compare(&group, responder) == 0);
}

/* RFC 6762 §3: the groups are what tells multicast DNS from DNS. */
bool is_sent_to_mdns(const struct conversation *conversation)
{
    return is_sent_to(conversation, "224.0.0.251", "ff02::fb");
}

/* RFC 4795 §2. */
bool is_sent_to_llmnr(const struct conversation *conversation)
{
    return is_sent_to(conversation, "224.0.0.252", "ff02::1:3");
}

/* What goes to a group's address is the group's protocol, or nothing that DNS's form could tell. */
bool is_sent_to_one(const struct conversation *conversation)
{
    return !is_sent_to_mdns(conversation) && !is_sent_to_llmnr(conversation);
}

/* RFC 8445 §7.1: PRIORITY, USE-CANDIDATE, ICE-CONTROLLED, ICE-CONTROLLING. */
static bool has_ice_attribute(const struct message *message)
{
    enum { HEADER = 20 };
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, HEADER);
    while (cursor_ok(&cursor) && cursor_left(&cursor) >= 4) {
        uint16_t type = cursor_be16(&cursor);
        uint16_t length = cursor_be16(&cursor);
        if (type == 0x0024 || type == 0x0025 || type == 0x8029 || type == 0x802a)
            return true;
        cursor_skip(&cursor, (length + 3u) & ~3u);
    }
    return false;
}

/* A server gives its realm and its software with its answers (RFC 8489 §9.2). */
bool stun_names_late(const struct conversation *conversation)
{
    (void)conversation;
    return true;
}

/* ICE checks the very path that media or DTLS will take (RFC 7983): as long as nothing but a few
 * checks was seen, the flow is that of what is to come. */
bool stun_checks_a_path(const struct conversation *conversation)
{
    enum { MESSAGES_MIN = 4 };
    bool checks = false;
    for (size_t i = 0; i < conversation->message_count; i++)
        checks |= has_ice_attribute(&conversation->messages[i]);
    return checks && conversation->message_count < MESSAGES_MIN;
}

struct rtp_header {
    uint8_t type;
    uint16_t sequence;
    uint32_t source;
};

static struct rtp_header read_rtp(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    cursor_skip(&cursor, 1);
    struct rtp_header header = {.type = cursor_u8(&cursor) & 0x7f};
    header.sequence = cursor_be16(&cursor);
    cursor_skip(&cursor, 4);
    header.source = cursor_be32(&cursor);
    return header;
}

/* RFC 3550 §5.1, §8 and appendix A.1: one direction's packets carry one source, which is not the
 * other's, and numbers that go up by little. */
bool rtp_sequence_runs(const struct conversation *conversation)
{
    enum { MISORDER_MAX = 16 };
    struct rtp_header last[FLOW_DIRECTIONS];
    size_t seen[FLOW_DIRECTIONS] = {0};
    size_t steps = 0;
    for (size_t i = 0; i < conversation->message_count; i++) {
        const struct message *message = &conversation->messages[i];
        struct rtp_header now = read_rtp(message);
        const struct rtp_header *before = &last[message->from];
        if (seen[message->from]++ > 0) {
            uint16_t step = (uint16_t)(now.sequence - before->sequence);
            if (now.source != before->source || step > MISORDER_MAX)
                return false;
            steps += step > 0; /* a mirror port may show a packet twice */
        }
        last[message->from] = now;
    }
    bool is_one_source = seen[TO_RESPONDER] > 0 && seen[TO_INITIATOR] > 0 &&
                         last[TO_RESPONDER].source == last[TO_INITIATOR].source;
    return steps > 0 && !is_one_source;
}

/* The probes' numbers go up by one, each way. */
bool eaq_counts(const struct conversation *conversation)
{
    int last[FLOW_DIRECTIONS] = {-1, -1};
    size_t steps = 0;
    for (size_t i = 0; i < conversation->message_count; i++) {
        const struct message *message = &conversation->messages[i];
        struct cursor cursor = cursor_over(message->bytes);
        int now = 0;
        for (int digit = 0; digit < 4; digit++)
            now = now * 10 + cursor_u8(&cursor);
        int step = now - last[message->from];
        if (last[message->from] >= 0 && (step < 0 || step > 1))
            return false;
        steps += last[message->from] >= 0 && step == 1;
        last[message->from] = now;
    }
    return steps > 0;
}

/* Eight octets of `message` at `at` stand in every other message too; zeros would prove nothing. */
static bool is_token(const struct conversation *conversation, const struct message *message,
                     size_t at)
{
    enum { TOKEN = 8, ZEROS_MAX = 2 };
    if (message->bytes.length < at + TOKEN)
        return false;
    const uint8_t *token = message->bytes.at + at;
    size_t zeros = 0;
    for (size_t i = 0; i < TOKEN; i++)
        zeros += token[i] == 0;
    for (size_t i = 0; i < conversation->message_count; i++) {
        if (!span_holds(conversation->messages[i].bytes, token, TOKEN))
            return false;
    }
    return zeros <= ZEROS_MAX;
}

/* A call's token is in every message, here or there. */
bool viber_token_repeats(const struct conversation *conversation)
{
    const struct message *first = &conversation->messages[0];
    return is_token(conversation, first, 4) || is_token(conversation, first, 6) ||
           is_token(conversation, first, 12);
}

/* The server answers with the identifier that it was asked with. */
bool zoom_session_is_repeated(const struct conversation *conversation)
{
    enum { AT = 1, LENGTH = 18, ZEROS_MAX = 8 };
    const struct message *first = &conversation->messages[0];
    size_t zeros = 0;
    if (conversation->message_count == 0 || !fits_zoom(first))
        return false;
    for (size_t i = 0; i < LENGTH; i++)
        zeros += first->bytes.at[AT + i] == 0;
    for (size_t i = 1; i < conversation->message_count && zeros <= ZEROS_MAX; i++) {
        const struct message *answer = &conversation->messages[i];
        if (answer->from != first->from && fits_zoom(answer))
            return memcmp(answer->bytes.at + AT, first->bytes.at + AT, LENGTH) == 0;
    }
    return false;
}

/* "Silver needle in the Skype" (Biondi and Desclaux, 2006): a refusal is an identifier, kind 7 and
 * two addresses: how the asker is seen, and whom it asked. */
bool skype_names_the_responder(const struct conversation *conversation)
{
    enum { REFUSAL = 11, KIND = 7, KIND_MASK = 0x8f };
    const struct address *responder = &conversation->responder;
    for (size_t i = 0; i < conversation->message_count; i++) {
        const struct message *message = &conversation->messages[i];
        struct span addresses = {message->bytes.at + 3, REFUSAL - 3};
        if (message->wire_length == REFUSAL && message->bytes.length == REFUSAL &&
            (message->bytes.at[2] & KIND_MASK) == KIND && responder->version == 4 &&
            span_holds(addresses, responder->bytes, 4))
            return true;
    }
    return false;
}

/* Skype's identifiers are drawn at random: those of one side neither stay nor count. Functions are
 * few, so that it takes several messages to tell. */
bool skype_identifiers_jump(const struct conversation *conversation)
{
    enum { STEP_MAX = 16, JUMPS_MIN = 2 };
    size_t jumps = 0;
    int last[FLOW_DIRECTIONS] = {-1, -1};
    for (size_t i = 0; i < conversation->message_count; i++) {
        const struct message *message = &conversation->messages[i];
        struct cursor big = cursor_over(message->bytes);
        struct cursor little = big;
        int now = cursor_be16(&big);
        int before = last[message->from];
        int before_little = (before & 0xff) << 8 | before >> 8;
        if (before >= 0 && (abs(now - before) <= STEP_MAX ||
                            abs(cursor_le16(&little) - before_little) <= STEP_MAX))
            return false;
        jumps += before >= 0;
        last[message->from] = now;
    }
    return jumps >= JUMPS_MIN;
}

/* RFC 6455 §5.1: the client masks its frames, the server does not. */
bool websocket_masks_differ(const struct conversation *conversation)
{
    const struct span a = conversation->streams[TO_RESPONDER].bytes;
    const struct span b = conversation->streams[TO_INITIATOR].bytes;
    return a.length >= 2 && b.length >= 2 && ((a.at[1] ^ b.at[1]) & 0x80);
}
