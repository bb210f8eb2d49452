/* SPDX-License-Identifier: Apache-2.0
 *
 * What Zeek would say of TCP conversations.
 */
#include "unit.h"

#include "talk.h"

#include <stdio.h>

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
    bench_open_default(&bench);
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

static void repeated_events_are_written_the_first_tenth_and_hundredth_time(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct talk talk = talk_on(&bench);
    say_all(&talk, ">S <SA >A >PA:x");
    for (int i = 0; i < 99; i++)
        say(&talk, ">PA1:x");
    assert_string_equal(say(&talk, "<A")->history, "ShADTTa");
    say(&talk, ">PA1:x");
    for (int i = 0; i < 10; i++)
        say(&talk, "<AZ");
    assert_string_equal(say(&talk, ">A")->history, "ShADTTaTww");
    bench_close(&bench);
}

static void a_history_that_is_full_stays_whole(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct talk talk = talk_on(&bench);
    for (int i = 0; i < 50; i++) {
        char word[16];
        snprintf(word, sizeof word, ">S%d", i);
        say(&talk, word);
    }
    const struct flow *flow = &bench_close(&bench)->flow;
    assert_int_equal(bench.ended_count, 1);
    assert_int_equal(strlen(flow->history), FLOW_HISTORY_SIZE - 1);
    assert_int_equal(flow->sides[TO_RESPONDER].packets, 50);
}

static void gaps_retransmissions_and_windows_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        const char *history;
        bool has_gap;
    } table[] = {
        {">S <SA >A >PA:abc >PA1:abc <A", "ShADTa", false},
        /* Out of order, then filled: the network's affair. */
        {">S <SA >A >PA4:def >PA1:abc <A", "ShADa", false},
        /* Acknowledged without having been seen. */
        {">S <SA >A >PA:abc >PA104:def <A", "ShADaG", true},
        /* Nobody acknowledged, but it never came. */
        {">S <SA >A >PA:abc >PA104:def", "ShAD", true},
        /* Lost in the network and sent again before the acknowledgement. */
        {">S <SA >A >PA:abc >PA7:ghi >PA4:def <A", "ShADa", false},
        /* Sent again in part: the rest is missing, and a second copy does not stand in for it. */
        {">S <SA >A >PA:abc >PA7:ghi >PA4:d <A", "ShADaG", true},
        {">S <SA >A >PA:abc >PA7:ghi >PA4:d >PA4:d >PA4:d <A", "ShADTaG", true},
        /* Sent again with more than before: new. */
        {">S <SA >A >PA:abc >PA1:abcdef <A", "ShADa", false},
        /* A keep-alive probe repeats a byte. */
        {">S <SA >A >PA:abc <A >A3:c", "ShADaT", false},
        /* Only one side was captured. */
        {"<A <PA:abc <PA:def", "^ad", false},
        {">S <SA >A >FA <AZ <PAZ:x", "ShAFad", false},
        {">S <SAZ >A", "ShwA", false},
        {">S <SA >A <RZ", "ShAr", false},
        /* The FIN was not captured: no payload is missing. */
        {">S <SA >A >PA:abc >A5 <A", "ShADa", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        static struct bench bench;
        const struct flow *flow = &after(&bench, table[i].words)->flow;
        assert_string_equal(flow->history, table[i].history);
        assert_int_equal(!!(flow->marks & FLOW_MARK_TCP_GAP), table[i].has_gap);
    }
}

static void sequence_numbers_run_round_the_circle(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct talk talk = talk_on(&bench);
    talk.initial[0] = talk.next[0] = UINT32_MAX - 3;
    talk.initial[1] = talk.next[1] = UINT32_MAX;
    say_all(&talk, ">S <SA >A >PA:abcdef >PA10:jkl >PA7:ghi <A <PA:hello >PA1:abcdef >FA <FA");
    struct ended *ended = bench_close(&bench);
    assert_string_equal(ended->flow.history, "ShADadTFf");
    assert_int_equal(ended->flow.state, CONN_SF);
    assert_int_equal(ended->flow.marks & FLOW_MARK_TCP_GAP, 0);
    assert_int_equal(ended->flow.sides[TO_RESPONDER].tcp_next, 10);
    assert_int_equal(ended->sample.length[TO_RESPONDER], 12);
    assert_memory_equal(ended->sample.bytes[TO_RESPONDER], "abcdefghijkl", 12);
    assert_memory_equal(ended->sample.bytes[TO_INITIATOR], "hello", 5);
}

