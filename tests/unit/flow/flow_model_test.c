/* SPDX-License-Identifier: Apache-2.0
 *
 * The table against a model that is too simple to be wrong: a plain array, searched from end to
 * end, with each flow's packets kept and asked again every time. Both get the same random packets
 * between few endpoints; they must end the same flows, in the same order, for the same reasons.
 */
#include "unit.h"

#include "flow/flow_table.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PACKETS = 3000, OPEN_MAX = 200, RECORDS_MAX = 2 * PACKETS };

struct record {
    struct flow_key key;
    struct endpoint initiator;
    uint64_t id;
    int64_t due_ns, first_ns, last_ns;
    uint64_t packets[2], payload[2];
    enum flow_end end;
    uint32_t marks;
};

struct records {
    struct record list[RECORDS_MAX];
    size_t count;
};

static const uint32_t marks_compared =
    FLOW_MARK_CONTINUED | FLOW_MARK_EVICTED | FLOW_MARK_TIME_BACKWARDS;

/* One flow of the model: where its packets stand in `given`. */
struct model_flow {
    struct record record;
    int64_t now_ns, begun_ns;
    const struct packet *packets[PACKETS];
    size_t packet_count;
};

struct model {
    struct flow_timeouts timeouts;
    const struct port_set *watched;
    struct model_flow *open[OPEN_MAX];
    size_t open_count;
    struct records *records;
};

static bool from_initiator(const struct model_flow *flow, const struct packet *packet)
{
    return packet->source_port == flow->record.initiator.port &&
           memcmp(packet->source.bytes, flow->record.initiator.address.bytes, 16) == 0;
}

/* Whether the flow is over, and with which word. */
static enum flow_end model_over(const struct model_flow *flow)
{
    bool closed[2] = {false}, reset[2] = {false};
    for (size_t i = 0; i < flow->packet_count; i++) {
        const struct packet *packet = flow->packets[i];
        bool side = from_initiator(flow, packet);
        if (packet->tcp_flags & TCP_FIN && !reset[side]) {
            /* A side that sent FIN and then RST ended like any other once its peer closes. */
            closed[side] = true;
            if (closed[!side])
                reset[!side] = false;
        }
        if (packet->tcp_flags & TCP_RST && !(closed[0] && closed[1] && !reset[!side]))
            reset[side] = true;
    }
    if (reset[0] || reset[1])
        return FLOW_RESET;
    return closed[0] && closed[1] ? FLOW_CLOSED : FLOW_OPEN;
}

static bool model_progressed(const struct model_flow *flow)
{
    for (size_t i = 0; i < flow->packet_count; i++) {
        uint8_t flags = flow->packets[i]->tcp_flags;
        if (flags & TCP_ACK && !(flags & TCP_SYN) && !(flags & TCP_RST))
            return true;
    }
    return false;
}

static int64_t model_due(const struct model *model, const struct model_flow *flow)
{
    int64_t timeout_ns = model->timeouts.udp_idle_ns;
    if (flow->record.key.protocol == TRANSPORT_TCP) {
        timeout_ns = model->timeouts.tcp_attempt_ns;
        if (model_progressed(flow))
            timeout_ns = model->timeouts.tcp_idle_ns;
        if (model_over(flow) != FLOW_OPEN)
            timeout_ns = model->timeouts.tcp_closed_ns;
    }
    return flow->now_ns + timeout_ns;
}

static enum flow_end model_reason(const struct model_flow *flow, enum flow_end otherwise)
{
    enum flow_end over = model_over(flow);
    return flow->record.key.protocol == TRANSPORT_TCP && over != FLOW_OPEN ? over : otherwise;
}

static void model_record(struct model *model, struct model_flow *flow, enum flow_end end,
                         int64_t due_ns)
{
    flow->record.end = end;
    flow->record.due_ns = due_ns;
    model->records->list[model->records->count++] = flow->record;
}

static void model_end(struct model *model, size_t i, enum flow_end end, int64_t due_ns)
{
    model_record(model, model->open[i], end, due_ns);
    free(model->open[i]);
    model->open[i] = model->open[--model->open_count];
}

/* Ends what is due, one after the other, the first by (time, id) first. */
static void model_expire(struct model *model, int64_t now_ns)
{
    for (;;) {
        size_t first = SIZE_MAX;
        for (size_t i = 0; i < model->open_count; i++) {
            int64_t due_ns = model_due(model, model->open[i]);
            if (due_ns > now_ns)
                continue;
            int64_t first_ns = first == SIZE_MAX ? 0 : model_due(model, model->open[first]);
            if (first == SIZE_MAX || due_ns < first_ns ||
                (due_ns == first_ns && model->open[i]->record.id < model->open[first]->record.id))
                first = i;
        }
        if (first == SIZE_MAX)
            return;
        model_end(model, first, model_reason(model->open[first], FLOW_IDLE),
                  model_due(model, model->open[first]));
    }
}

