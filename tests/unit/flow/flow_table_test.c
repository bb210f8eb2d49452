/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "packets.h"

static struct bench bench;

static void both_directions_are_one_flow(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "ask");
    struct flow *flow = give(&bench, packet);
    assert_ptr_equal(give(&bench, turned_round(packet)), flow);
    assert_int_equal(flow_table_count(bench.table), 1);
    const struct flow *ended = &bench_close(&bench)->flow;
    assert_int_equal(ended->sides[TO_RESPONDER].payload_bytes, 3);
    assert_int_equal(ended->sides[TO_INITIATOR].packets, 1);
    assert_int_equal(ended->state, CONN_SF);
    assert_string_equal(ended->history, "Dd");
    assert_int_equal(ended->end, FLOW_END_OF_INPUT);
}

static void vlan_tunnel_and_protocol_tell_flows_apart(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "x");
    give(&bench, packet);
    packet.vlan_count = 1;
    packet.vlans[0] = 7;
    give(&bench, packet);
    packet.tunnel = (struct tunnel){TUNNEL_VXLAN, 5, 1};
    give(&bench, packet);
    packet.protocol = TRANSPORT_SCTP;
    give(&bench, packet);
    assert_int_equal(flow_table_count(bench.table), 4);
    bench_close(&bench);
}

static void a_host_that_talks_to_itself_is_one_flow(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = packet_between(TRANSPORT_TCP, 1, 154, 1, 154);
    packet.destination = packet.source;
    packet.tcp_flags = TCP_SYN;
    give(&bench, packet);
    give(&bench, packet);
    assert_int_equal(bench_close(&bench)->flow.sides[TO_RESPONDER].packets, 2);
    assert_int_equal(bench.ended_count, 1);
}

static void the_initiator_is_found_by_syn_then_watched_port_then_first_packet(void **state)
{
    (void)state;
    static const struct {
        uint8_t protocol, flags;
        uint16_t source_port, destination_port;
        bool source_initiates;
        enum orientation orientation;
        const char *history;
    } table[] = {
        {TRANSPORT_TCP, TCP_SYN, 5000, 154, true, ORIENTED_BY_SYN, "S"},
        {TRANSPORT_TCP, TCP_SYN, 154, 5000, true, ORIENTED_BY_SYN, "S"},
        {TRANSPORT_TCP, TCP_SYN | TCP_ACK, 5000, 154, false, ORIENTED_BY_SYN, "^h"},
        {TRANSPORT_TCP, TCP_ACK, 5000, 154, true, ORIENTED_BY_WATCHED_PORT, "A"},
        {TRANSPORT_TCP, TCP_ACK, 154, 5000, false, ORIENTED_BY_WATCHED_PORT, "^a"},
        {TRANSPORT_TCP, TCP_ACK, 80, 5000, true, ORIENTED_BY_FIRST_PACKET, "A"},
        {TRANSPORT_TCP, TCP_ACK, 154, 395, true, ORIENTED_BY_FIRST_PACKET, "A"},
        {TRANSPORT_UDP, 0, 154, 5000, false, ORIENTED_BY_WATCHED_PORT, "^d"},
        {TRANSPORT_UDP, 0, 5000, 5001, true, ORIENTED_BY_FIRST_PACKET, "D"},
        {TRANSPORT_ICMP, 0, 0, 0, true, ORIENTED_BY_FIRST_PACKET, ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        bench_open_default(&bench);
        struct packet packet = packet_between(table[i].protocol, 1, table[i].source_port, 2,
                                              table[i].destination_port);
        packet.tcp_flags = table[i].flags;
        packet.has_ports = table[i].protocol != TRANSPORT_ICMP;
        give(&bench, packet);
        const struct flow *flow = &bench_close(&bench)->flow;
        assert_int_equal(flow->orientation, table[i].orientation);
        assert_int_equal(flow_direction_of(flow, &packet) == TO_RESPONDER,
                         table[i].source_initiates);
        assert_string_equal(flow->history, table[i].history);
        assert_int_equal(flow->is_watched,
                         table[i].source_port == 154 || table[i].destination_port == 154);
    }
}

static void datagrams_have_the_states_of_zeek(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "x");
    give(&bench, packet);
    assert_int_equal(bench_close(&bench)->flow.state, CONN_S0);

    bench_open_default(&bench);
    give(&bench, turned_round(packet));
    assert_int_equal(bench_close(&bench)->flow.state, CONN_SHR);

    bench_open_default(&bench);
    packet.protocol = TRANSPORT_ICMP;
    give(&bench, packet);
    assert_int_equal(bench_close(&bench)->flow.state, CONN_OTH);
}