static void an_attempt_with_other_numbers_starts_its_bytes_anew(void **state)
{
    (void)state;
    static struct bench bench;
    struct ended *ended = after(&bench, ">S:early >S7000:late <SA >A7005 >PA7005:r");
    assert_string_equal(ended->flow.history, "SShAD");
    assert_int_equal(ended->flow.marks, 0);
    assert_int_equal(ended->sample.length[TO_RESPONDER], 5);
    assert_memory_equal(ended->sample.bytes[TO_RESPONDER], "later", 5);
    assert_int_equal(ended->sample.first_packet[TO_RESPONDER], 2);
}

static void four_gigabytes_later_the_same_numbers_are_other_bytes(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct packet packet = packet_between(TRANSPORT_TCP, 1, CLIENT_PORT, 2, SERVER_PORT);
    packet.tcp_flags = TCP_ACK;
    packet.tcp_sequence = 1;
    with_payload(&packet, "head");
    give(&bench, packet);
    packet.tcp_sequence += 4;
    packet.payload.length = 0; /* cut by the snaplen, 1 GiB each */
    packet.payload_length = UINT32_C(1) << 30;
    for (int i = 0; i < 4; i++, packet.tcp_sequence += UINT32_C(1) << 30)
        give(&bench, packet);
    with_payload(&packet, "tail");
    struct flow *flow = give(&bench, packet);
    assert_int_equal(packet.tcp_sequence, 5);
    assert_int_equal(flow->sample->length[TO_RESPONDER], 4);
    bench_close(&bench);
}

static void bytes_acknowledged_but_never_captured_are_a_gap(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct talk talk = talk_on(&bench);
    say_all(&talk, ">S <SA >A >PA:abc <A");
    talk.next[0] += 500;
    /* One acknowledgement may have overtaken its data, two have not. */
    assert_string_equal(say(&talk, "<A")->history, "ShADa");
    assert_string_equal(say(&talk, "<A")->history, "ShADaG");
    /* Further than any window: not an acknowledgement of this connection. */
    talk.next[0] += (UINT32_C(1) << 30) + 1;
    say(&talk, "<A");
    say(&talk, "<A");
    assert_int_equal(say(&talk, "<A")->sides[TO_RESPONDER].tcp_next, talk.initial[0] + 504);
    assert_true(bench_close(&bench)->flow.marks & FLOW_MARK_TCP_GAP);
}

static uint64_t missed_after(const char *words, uint32_t unseen)
{
    static struct bench bench;
    bench_open_default(&bench);
    struct talk talk = talk_on(&bench);
    say_all(&talk, words);
    talk.next[0] += unseen;
    say_all(&talk, "<A <A");
    const struct flow *flow = &bench_close(&bench)->flow;
    assert_int_equal(flow->sides[TO_INITIATOR].missed_bytes, 0);
    assert_int_equal(flow->sides[TO_RESPONDER].missed_bytes, bench.totals.tcp.missed_bytes);
    return bench.totals.tcp.missed_bytes;
}

static void what_was_acknowledged_and_never_seen_is_counted_once(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        uint32_t unseen; /* bytes of the client behind them, acknowledged twice */
        uint64_t missed;
    } table[] = {
        {">S <SA >A >PA:abc", 0, 0},
        {">S <SA >A >PA:abc", 1, 0}, /* a FIN */
        {">S <SA >A >PA:abc", 2, 2},
        {">S <SA >A >PA:abc", UINT32_C(1) << 30, UINT32_C(1) << 30},
        {">S <SA >A >PA:abc", (UINT32_C(1) << 30) + 1, 0}, /* no window is so large */
        {">S <SA >A >PA:abc >PA104:def", 0, 100},
        {">S <SA >A >PA:abc >PA104:def >PA204:ghi", 0, 197},
        /* Lost in the network, sent again: in part, in whole, more than once. */
        {">S <SA >A >PA:abc >PA7:ghi >PA4:d", 0, 2},
        {">S <SA >A >PA:abc >PA7:ghi >PA4:def", 0, 0},
        {">S <SA >A >PA:abc >PA7:ghi >PA4:d >PA4:d", 0, 2},
        /* Begun in the middle: what was before it is not missed. */
        {">PA:abc", 0, 0},
        {"<A >PA:abc", 0, 0},
        {"<PA:x >A", 0, 0},
        {">PA:abc", 10, 10},
        /* Only the receiver was captured. */
        {"<A <A <A", 5000, 0},
        /* Keep-alives (RFC 9293 §3.8.4), with and without a byte, and probes of a closed window. */
        {">S <SA >A >PA:abc <A >A3:c <A >A3 <A", 0, 0},
        {">S <SA >A >PA:abc <AZ >A:d <AZ >A4:d <AZ >PA4:def", 0, 0},
        /* A reset's acknowledgement is whatever its sender had at hand. */
        {">S <SA >A >PA:abc >PA104:def <RA", 0, 100},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint64_t missed = missed_after(table[i].words, table[i].unseen);
        if (missed != table[i].missed)
            fail_msg("'%s' + %u: %llu missed, expected %llu", table[i].words, table[i].unseen,
                     (unsigned long long)missed, (unsigned long long)table[i].missed);
    }
}

