/* SPDX-License-Identifier: Apache-2.0
 *
 * When a TCP flow ends, and when its ports are another flow's.
 */
#include "unit.h"

#include "talk.h"

/* How many flows the words become, and how the first of them ends. */
static void a_syn_begins_another_flow_only_when_it_must(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        size_t flows;
        enum flow_end first_end;
    } table[] = {
        /* The same SYN again belongs, whatever happened. */
        {">S >S0", 1, FLOW_END_OF_INPUT},
        {">S <RA >S0 <RA", 1, FLOW_RESET},
        {">S <SA >A >PA:x >S0", 1, FLOW_END_OF_INPUT},
        {">S <SA >A >FA <FA >A >S0", 1, FLOW_CLOSED},
        {">S <SA >A >PA:x <SA0", 1, FLOW_END_OF_INPUT},
        /* Another number on an attempt that got nowhere belongs. */
        {">S >S7000", 1, FLOW_END_OF_INPUT},
        {">S <SA >S7000 <SA9000", 1, FLOW_END_OF_INPUT},
        /* Another number on what went on, was closed or reset is another connection. */
        {">S <RA >S7000", 2, FLOW_REUSED},
        {">S <SA >A >S7000", 2, FLOW_REUSED},
        {">S <SA >A >FA <FA >A >S7000 <SA9000", 2, FLOW_REUSED},
        {">S <SA >A >FA <FA >A <SA9000", 2, FLOW_REUSED},
        /* Midstream: the SYN just below the first byte is its own, come late. */
        {">PA1:x >S0 <SA", 1, FLOW_END_OF_INPUT},
        {">PA1:x >S7000", 2, FLOW_REUSED},
        {"<PA1:x >S", 2, FLOW_REUSED},
        {">S >A1 <SA", 1, FLOW_END_OF_INPUT},
        {"<R >S", 2, FLOW_REUSED},
        {">S >R <SA", 1, FLOW_RESET},
        /* What is not a plain SYN never begins a flow. */
        {">PA1:x >SF7000", 1, FLOW_END_OF_INPUT},
        /* Idle for too long: the ports are the same, the flow is not. */
        {">S !!!>S", 2, FLOW_IDLE},
        {">S <SA >A >FA <FA !>A", 2, FLOW_CLOSED},
        {">S <RA !>S0", 2, FLOW_RESET},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        static struct bench bench;
        after(&bench, table[i].words);
        if (bench.ended_count == table[i].flows && bench.ended[0].flow.end == table[i].first_end)
            continue;
        wrong++;
        print_error("'%s': %zu flows, the first %s\n", table[i].words, bench.ended_count,
                    flow_end_name(bench.ended[0].flow.end));
    }
    assert_int_equal(wrong, 0);
}

static void the_new_flow_may_open_the_other_way_round(void **state)
{
    (void)state;
    static struct bench bench;
    after(&bench, ">S <SA >A >FA <FA >A <S9000 >SA7000 <A");
    assert_int_equal(bench.ended_count, 2);
    assert_int_equal(bench.ended[0].flow.initiator.port, CLIENT_PORT);
    assert_int_equal(bench.ended[1].flow.initiator.port, SERVER_PORT);
    assert_string_equal(bench.ended[1].flow.history, "ShA");
    assert_int_not_equal(bench.ended[0].flow.id, bench.ended[1].flow.id);
}

static void half_open_closed_and_established_flows_rest_for_their_own_time(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t rest_s;
        enum flow_end end;
    } table[] = {
        {">S", 30, FLOW_IDLE},
        {">S <SA", 30, FLOW_IDLE},
        {">FPU", 30, FLOW_IDLE},
        {">S <SA >A", 300, FLOW_IDLE},
        {">PA:x", 300, FLOW_IDLE},
        {">S <SA >A >FA", 300, FLOW_IDLE},
        {">S <SA >A >FA <FA", 5, FLOW_CLOSED},
        {">S <RA", 5, FLOW_RESET},
        {">S <SA >A >R", 5, FLOW_RESET},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        static struct bench bench;
        struct flow_table_options options = bench_options(&bench);
        bench_open(&bench, &options);
        struct talk talk = talk_on(&bench);
        say_all(&talk, table[i].words);
        int64_t due_ns = bench.now_ns + SECONDS(table[i].rest_s);
        flow_table_expire(bench.table, due_ns - 1);
        assert_int_equal(bench.ended_count, 0);
        flow_table_expire(bench.table, due_ns);
        assert_int_equal(bench.ended_count, 1);
        assert_int_equal(bench.ended[0].due_ns, due_ns);
        assert_int_equal(bench.ended[0].flow.end, table[i].end);
        flow_table_free(bench.table);
    }
}

static void stragglers_still_count(void **state)
{
    (void)state;
    static struct bench bench;
    struct ended *ended = after(&bench, ">S <SA >A >FA <FA >A <PA:late >R");
    assert_int_equal(bench.ended_count, 1);
    assert_int_equal(flow_packets(&ended->flow), 8);
    assert_int_equal(ended->flow.state, CONN_SF);
    assert_int_equal(ended->flow.end, FLOW_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn_begins_another_flow_only_when_it_must),
        cmocka_unit_test(the_new_flow_may_open_the_other_way_round),
        cmocka_unit_test(half_open_closed_and_established_flows_rest_for_their_own_time),
        cmocka_unit_test(stragglers_still_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