/* The number of the SYN of the packet's side, or what it must have been. */
static bool model_initial_number(const struct model_flow *flow, const struct packet *packet,
                                 uint32_t *number)
{
    bool is_known = false;
    for (size_t i = 0; i < flow->packet_count; i++) {
        const struct packet *sent = flow->packets[i];
        if (from_initiator(flow, sent) != from_initiator(flow, packet) || sent->tcp_flags & TCP_RST)
            continue;
        if (sent->tcp_flags & TCP_SYN)
            *number = sent->tcp_sequence;
        else if (!is_known)
            *number = sent->tcp_sequence - 1;
        is_known = true;
    }
    return is_known;
}

static bool model_is_reused(const struct model_flow *flow, const struct packet *packet)
{
    uint32_t number = 0;
    if (packet->protocol != TRANSPORT_TCP ||
        (packet->tcp_flags & (TCP_SYN | TCP_RST | TCP_FIN)) != TCP_SYN)
        return false;
    if (!model_progressed(flow) && model_over(flow) == FLOW_OPEN)
        return false;
    if (model_initial_number(flow, packet, &number))
        return number != packet->tcp_sequence;
    return !(packet->tcp_flags & TCP_ACK);
}

static void model_begin(struct model_flow *flow, const struct packet *packet, int64_t now_ns)
{
    flow->begun_ns = now_ns;
    flow->record.first_ns = flow->record.last_ns = packet->time_ns;
    memset(flow->record.packets, 0, sizeof flow->record.packets);
    memset(flow->record.payload, 0, sizeof flow->record.payload);
}

static bool source_initiates(const struct model *model, const struct packet *packet)
{
    bool source = port_set_has(model->watched, packet->source_port);
    bool destination = port_set_has(model->watched, packet->destination_port);
    if (packet->tcp_flags & TCP_SYN)
        return !(packet->tcp_flags & TCP_ACK);
    return source == destination || destination;
}

static struct model_flow *model_add(struct model *model, const struct packet *packet,
                                    int64_t now_ns)
{
    struct model_flow *flow = memory_new(1, sizeof *flow);
    bool source = source_initiates(model, packet);
    flow->record.key = flow_key_of(packet);
    flow->record.initiator =
        (struct endpoint){.address = source ? packet->source : packet->destination,
                          .port = source ? packet->source_port : packet->destination_port};
    model_begin(flow, packet, now_ns);
    model->open[model->open_count++] = flow;
    return flow;
}

static size_t model_find(const struct model *model, const struct packet *packet)
{
    struct flow_key key = flow_key_of(packet);
    for (size_t i = 0; i < model->open_count; i++) {
        if (flow_key_equal(&model->open[i]->record.key, &key))
            return i;
    }
    return SIZE_MAX;
}

/* The flow that the packet belongs to. */
static struct model_flow *model_place(struct model *model, const struct packet *packet,
                                      int64_t now_ns)
{
    size_t i = model_find(model, packet);
    if (i == SIZE_MAX)
        return model_add(model, packet, now_ns);
    struct model_flow *flow = model->open[i];
    if (model_due(model, flow) <= now_ns) {
        model_end(model, i, model_reason(flow, FLOW_IDLE), model_due(model, flow));
        return model_add(model, packet, now_ns);
    }
    if (model_is_reused(flow, packet)) {
        model_end(model, i, FLOW_REUSED, now_ns);
        return model_add(model, packet, now_ns);
    }
    if (model->timeouts.active_ns > 0 && now_ns - flow->begun_ns >= model->timeouts.active_ns) {
        model_record(model, flow, FLOW_ACTIVE_TIMEOUT, now_ns);
        flow->record.marks = FLOW_MARK_CONTINUED;
        flow->record.id = 0;
        model_begin(flow, packet, now_ns);
    }
    return flow;
}

static void model_give(struct model *model, const struct packet *packet, int64_t now_ns,
                       uint64_t id)
{
    struct model_flow *flow = model_place(model, packet, now_ns);
    struct record *record = &flow->record;
    bool side = from_initiator(flow, packet);
    if (record->packets[0] + record->packets[1] == 0)
        record->id = id; /* the table's choice: it is asked for by flow_id_of()'s own tests */
    if (packet->time_ns < record->last_ns)
        record->marks |= FLOW_MARK_TIME_BACKWARDS;
    if (packet->time_ns > record->last_ns)
        record->last_ns = packet->time_ns;
    if (packet->time_ns < record->first_ns)
        record->first_ns = packet->time_ns;
    record->packets[side]++;
    record->payload[side] += packet->payload_length;
    flow->packets[flow->packet_count++] = packet;
    flow->now_ns = now_ns;
}