static void a_client_of_udp_speaks_up_after_a_second_of_silence(void **state)
{
    (void)state;
    const int64_t begin_ns = SECONDS(1000);
    struct packet packet = datagram(1, 5000, "x");
    bench_open_default(&bench);
    give(&bench, packet);
    bench.now_ns = begin_ns + SECONDS(0.999);
    give(&bench, packet);
    bench.now_ns += SECONDS(30);
    give(&bench, turned_round(packet)); /* the server does not count */
    assert_int_equal(give(&bench, packet)->beat_count, 1);
    bench.now_ns += SECONDS(1);
    const struct flow *flow = give(&bench, packet);
    assert_int_equal(flow->beat_count, 2);
    assert_int_equal(flow->beats_ms[0], 30999);
    assert_int_equal(flow->beats_ms[1], 31999);
    for (unsigned i = 0; i < 20; i++) {
        bench.now_ns += SECONDS(10);
        give(&bench, packet);
    }
    flow = &bench_close(&bench)->flow;
    assert_int_equal(flow->beat_count, 22);
    assert_int_equal(flow->beats_ms[21 % FLOW_BEATS], 231999);
}

static void sides_keep_sizes_times_and_hops(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "12345");
    packet.ttl = 60;
    give(&bench, packet);
    bench.now_ns += SECONDS(2);
    packet.ttl = 55;
    give(&bench, packet);
    packet.ttl = 62;
    packet.payload_length = 0;
    packet.payload.length = 0;
    give(&bench, packet);
    const struct flow *flow = &bench_close(&bench)->flow;
    const struct flow_side *side = &flow->sides[TO_RESPONDER];
    assert_int_equal(side->packets, 3);
    assert_int_equal(side->payload_packets, 2);
    assert_int_equal(side->payload_bytes, 10);
    assert_int_equal(side->ip_bytes, 135);
    assert_int_equal(side->wire_bytes, 177);
    assert_int_equal(side->ttl_min, 55);
    assert_int_equal(side->ttl_max, 62);
    assert_int_equal(side->last_ns - side->first_ns, SECONDS(2));
    assert_int_equal(flow->last_ns - flow->first_ns, SECONDS(2));
}

