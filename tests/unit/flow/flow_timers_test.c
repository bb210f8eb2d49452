/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "packets.h"

static struct bench bench;

static void due_flows_end_in_the_order_of_time_then_id(void **state)
{
    (void)state;
    bench_open_default(&bench);
    for (uint8_t i = 0; i < 20; i++) {
        give(&bench, datagram(i, 5000, "x"));
        if (i % 4 == 3)
            bench.now_ns += SECONDS(1);
    }
    struct packet syn = packet_between(TRANSPORT_TCP, 99, 5000, 200, 154);
    syn.tcp_flags = TCP_SYN; /* 30 s: due before all others, though it came last */
    give(&bench, syn);

    flow_table_expire(bench.table, bench.now_ns + SECONDS(1000));
    assert_int_equal(bench.ended_count, 21);
    assert_int_equal(bench.ended[0].flow.key.protocol, TRANSPORT_TCP);
    for (size_t i = 1; i < bench.ended_count; i++) {
        const struct ended *before = &bench.ended[i - 1], *after = &bench.ended[i];
        assert_true(before->due_ns < after->due_ns ||
                    (before->due_ns == after->due_ns && before->flow.id < after->flow.id));
        assert_int_equal(after->due_ns, after->flow.last_ns + SECONDS(60));
        assert_int_equal(after->flow.end, FLOW_IDLE);
    }
    assert_int_equal(bench.totals.flows_ended[FLOW_IDLE], 21);
    assert_int_equal(flow_table_count(bench.table), 0);
    flow_table_free(bench.table);
}

static void a_flow_that_is_due_ends_even_if_nobody_asked(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "x");
    struct flow *flow = give(&bench, packet);
    int64_t due_ns = bench.now_ns + SECONDS(60);
    packet.time_ns = due_ns + 7;
    flow = flow_table_find_or_add(bench.table, &packet, packet.time_ns);
    assert_int_equal(bench.ended_count, 1);
    assert_int_equal(bench.ended[0].due_ns, due_ns);
    assert_int_equal(bench.ended[0].flow.end, FLOW_IDLE);
    assert_int_equal(flow_packets(flow), 0);
    flow_table_free(bench.table);
}

static void drained_flows_come_by_first_packet_and_closed_ones_stay_closed(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet syn = packet_between(TRANSPORT_TCP, 1, 5000, 2, 154);
    syn.tcp_flags = TCP_SYN;
    give(&bench, syn);
    bench.now_ns += 1;
    for (uint8_t i = 10; i < 30; i++)
        give(&bench, datagram(i, 5000, "x"));
    struct packet reset = turned_round(syn);
    reset.tcp_flags = TCP_RST | TCP_ACK;
    give(&bench, reset);

    bench_close(&bench);
    assert_int_equal(bench.ended_count, 21);
    assert_int_equal(bench.ended[0].flow.end, FLOW_RESET);
    for (size_t i = 0; i < bench.ended_count; i++) {
        assert_int_equal(bench.ended[i].due_ns, INT64_MAX);
        if (i > 1)
            assert_true(bench.ended[i - 1].flow.id < bench.ended[i].flow.id);
    }
    assert_int_equal(bench.totals.flows_ended[FLOW_END_OF_INPUT], 20);
}

static void time_that_runs_backwards_moves_no_timer(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "x");
    int64_t start_ns = bench.now_ns;
    give(&bench, packet);
    packet.time_ns = start_ns - SECONDS(900);
    struct flow *flow = flow_table_find_or_add(bench.table, &packet, packet.time_ns);
    flow_table_add_packet(bench.table, flow, &packet, packet.time_ns);
    flow_table_expire(bench.table, start_ns - SECONDS(100));
    flow_table_expire(bench.table, start_ns + SECONDS(60) - 1);
    assert_int_equal(bench.ended_count, 0);
    flow_table_expire(bench.table, start_ns + SECONDS(60));
    assert_int_equal(bench.ended_count, 1);
    assert_int_equal(bench.ended[0].flow.marks, FLOW_MARK_TIME_BACKWARDS);
    assert_int_equal(bench.ended[0].flow.first_ns, start_ns - SECONDS(900));
    assert_int_equal(bench.ended[0].flow.last_ns, start_ns);
    flow_table_free(bench.table);
}