static struct record record_of(const struct flow *flow, int64_t due_ns)
{
    return (struct record){
        .key = flow->key,
        .initiator = flow->initiator,
        .id = flow->id,
        .due_ns = due_ns,
        .first_ns = flow->first_ns,
        .last_ns = flow->last_ns,
        .packets = {flow->sides[TO_INITIATOR].packets, flow->sides[TO_RESPONDER].packets},
        .payload = {flow->sides[TO_INITIATOR].payload_bytes,
                    flow->sides[TO_RESPONDER].payload_bytes},
        .end = flow->end,
        .marks = flow->marks & marks_compared,
    };
}

/* Which flow is evicted is the table's choice among those that are idle the longest. */
static void model_evict(struct model *model, const struct flow_key *key, int64_t now_ns)
{
    size_t evicted = SIZE_MAX;
    int64_t smallest_ns = INT64_MAX;
    for (size_t i = 0; i < model->open_count; i++) {
        if (flow_key_equal(&model->open[i]->record.key, key))
            evicted = i;
        if (model->open[i]->now_ns < smallest_ns)
            smallest_ns = model->open[i]->now_ns;
    }
    assert_true(evicted != SIZE_MAX);
    assert_int_equal(model->open[evicted]->now_ns, smallest_ns);
    model->open[evicted]->record.marks |= FLOW_MARK_EVICTED;
    model_end(model, evicted, FLOW_EVICTED, now_ns);
}

static struct records *table_records, *model_records;

static void keep_record(void *context, struct flow *flow, int64_t due_ns)
{
    table_records->list[table_records->count++] = record_of(flow, due_ns);
    if (flow->end == FLOW_EVICTED)
        model_evict(context, &flow->key, due_ns);
}

static void assert_same(const struct record *table, const struct record *model)
{
    assert_memory_equal(&table->key, &model->key, sizeof table->key);
    assert_memory_equal(&table->initiator, &model->initiator, sizeof table->initiator);
    assert_int_equal(table->end, model->end);
    assert_int_equal(table->due_ns, model->due_ns);
    assert_int_equal(table->id, model->id);
    assert_int_equal(table->first_ns, model->first_ns);
    assert_int_equal(table->last_ns, model->last_ns);
    assert_memory_equal(table->packets, model->packets, sizeof table->packets);
    assert_memory_equal(table->payload, model->payload, sizeof table->payload);
    assert_int_equal(table->marks, model->marks);
}

/* ---- random traffic ---- */

struct dice {
    uint64_t state;
};

static uint32_t throw_dice(struct dice *dice, uint32_t sides)
{
    dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice->state >> 33) % sides;
}

static struct packet random_packet(struct dice *dice, int64_t *now_ns)
{
    static const uint8_t flags[] = {
        TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK, TCP_ACK | TCP_PSH, TCP_FIN | TCP_ACK, TCP_RST,
        TCP_FIN, TCP_RST | TCP_ACK, TCP_ACK, TCP_ACK,           TCP_SYN,           0};
    static const int64_t steps_ns[] = {0, 0, 1, NS_PER_MS, NS_PER_S, 3 * NS_PER_S, 40 * NS_PER_S};
    static const uint16_t ports[] = {154, 5000, 395};

    *now_ns += steps_ns[throw_dice(dice, throw_dice(dice, 20) == 0 ? 7 : 5)];
    bool turned = throw_dice(dice, 2);
    struct packet packet = {
        .time_ns = *now_ns - (throw_dice(dice, 30) == 0 ? 2 * NS_PER_S : 0),
        .source = {.bytes = {192, 0, 2, (uint8_t)throw_dice(dice, 3)}, .version = 4},
        .destination = {.bytes = {192, 0, 2, (uint8_t)throw_dice(dice, 3)}, .version = 4},
        .source_port = ports[throw_dice(dice, turned ? 3 : 1)],
        .destination_port = ports[throw_dice(dice, turned ? 1 : 3)],
        .protocol = throw_dice(dice, 4) == 0 ? TRANSPORT_UDP : TRANSPORT_TCP,
        .ip_length = 40,
        .has_ports = true,
    };
    packet.payload_length = throw_dice(dice, 3) * 10;
    if (packet.protocol == TRANSPORT_TCP) {
        packet.tcp_flags = flags[throw_dice(dice, sizeof flags)];
        packet.tcp_sequence = 1000 + throw_dice(dice, 3);
        packet.tcp_acknowledgement = throw_dice(dice, 2) * 1000;
    }
    return packet;
}

