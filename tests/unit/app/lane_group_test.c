/* SPDX-License-Identifier: Apache-2.0
 *
 * Any number of lanes gives the records of one lane, in the same order.
 */
#include "unit.h"

#include "app/input_reader.h"
#include "app/packet_batch.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { PACKETS = 60000, FLOWS = 4000, LAST_WORDS = 20 };

static const struct siphash_key key = {{1, 2}};
static struct rulebook rulebook = {.unknown.name = "unknown"};

/* What is left of a record: enough to see another order or another content. */
struct trace {
    uint64_t *ids;
    uint64_t *packets;
    uint8_t *ends;
    size_t count;
};

static void keep(void *context, const struct flow_record *record)
{
    struct trace *trace = context;
    assert_true(trace->count < PACKETS);
    trace->ids[trace->count] = record->flow.id;
    trace->ends[trace->count] = (uint8_t)record->flow.end;
    trace->packets[trace->count++] = flow_packets(&record->flow);
}

/* Many short flows and some long ones; times repeat, so that many records are due at once. The
 * last packets are all of one flow: in every lane but its own, nothing else tells the time. */
static struct packet packet_number(uint32_t number)
{
    static const uint8_t bytes[40];
    bool is_last_word = number + LAST_WORDS >= PACKETS / 2;
    uint32_t flow = is_last_word ? 1 : (number * 2654435761u) % FLOWS;
    struct packet packet = {.time_ns = (int64_t)(is_last_word ? number : number / 50) * NS_PER_S,
                            .source = {.bytes = {192, 0, 2, (uint8_t)flow}, .version = 4},
                            .destination = {.bytes = {198, 51, 100, 1}, .version = 4},
                            .source_port = (uint16_t)(1024 + flow),
                            .destination_port = 154,
                            .protocol = flow % 3 ? TRANSPORT_UDP : TRANSPORT_TCP,
                            .tcp_flags = flow % 3     ? 0
                                         : number % 7 ? TCP_ACK
                                                      : TCP_SYN,
                            .tcp_sequence = number,
                            .wire_length = 60,
                            .ip_length = 40,
                            .network = {bytes, sizeof bytes},
                            .has_ports = true};
    return packet;
}

static struct lane_options options_for(record_fn *on_record, void *context)
{
    return (struct lane_options){.flows = {.max_flows = 2 * FLOWS,
                                           .timeouts = flow_timeouts_default(),
                                           .key = key,
                                           .watched = &rulebook.watched},
                                 .without_dpi = true,
                                 .rulebook = &rulebook,
                                 .on_record = on_record,
                                 .context = context};
}

static struct trace run(size_t lanes)
{
    struct trace trace = {.ids = memory_new(PACKETS, sizeof *trace.ids),
                          .packets = memory_new(PACKETS, sizeof *trace.packets),
                          .ends = memory_new(PACKETS, sizeof *trace.ends)};
    struct error error;
    struct lane_options options = options_for(keep, &trace);
    struct lane_group *group = lane_group_open(lanes, &options, &error);
    assert_non_null(group);
    for (int input = 0; input < 2; input++) {
        lane_group_begin_input(group, "test", false);
        for (uint32_t i = 0; i < PACKETS / 2; i++) {
            struct packet packet = packet_number(i);
            lane_group_add_packet(group, &packet, packet.time_ns);
        }
        lane_group_end_input(group);
    }
    struct totals totals = {0};
    lane_group_totals(group, &totals);
    assert_int_equal(totals.flows_recorded, trace.count);
    assert_int_equal(totals.limit_values[LIMIT_MAX_FLOWS], 2 * FLOWS);
    lane_group_close(group);
    return trace;
}

static void trace_free(struct trace *trace)
{
    free(trace->ids);
    free(trace->packets);
    free(trace->ends);
}

static void any_number_of_lanes_gives_the_same_records(void **state)
{
    (void)state;
    struct trace one = run(1);
    assert_true(one.count > FLOWS);
    for (size_t lanes = 2; lanes <= 5; lanes++) {
        struct trace many = run(lanes);
        assert_int_equal(many.count, one.count);
        assert_memory_equal(many.ids, one.ids, one.count * sizeof *one.ids);
        assert_memory_equal(many.packets, one.packets, one.count * sizeof *one.packets);
        assert_memory_equal(many.ends, one.ends, one.count * sizeof *one.ends);
        trace_free(&many);
    }
    trace_free(&one);
}

static void a_clipped_packet_keeps_its_headers(void **state)
{
    (void)state;
    static uint8_t bytes[9000];
    struct packet packet = {.network = {bytes, sizeof bytes}, .payload = {bytes + 40, 8960}};
    packet_clip(&packet);
    assert_int_equal(packet.network.length, PACKET_BYTES_MAX);
    assert_int_equal(packet.payload.length, PACKET_BYTES_MAX - 40);
    packet.payload = (struct span){bytes + 3000, 100};
    packet.network.length = sizeof bytes;
    packet_clip(&packet);
    assert_int_equal(packet.payload.length, 0);
}

static void a_batch_keeps_copies(void **state)
{
    (void)state;
    struct packet_batch *batch = memory_new(1, sizeof *batch);
    uint8_t bytes[100] = "header then payload";
    struct packet packet = {.network = {bytes, sizeof bytes}, .payload = {bytes + 12, 7}};
    const struct flow_place place = flow_place_of(&packet, &(struct siphash_key){{1, 2}});
    packet_batch_add(batch, &packet, &place, 5);
    memset(bytes, 0, sizeof bytes);
    assert_memory_equal(batch->items[0].packet.payload.at, "payload", 7);
    while (!packet_batch_is_full(batch))
        packet_batch_add(batch, &packet, &place, 5);
    assert_int_equal(batch->count, PACKET_BATCH_PACKETS);
    packet_batch_clear(batch);
    assert_false(packet_batch_is_full(batch));
    free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_lanes_gives_the_same_records),
        cmocka_unit_test(a_clipped_packet_keeps_its_headers),
        cmocka_unit_test(a_batch_keeps_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
