/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets between few endpoints, eight bytes each, through a small flow table. Whatever comes: no
 * packet and no flow is lost, nothing that is due stays, and a record is what it may be.
 */
#include "base/cursor.h"
#include "base/timestamp.h"
#include "flow/flow_table.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct sums {
    uint64_t packets, payload, records;
    int64_t last_due_ns;
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_sample(const struct flow *flow)
{
    const struct flow_sample *sample = flow->sample;
    check(sample->message_count <= FLOW_MESSAGES_MAX);
    for (int i = 0; i < FLOW_DIRECTIONS; i++) {
        check(sample->length[i] <= FLOW_SAMPLE_SIZE);
        check((sample->length[i] > 0) == (sample->first_packet[i] > 0));
        /* Each byte of a stream says where it stands. */
        for (uint16_t at = 1; at < sample->length[i]; at++)
            check(flow->key.protocol != TRANSPORT_TCP ||
                  sample->bytes[i][at] == (uint8_t)(sample->bytes[i][at - 1] + 1));
    }
}

static void on_end(void *context, struct flow *flow, int64_t due_ns)
{
    struct sums *sums = context;
    sums->records++;
    sums->packets += flow_packets(flow);
    sums->payload += flow_payload_bytes(flow);
    check(flow_packets(flow) > 0);
    check(flow->end > FLOW_OPEN && flow->end < FLOW_ENDS);
    check(flow->state < CONN_STATES);
    check(flow->first_ns <= flow->last_ns);
    check(flow->id > 0 && flow->id < UINT64_C(1) << 53);
    check(memchr(flow->history, '\0', sizeof flow->history) != NULL);
    check(strspn(flow->history, "ShHsAaDdFfRrGgTtWwIiQq^") == strlen(flow->history));
    check((flow->end == FLOW_EVICTED) == !!(flow->marks & FLOW_MARK_EVICTED));
    check(due_ns >= sums->last_due_ns);
    if (flow->end == FLOW_IDLE || flow->end == FLOW_CLOSED || flow->end == FLOW_RESET)
        sums->last_due_ns = due_ns;
    if (flow->sample)
        check_sample(flow);
}

static int64_t step_ns(uint8_t byte)
{
    static const int64_t steps_ns[] = {0,
                                       0,
                                       1,
                                       NS_PER_MS,
                                       NS_PER_S,
                                       4 * NS_PER_S,
                                       20 * NS_PER_S,
                                       -NS_PER_S,
                                       -NS_PER_MS,
                                       400 * NS_PER_S};
    return steps_ns[byte % (sizeof steps_ns / sizeof steps_ns[0])];
}

/* Payload in which each byte of a stream is the low byte of its sequence number. */
static struct span payload_at(uint32_t sequence, uint32_t length)
{
    static uint8_t ramp[256 + 255];
    for (size_t i = 0; ramp[sizeof ramp - 1] == 0 && i < sizeof ramp; i++)
        ramp[i] = (uint8_t)i;
    return (struct span){ramp + (uint8_t)sequence, length};
}

static struct packet packet_from(struct cursor *cursor, int64_t *time_ns)
{
    static const uint16_t ports[] = {154, 5000};
    uint8_t who = cursor_u8(cursor), flags = cursor_u8(cursor), sequence = cursor_u8(cursor);
    uint8_t acknowledgement = cursor_u8(cursor), payload = cursor_u8(cursor);
    uint8_t time = cursor_u8(cursor), odd = cursor_u8(cursor), window = cursor_u8(cursor);

    *time_ns += step_ns(time);
    struct packet packet = {
        .time_ns = *time_ns,
        .source = {.bytes = {192, 0, 2, who & 3}, .version = 4},
        .destination = {.bytes = {192, 0, 2, who >> 2 & 3}, .version = 4},
        .source_port = ports[who >> 4 & 1],
        .destination_port = ports[who >> 5 & 1],
        .protocol = who >> 6 == 0   ? TRANSPORT_UDP
                    : who >> 6 == 1 ? TRANSPORT_ICMP
                                    : TRANSPORT_TCP,
        .marks = odd & PACKET_TRUNCATED,
        .is_headless = odd == 0xff,
        .has_ports = who >> 6 != 1,
        .payload_length = payload,
    };
    if (packet.protocol == TRANSPORT_TCP && !packet.is_headless) {
        packet.tcp_flags = flags;
        /* Around the end of the circle; sometimes far off. */
        packet.tcp_sequence = (uint32_t)sequence * 3 - 200 + (odd > 0xf0 ? UINT32_C(1) << 30 : 0);
        packet.tcp_acknowledgement = (uint32_t)acknowledgement * 3 - 200;
        packet.tcp_window = window;
    }
    uint32_t first = packet.tcp_sequence + !!(packet.tcp_flags & TCP_SYN);
    packet.payload = payload_at(first, odd & PACKET_TRUNCATED ? payload / 2u : payload);
    return packet;
}

static struct flow_table_options options_from(uint8_t byte, const struct port_set *watched)
{
    struct flow_table_options options = {
        .max_flows = 1 + (byte & 7),
        .max_samples = 1 + (byte >> 3 & 3),
        .timeouts = flow_timeouts_default(),
        .key = {{byte, 1}},
        .watched = watched,
    };
    if (byte & 0x80)
        options.timeouts.active_ns = 10 * NS_PER_S;
    return options;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct cursor cursor = cursor_over((struct span){bytes, length});
    struct totals totals = {0};
    struct sums sums = {.last_due_ns = INT64_MIN}, given = {0};
    struct port_set watched = {{0}};
    port_set_add(&watched, 154);
    struct flow_table_options options = options_from(cursor_u8(&cursor), &watched);
    struct flow_table *table = flow_table_new(&options, &totals, on_end, &sums);

    int64_t time_ns = 0, now_ns = 0;
    while (cursor_left(&cursor) >= 8) {
        struct packet packet = packet_from(&cursor, &time_ns);
        now_ns = time_ns > now_ns ? time_ns : now_ns;
        flow_table_expire(table, now_ns);
        struct flow *flow = flow_table_find_or_add(table, &packet, now_ns);
        enum flow_direction direction = flow_table_add_packet(table, flow, &packet, now_ns);
        check(direction == flow_direction_of(flow, &packet));
        check(flow_table_count(table) <= options.max_flows);
        given.packets++;
        given.payload += packet.payload_length;
    }
    flow_table_drain(table, FLOW_END_OF_INPUT);
    check(flow_table_count(table) == 0);
    flow_table_free(table);

    check(sums.packets == given.packets && sums.payload == given.payload);
    check(sums.records == totals.flows_created);
    return 0;
}