static void what_is_missed_runs_round_the_circle(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct talk talk = talk_on(&bench);
    talk.initial[0] = talk.next[0] = UINT32_MAX - 5;
    say_all(&talk, ">S <SA >A >PA:abc >PA10:jkl <A");
    assert_int_equal(bench_close(&bench)->flow.sides[TO_RESPONDER].missed_bytes, 6);
    assert_int_equal(bench.totals.tcp.gaps, 1);
    assert_int_equal(bench.totals.tcp.payload_bytes, 6);
    assert_true(totals_missed_part(&bench.totals) > 0.49 &&
                totals_missed_part(&bench.totals) < 0.51);
}

static void fragments_do_not_say_what_is_missing(void **state)
{
    (void)state;
    static struct bench bench;
    bench_open_default(&bench);
    struct packet packet = packet_between(TRANSPORT_TCP, 1, CLIENT_PORT, 2, SERVER_PORT);
    packet.tcp_flags = TCP_ACK;
    packet.tcp_sequence = 1;
    packet.marks = PACKET_FRAGMENT;
    with_payload(&packet, "first");
    give(&bench, packet);
    packet.marks = 0;
    packet.tcp_sequence = 1001;
    give(&bench, packet);
    struct packet answer =
        turned_round(packet_between(TRANSPORT_TCP, 1, CLIENT_PORT, 2, SERVER_PORT));
    answer.tcp_flags = TCP_ACK;
    answer.tcp_acknowledgement = 1006;
    give(&bench, answer);
    const struct flow *flow = &bench_close(&bench)->flow;
    assert_true(flow->marks & FLOW_MARK_TCP_GAP);
    assert_int_equal(flow->sides[TO_RESPONDER].missed_bytes, 0);
    assert_int_equal(bench.totals.tcp.missed_bytes, 0);
}

static void only_what_begins_without_its_syn_is_midstream(void **state)
{
    (void)state;
    static struct bench bench;
    assert_true(after(&bench, ">PA:x")->flow.marks & FLOW_MARK_MIDSTREAM);
    assert_true(after(&bench, "<R")->flow.marks & FLOW_MARK_MIDSTREAM);
    assert_false(after(&bench, ">S")->flow.marks & FLOW_MARK_MIDSTREAM);
    assert_false(after(&bench, "<SA >A")->flow.marks & FLOW_MARK_MIDSTREAM);
    assert_false(after(&bench, ">PA1:x >S0")->flow.marks & FLOW_MARK_MIDSTREAM);
    assert_true(after(&bench, ">PA1:x >SF0")->flow.marks & FLOW_MARK_MIDSTREAM);
    assert_false(after(&bench, ">SF")->flow.marks & FLOW_MARK_MIDSTREAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ending_has_its_state_and_history),
        cmocka_unit_test(repeated_events_are_written_the_first_tenth_and_hundredth_time),
        cmocka_unit_test(a_history_that_is_full_stays_whole),
        cmocka_unit_test(gaps_retransmissions_and_windows_are_told_apart),
        cmocka_unit_test(sequence_numbers_run_round_the_circle),
        cmocka_unit_test(an_attempt_with_other_numbers_starts_its_bytes_anew),
        cmocka_unit_test(four_gigabytes_later_the_same_numbers_are_other_bytes),
        cmocka_unit_test(bytes_acknowledged_but_never_captured_are_a_gap),
        cmocka_unit_test(what_was_acknowledged_and_never_seen_is_counted_once),
        cmocka_unit_test(what_is_missed_runs_round_the_circle),
        cmocka_unit_test(fragments_do_not_say_what_is_missing),
        cmocka_unit_test(only_what_begins_without_its_syn_is_midstream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