static void times_at_the_ends_of_the_scale_are_harmless(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    options.timeouts.active_ns = SECONDS(3600);
    bench_open(&bench, &options);
    static const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        bench.now_ns = times[i];
        give(&bench, datagram(1, 5000, "x"));
        flow_table_expire(bench.table, times[i]);
    }
    bench_close(&bench);
    uint64_t packets = 0;
    for (size_t i = 0; i < bench.ended_count; i++)
        packets += flow_packets(&bench.ended[i].flow);
    assert_int_equal(packets, sizeof times / sizeof times[0]);
}

static void a_long_flow_gets_records_and_keeps_its_direction(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    options.timeouts.active_ns = SECONDS(100);
    bench_open(&bench, &options);
    struct packet syn = packet_between(TRANSPORT_TCP, 1, 5000, 2, 5001);
    syn.tcp_flags = TCP_SYN;
    syn.tcp_sequence = 9;
    give(&bench, syn);
    struct packet data = turned_round(syn);
    data.tcp_flags = TCP_ACK;
    data.tcp_sequence = 70;
    data.tcp_acknowledgement = 10;
    with_payload(&data, "abcde");
    for (int i = 0; i < 25; i++) {
        bench.now_ns += SECONDS(10);
        give(&bench, data);
        data.tcp_sequence += 5;
    }
    bench_close(&bench);
    assert_int_equal(bench.ended_count, 3);
    uint64_t packets = 0;
    for (size_t i = 0; i < 3; i++) {
        const struct flow *flow = &bench.ended[i].flow;
        packets += flow_packets(flow);
        assert_int_equal(flow->initiator.port, 5000);
        assert_int_equal(flow->orientation, ORIENTED_BY_SYN);
        assert_int_equal(!!(flow->marks & FLOW_MARK_CONTINUED), i > 0);
        assert_int_equal(flow->marks & (FLOW_MARK_TCP_GAP | FLOW_MARK_MIDSTREAM), 0);
        assert_string_equal(flow->history, i == 0 ? "Sd" : "d");
        assert_int_equal(flow->end, i < 2 ? FLOW_ACTIVE_TIMEOUT : FLOW_END_OF_INPUT);
        assert_int_equal(bench.ended[i].sample.first_packet[TO_INITIATOR], 2);
        assert_memory_equal(bench.ended[i].sample.bytes[TO_INITIATOR], "abcdeabcde", 10);
    }
    assert_int_equal(packets, 26);
    assert_int_equal(bench.ended[1].flow.first_ns, SECONDS(1100));
    assert_int_equal(bench.ended[0].due_ns, SECONDS(1100));
    assert_true(bench.ended[0].flow.id != bench.ended[1].flow.id);
    assert_int_equal(bench.totals.flows_created, 3);
}

static void keep_dpi(void *context, struct flow *flow, int64_t due_ns)
{
    remember(context, flow, due_ns);
    if (flow->end != FLOW_ACTIVE_TIMEOUT)
        flow->dpi = NULL;
}

static void what_the_callback_leaves_in_dpi_goes_on_with_the_flow(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    options.timeouts.active_ns = SECONDS(10);
    bench.table = flow_table_new(&options, &bench.totals, keep_dpi, &bench);
    char memory[8];
    struct flow *flow = give(&bench, datagram(1, 5000, "x"));
    flow->dpi = (void *)memory;
    bench.now_ns += SECONDS(10);
    assert_ptr_equal(give(&bench, datagram(1, 5000, "x")), flow);
    assert_int_equal(bench.ended_count, 1);
    assert_ptr_equal(flow->dpi, memory);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_flows_end_in_the_order_of_time_then_id),
        cmocka_unit_test(a_flow_that_is_due_ends_even_if_nobody_asked),
        cmocka_unit_test(drained_flows_come_by_first_packet_and_closed_ones_stay_closed),
        cmocka_unit_test(time_that_runs_backwards_moves_no_timer),
        cmocka_unit_test(times_at_the_ends_of_the_scale_are_harmless),
        cmocka_unit_test(a_long_flow_gets_records_and_keeps_its_direction),
        cmocka_unit_test(what_the_callback_leaves_in_dpi_goes_on_with_the_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