struct run {
    uint64_t seed;
    size_t max_flows;
    int64_t active_ns;
    bool expires_rarely;
};

static struct packet given[PACKETS];

static int by_due_then_id(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    if (a->due_ns != b->due_ns)
        return a->due_ns < b->due_ns ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static void drain_model(struct model *model)
{
    while (model->open_count > 0) {
        size_t first = 0;
        for (size_t i = 1; i < model->open_count; i++) {
            const struct record *a = &model->open[i]->record, *b = &model->open[first]->record;
            if (a->first_ns < b->first_ns || (a->first_ns == b->first_ns && a->id < b->id))
                first = i;
        }
        model_end(model, first, model_reason(model->open[first], FLOW_END_OF_INPUT), INT64_MAX);
    }
}

static void feed_both(struct flow_table *table, struct model *model, const struct run *run)
{
    struct dice dice = {run->seed};
    int64_t now_ns = 1000 * NS_PER_S;
    for (size_t i = 0; i < PACKETS; i++) {
        given[i] = random_packet(&dice, &now_ns);
        if (!run->expires_rarely || throw_dice(&dice, 50) == 0)
            flow_table_expire(table, now_ns);
        model_expire(model, now_ns);
        struct flow *flow = flow_table_find_or_add(table, &given[i], now_ns);
        flow_table_add_packet(table, flow, &given[i], now_ns);
        model_give(model, &given[i], now_ns, flow->id);
        if (!run->expires_rarely)
            assert_int_equal(flow_table_count(table), model->open_count);
    }
    flow_table_expire(table, now_ns);
    flow_table_drain(table, FLOW_END_OF_INPUT);
    model_expire(model, now_ns);
    drain_model(model);
}

static void run_both(const struct run *run)
{
    struct totals totals = {0};
    struct port_set watched = {{0}};
    port_set_add(&watched, 154);
    port_set_add(&watched, 395);
    struct flow_table_options options = {.max_flows = run->max_flows,
                                         .max_samples = 10,
                                         .timeouts = flow_timeouts_default(),
                                         .key = {{run->seed, 1}},
                                         .watched = &watched};
    options.timeouts.active_ns = run->active_ns;
    struct model model = {
        .timeouts = options.timeouts, .watched = &watched, .records = model_records};
    table_records->count = model_records->count = 0;

    struct flow_table *table = flow_table_new(&options, &totals, keep_record, &model);
    feed_both(table, &model, run);
    flow_table_free(table);

    assert_int_equal(table_records->count, model_records->count);
    assert_int_equal(totals.flows_created, table_records->count);
    if (run->expires_rarely) {
        /* How often one asks changes when records come, not what they say. */
        qsort(table_records->list, table_records->count, sizeof(struct record), by_due_then_id);
        qsort(model_records->list, model_records->count, sizeof(struct record), by_due_then_id);
    }
    for (size_t i = 0; i < table_records->count; i++)
        assert_same(&table_records->list[i], &model_records->list[i]);
}

static void run_many(struct run run)
{
    table_records = memory_new(1, sizeof *table_records);
    model_records = memory_new(1, sizeof *model_records);
    for (run.seed = 1; run.seed <= 6; run.seed++)
        run_both(&run);
    free(table_records);
    free(model_records);
}

static void the_table_does_what_the_model_does(void **state)
{
    (void)state;
    run_many((struct run){.max_flows = OPEN_MAX, .active_ns = 0});
}

static void long_flows_are_divided_as_in_the_model(void **state)
{
    (void)state;
    run_many((struct run){.max_flows = OPEN_MAX, .active_ns = 7 * NS_PER_S});
}

static void a_full_table_evicts_as_the_model_allows(void **state)
{
    (void)state;
    run_many((struct run){.max_flows = 7, .active_ns = 7 * NS_PER_S});
}

static void how_often_expire_is_called_changes_no_record(void **state)
{
    (void)state;
    run_many(
        (struct run){.max_flows = OPEN_MAX, .active_ns = 7 * NS_PER_S, .expires_rarely = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_does_what_the_model_does),
        cmocka_unit_test(long_flows_are_divided_as_in_the_model),
        cmocka_unit_test(a_full_table_evicts_as_the_model_allows),
        cmocka_unit_test(how_often_expire_is_called_changes_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
