/* SPDX-License-Identifier: Apache-2.0
 *
 * TCP conversations written as words. A word is a direction and flags, then, where it matters, the
 * sequence number and the payload:
 *     >S   the client sends a SYN        <SA  the server answers       >PA100:hello   data
 * A number is relative to the initial one of its side (100,000 and 500,000); without one it goes on
 * where the side stopped. Each "!" in front of a word waits ten seconds; Z is a window of zero.
 */
#ifndef PORTSCOPE_TESTS_FLOW_TALK_H
#define PORTSCOPE_TESTS_FLOW_TALK_H

#include "packets.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

struct talk {
    struct bench *bench;
    uint32_t next[2]; /* by sender */
    uint32_t initial[2];
};

static inline uint8_t flag_of(char letter)
{
    static const struct {
        char letter;
        uint8_t flag;
    } flags[] = {{'S', TCP_SYN}, {'A', TCP_ACK}, {'F', TCP_FIN},
                 {'R', TCP_RST}, {'P', TCP_PSH}, {'U', TCP_URG}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (flags[i].letter == letter)
            return flags[i].flag;
    }
    return 0;
}

/* Gives one word to the table; returns its flow. */
static inline struct flow *say(struct talk *talk, const char *word)
{
    for (; *word == '!'; word++)
        talk->bench->now_ns += SECONDS(10);
    bool from_server = *word++ == '<';
    struct packet packet = packet_between(TRANSPORT_TCP, 1, CLIENT_PORT, 2, SERVER_PORT);
    if (from_server)
        packet = turned_round(packet);
    for (; flag_of(*word); word++)
        packet.tcp_flags |= flag_of(*word);
    if (*word == 'Z') {
        packet.tcp_window = 0;
        word++;
    }
    uint32_t *next = &talk->next[from_server];
    char *end;
    long relative = strtol(word, &end, 10);
    packet.tcp_sequence = end != word ? talk->initial[from_server] + (uint32_t)relative : *next;
    packet.tcp_acknowledgement = packet.tcp_flags & TCP_ACK ? talk->next[!from_server] : 0;
    if (*end == ':')
        with_payload(&packet, end + 1);

    uint32_t after = packet.tcp_sequence + packet.payload_length + !!(packet.tcp_flags & TCP_SYN) +
                     !!(packet.tcp_flags & TCP_FIN);
    if ((int32_t)(after - *next) > 0)
        *next = after;
    talk->bench->now_ns += NS_PER_MS;
    return give(talk->bench, packet);
}

static inline void say_all(struct talk *talk, const char *words)
{
    char word[256];
    while (*words) {
        size_t length = strcspn(words, " ");
        assert(length < sizeof word);
        memcpy(word, words, length);
        word[length] = '\0';
        say(talk, word);
        words += length;
        words += strspn(words, " ");
    }
}

static inline struct talk talk_on(struct bench *bench)
{
    return (struct talk){.bench = bench, .next = {100000, 500000}, .initial = {100000, 500000}};
}

/* What the words end as; the last flow when they are several. */
static inline struct ended *after(struct bench *bench, const char *words)
{
    bench_open_default(bench);
    struct talk talk = talk_on(bench);
    say_all(&talk, words);
    return bench_close(bench);
}

#endif