static void marks_of_packets_become_marks_of_the_flow(void **state)
{
    (void)state;
    static const struct {
        uint32_t packet, flow;
    } table[] = {
        {PACKET_TRUNCATED, FLOW_MARK_TRUNCATED},
        {PACKET_FRAGMENT | PACKET_FRAGMENT_OVERLAP,
         FLOW_MARK_FRAGMENTS | FLOW_MARK_FRAGMENT_OVERLAP},
        {PACKET_TINY_FRAGMENT, FLOW_MARK_TINY_FRAGMENT},
        {PACKET_BAD_LENGTH, FLOW_MARK_BAD_LENGTH},
        {PACKET_BAD_TCP_HEADER, FLOW_MARK_BAD_TCP_HEADER},
        {PACKET_FRAGMENT_ORPHAN, FLOW_MARK_FRAGMENT_ORPHAN},
        {PACKET_LENGTH_ZERO, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        bench_open_default(&bench);
        struct packet packet = datagram(1, 5000, "x");
        packet.marks = table[i].packet;
        give(&bench, packet);
        packet.marks = 0;
        give(&bench, packet);
        assert_int_equal(bench_close(&bench)->flow.marks, table[i].flow);
    }
}

static void a_packet_without_its_header_counts_and_says_nothing(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = packet_between(TRANSPORT_TCP, 1, 5000, 2, 154);
    packet.tcp_flags = TCP_ACK;
    packet.tcp_sequence = 77;
    with_payload(&packet, "abc");
    give(&bench, packet);
    packet.is_headless = true;
    packet.tcp_flags = 0;
    packet.tcp_sequence = 0;
    packet.tcp_window = 0;
    give(&bench, packet);
    struct ended *ended = bench_close(&bench);
    assert_string_equal(ended->flow.history, "D");
    assert_int_equal(ended->flow.sides[TO_RESPONDER].payload_bytes, 6);
    assert_int_equal(ended->sample.length[TO_RESPONDER], 3);
    assert_int_equal(ended->flow.marks, FLOW_MARK_MIDSTREAM);
}

static void a_full_table_evicts_the_flow_idle_the_longest(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    options.max_flows = 8;
    bench_open(&bench, &options);
    for (uint8_t i = 0; i < 8; i++) {
        bench.now_ns += NS_PER_MS;
        give(&bench, datagram(i, 5000, "x"));
    }
    give(&bench, datagram(0, 5000, "again")); /* now 1 is idle the longest */
    bench.now_ns += NS_PER_MS;
    give(&bench, datagram(100, 5000, "x"));
    assert_int_equal(bench.ended_count, 1);
    const struct ended *evicted = &bench.ended[0];
    assert_int_equal(evicted->flow.initiator.address.bytes[3], 1);
    assert_int_equal(evicted->flow.end, FLOW_EVICTED);
    assert_int_equal(evicted->flow.marks, FLOW_MARK_EVICTED);
    assert_int_equal(evicted->due_ns, bench.now_ns);
    assert_int_equal(bench.totals.limits_hit[LIMIT_MAX_FLOWS], 1);
    assert_int_equal(bench.totals.limit_values[LIMIT_MAX_FLOWS], 8);
    assert_int_equal(flow_table_count(bench.table), 8);
    bench_close(&bench);
    assert_int_equal(bench.totals.flows_created, 9);
}

static void samples_run_out_are_counted_and_come_back(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    options.max_samples = 2;
    bench_open(&bench, &options);
    for (uint8_t i = 0; i < 4; i++) {
        give(&bench, datagram(i, 5000, "first"));
        give(&bench, datagram(i, 5000, "second"));
    }
    assert_int_equal(bench.totals.limits_hit[LIMIT_SAMPLES], 2);
    flow_table_drain(bench.table, FLOW_END_OF_INPUT);
    for (size_t i = 0; i < 4; i++) {
        const struct flow *flow = &bench.ended[i].flow;
        assert_int_equal(!flow->sample, !!(flow->marks & FLOW_MARK_NO_SAMPLE));
        if (flow->sample)
            assert_memory_equal(flow->sample->bytes[TO_RESPONDER], "firstsecond", 11);
    }
    struct flow *flow = give(&bench, datagram(9, 5000, "new"));
    assert_non_null(flow->sample);
    assert_int_equal(flow->sample->length[TO_RESPONDER], 3);
    assert_int_equal(flow->sample->message_count, 1);
    bench_close(&bench);
}

static void a_flow_without_payload_needs_no_sample(void **state)
{
    (void)state;
    bench_open_default(&bench);
    struct packet packet = datagram(1, 5000, "");
    assert_null(give(&bench, packet)->sample);
    bench_close(&bench);
}

static void ids_are_the_same_on_every_run_and_fit_a_double(void **state)
{
    (void)state;
    uint64_t first = 0;
    for (uint64_t run = 0; run < 3; run++) {
        struct flow_table_options options = bench_options(&bench);
        options.key.words[0] = run;
        bench_open(&bench, &options);
        uint64_t id = give(&bench, datagram(1, 5000, "x"))->id;
        assert_true(id > 0 && id < UINT64_C(1) << 53);
        first = run == 0 ? id : first;
        assert_int_equal(id, first);
        assert_int_not_equal(give(&bench, datagram(2, 5000, "x"))->id, id);
        bench_close(&bench);
    }
}

/* Who knows the key can fill a chain; it is cut, not walked. */
static void a_chain_that_is_too_long_is_cut_and_counted(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    bench_open(&bench, &options);
    unsigned given = 0;
    for (uint32_t port = 1; port < 60000 && given < 40; port++) {
        struct packet packet = datagram(1, (uint16_t)port, "x");
        struct flow_key key = flow_key_of(&packet);
        if (flow_key_hash(&key, &options.key) % 64 != 5)
            continue;
        bench.now_ns++;
        give(&bench, packet);
        given++;
    }
    assert_int_equal(given, 40);
    assert_int_equal(flow_table_count(bench.table), 32);
    assert_int_equal(bench.totals.limits_hit[LIMIT_HASH_CHAIN], 8);
    assert_int_equal(bench.totals.limits_hit[LIMIT_MAX_FLOWS], 0);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(bench.ended[i].flow.end, FLOW_EVICTED);
        assert_int_equal(bench.ended[i].flow.first_ns, SECONDS(1000) + 1 + (int64_t)i);
    }
    bench_close(&bench);
}

