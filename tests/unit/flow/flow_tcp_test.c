/* SPDX-License-Identifier: Apache-2.0
 *
 * TCP conversations written as words, and what Zeek would say of them. A word is a direction and
 * flags, then, where it matters, the sequence number and the payload:
 *     >S   the client sends a SYN        <SA  the server answers       >PA100:hello   data
 * A number is relative to the initial one of its side (100,000 and 500,000); without one it goes on
 * where the side stopped. "!" in front of a word waits ten seconds.
 */
#include "unit.h"

#include "packets.h"

#include <stdbool.h>
#include <stdlib.h>

struct talk {
    struct bench *bench;
    uint32_t next[2]; /* by sender */
    uint32_t initial[2];
};

static uint8_t flag_of(char letter)
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
static struct flow *say(struct talk *talk, const char *word)
{
    if (*word == '!') {
        talk->bench->now_ns += SECONDS(10);
        word++;
    }
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

static void say_all(struct talk *talk, const char *words)
{
    char word[256];
    while (*words) {
        size_t length = strcspn(words, " ");
        assert_true(length < sizeof word);
        memcpy(word, words, length);
        word[length] = '\0';
        say(talk, word);
        words += length;
        words += strspn(words, " ");
    }
}

static struct talk talk_on(struct bench *bench)
{
    return (struct talk){.bench = bench, .next = {100000, 500000}, .initial = {100000, 500000}};
}

/* What one conversation ends as. */
struct expected {
    const char *words;
    const char *state;
    const char *history;
    enum flow_end end;
};

/* Says what differs and returns false. */
static bool is_as_expected(const struct expected *expected)
{
    static struct bench bench;
    struct flow_table_options options = bench_options(&bench);
    bench_open(&bench, &options);
    struct talk talk = talk_on(&bench);
    say_all(&talk, expected->words);
    const struct flow *flow = &bench_close(&bench)->flow;

    const char *state = connection_state_name(flow->state);
    bool is_right = bench.ended_count == 1 && flow->end == expected->end &&
                    strcmp(state, expected->state) == 0 &&
                    strcmp(flow->history, expected->history) == 0;
    if (!is_right)
        print_error("'%s': %zu flows, %s %s %s, expected %s %s %s\n", expected->words,
                    bench.ended_count, state, flow->history, flow_end_name(flow->end),
                    expected->state, expected->history, flow_end_name(expected->end));
    return is_right;
}

static void every_ending_has_its_state_and_history(void **state)
{
    (void)state;
    static const struct expected table[] = {
        {">S", "S0", "S", FLOW_END_OF_INPUT},
        {">S !>S0 !>S0", "S0", "S", FLOW_END_OF_INPUT},
        {">S <RA", "REJ", "Sr", FLOW_RESET},
        {">S <SA", "S1", "Sh", FLOW_END_OF_INPUT},
        {">S <SA >A", "S1", "ShA", FLOW_END_OF_INPUT},
        {">S <SA >A >PA:hello <A <PA:hi >A", "S1", "ShADad", FLOW_END_OF_INPUT},
        {">S <SA >A >PA:q <A <PA:a >FA <FA >A", "SF", "ShADadFf", FLOW_CLOSED},
        {">S <SA >A >FA <A", "S2", "ShAFa", FLOW_END_OF_INPUT},
        {">S <SA >A <FA >A", "S3", "ShAf", FLOW_END_OF_INPUT},
        {">S <SA >A >PA:x >R", "RSTO", "ShADR", FLOW_RESET},
        {">S <SA >A >PA:x <R", "RSTR", "ShADr", FLOW_RESET},
        {">S <SA >R", "RSTO", "ShR", FLOW_RESET},
        {">S >R", "RSTOS0", "SR", FLOW_RESET},
        {">S >A >R", "OTH", "SAR", FLOW_RESET},
        {"<SA <R", "RSTRH", "^hr", FLOW_RESET},
        {"<SA <FA", "SHR", "^hf", FLOW_END_OF_INPUT},
        {"<SA", "OTH", "^h", FLOW_END_OF_INPUT},
        {"<SA >R", "RSTO", "^hR", FLOW_RESET},
        {">S >F", "SH", "SF", FLOW_END_OF_INPUT},
        {">PA:x <A", "OTH", "Da", FLOW_END_OF_INPUT},
        {"<PA:x >A", "OTH", "^dA", FLOW_END_OF_INPUT},
        {">A >FA <FA", "SF", "AFf", FLOW_CLOSED},
        {">FPU", "SH", "F", FLOW_END_OF_INPUT},
        {">", "OTH", "", FLOW_END_OF_INPUT},
        {"<R", "RSTRH", "^r", FLOW_RESET},
        {">R", "OTH", "R", FLOW_RESET},
        {">S <SA >A >FA >R <FA", "SF", "ShAFRf", FLOW_CLOSED},
        {">S <SA >A >FA <FA >R", "SF", "ShAFfR", FLOW_CLOSED},
        {">S <SA >A <R >R", "REJ", "ShArR", FLOW_RESET},
        {">SF", "SH", "Q", FLOW_END_OF_INPUT},
        {">FR", "OTH", "I", FLOW_RESET},
        {">S <S <SA0 >SA0", "S1", "Ss", FLOW_END_OF_INPUT},
        {"<SA >S >A", "S1", "^hSA", FLOW_END_OF_INPUT},
        {">S >A <SA", "S1", "SAh", FLOW_END_OF_INPUT},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        wrong += !is_as_expected(&table[i]);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ending_has_its_state_and_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