static void a_flood_of_syns_is_accounted_for_exactly(void **state)
{
    (void)state;
    enum { SYNS = 200000, CAPACITY = 4096 };
    struct flow_table_options options = bench_options(&bench);
    options.max_flows = CAPACITY;
    options.key = siphash_random_key();
    bench_open(&bench, &options);
    for (uint32_t i = 0; i < SYNS; i++) {
        struct packet packet = packet_between(TRANSPORT_TCP, 0, 5000, 2, 154);
        /* Sums of source and destination stay the same: what breaks a hash that only adds. */
        packet.source.bytes[1] = (uint8_t)(i >> 16);
        packet.source.bytes[2] = (uint8_t)(i >> 8);
        packet.source.bytes[3] = (uint8_t)i;
        packet.destination.bytes[1] = (uint8_t)(255 - (i >> 16));
        packet.destination.bytes[2] = (uint8_t)(255 - (i >> 8 & 255));
        packet.destination.bytes[3] = (uint8_t)(255 - (i & 255));
        packet.tcp_flags = TCP_SYN;
        bench.now_ns += NS_PER_US;
        give(&bench, packet);
    }
    assert_int_equal(flow_table_count(bench.table), CAPACITY);
    bench_close(&bench);
    assert_int_equal(bench.totals.flows_created, SYNS);
    assert_int_equal(bench.totals.flows_ended[FLOW_EVICTED], SYNS - CAPACITY);
    assert_int_equal(bench.totals.limits_hit[LIMIT_MAX_FLOWS], SYNS - CAPACITY);
    assert_int_equal(bench.totals.limits_hit[LIMIT_HASH_CHAIN], 0);
    assert_int_equal(bench.ended_count, SYNS);
}

static void the_default_table_holds_a_hundred_thousand_flows(void **state)
{
    (void)state;
    struct flow_table_options options = bench_options(&bench);
    options.max_flows = 0;
    options.max_samples = 0;
    bench_open(&bench, &options);
    assert_true(flow_table_capacity(bench.table) > 100000);
    assert_int_equal(bench.totals.limit_values[LIMIT_SAMPLES], 16384);
    flow_table_free(bench.table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_are_one_flow),
        cmocka_unit_test(vlan_tunnel_and_protocol_tell_flows_apart),
        cmocka_unit_test(a_host_that_talks_to_itself_is_one_flow),
        cmocka_unit_test(the_initiator_is_found_by_syn_then_watched_port_then_first_packet),
        cmocka_unit_test(datagrams_have_the_states_of_zeek),
        cmocka_unit_test(a_client_of_udp_speaks_up_after_a_second_of_silence),
        cmocka_unit_test(sides_keep_sizes_times_and_hops),
        cmocka_unit_test(marks_of_packets_become_marks_of_the_flow),
        cmocka_unit_test(a_packet_without_its_header_counts_and_says_nothing),
        cmocka_unit_test(a_full_table_evicts_the_flow_idle_the_longest),
        cmocka_unit_test(samples_run_out_are_counted_and_come_back),
        cmocka_unit_test(a_flow_without_payload_needs_no_sample),
        cmocka_unit_test(ids_are_the_same_on_every_run_and_fit_a_double),
        cmocka_unit_test(a_chain_that_is_too_long_is_cut_and_counted),
        cmocka_unit_test(a_flood_of_syns_is_accounted_for_exactly),
        cmocka_unit_test(the_default_table_holds_a_hundred_thousand_flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
