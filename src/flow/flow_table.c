/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/flow_table.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "flow/flow_id.h"
#include "flow/flow_slots.h"

#include <stdlib.h>

enum {
    DEFAULT_TABLE_BYTES = 64 * 1024 * 1024,
    DEFAULT_SAMPLES = 16384,
    /* With as many buckets as flows and a good hash a chain of 12 is a matter of luck; one of 32
     * means that somebody knows the key. */
    CHAIN_MAX = 32,
};

struct flow_timeouts flow_timeouts_default(void)
{
    return (struct flow_timeouts){
        .tcp_idle_ns = 300 * NS_PER_S,
        .tcp_closed_ns = 5 * NS_PER_S,
        .tcp_attempt_ns = 30 * NS_PER_S,
        .udp_idle_ns = 60 * NS_PER_S,
        .other_idle_ns = 60 * NS_PER_S,
        .active_ns = 0,
    };
}

/* Buckets are at most twice as many as flows. */
size_t flow_table_default_flows(void)
{
    return DEFAULT_TABLE_BYTES /
           (sizeof(struct slot) + sizeof(struct ending) + 2 * sizeof(struct slot *));
}

size_t flow_table_default_samples(void)
{
    return DEFAULT_SAMPLES;
}

static uint32_t bucket_count_for(size_t capacity)
{
    uint32_t count = 1;
    while (count < capacity && count < UINT32_C(1) << 31)
        count *= 2;
    return count;
}

struct flow_table *flow_table_new(const struct flow_table_options *options, struct totals *totals,
                                  flow_ended_fn *on_end, void *context)
{
    const struct flow_timeouts *timeouts = &options->timeouts;
    size_t capacity = options->max_flows ? options->max_flows : flow_table_default_flows();
    size_t samples = options->max_samples ? options->max_samples : flow_table_default_samples();
    uint32_t buckets = bucket_count_for(capacity);

    struct flow_table *table = memory_new(1, sizeof *table);
    *table = (struct flow_table){
        /* Fresh zero pages from the kernel: memory that no flow needs is never there. */
        .buckets = memory_new(buckets, sizeof(struct slot *)),
        .slots = memory_new(capacity, sizeof(struct slot)),
        .endings = memory_new(capacity, sizeof(struct ending)),
        .bucket_mask = buckets - 1,
        .capacity = capacity,
        .timeouts = {[TIMER_TCP_ESTABLISHED] = timeouts->tcp_idle_ns,
                     [TIMER_TCP_ATTEMPT] = timeouts->tcp_attempt_ns,
                     [TIMER_TCP_CLOSED] = timeouts->tcp_closed_ns,
                     [TIMER_UDP] = timeouts->udp_idle_ns,
                     [TIMER_OTHER] = timeouts->other_idle_ns},
        .active_timeout_ns = timeouts->active_ns,
        .now_ns = INT64_MIN,
        .next_due_ns = INT64_MAX,
        .samples = sample_pool_new(samples),
        .key = options->key,
        .watched = options->watched,
        .totals = totals,
        .on_end = on_end,
        .context = context,
    };
    totals->limit_values[LIMIT_MAX_FLOWS] = capacity;
    totals->limit_values[LIMIT_SAMPLES] = samples;
    totals->limit_values[LIMIT_HASH_CHAIN] = CHAIN_MAX;
    return table;
}

void flow_table_watch(struct flow_table *table, const struct port_set *watched)
{
    table->watched = watched;
}

void flow_table_free(struct flow_table *table)
{
    if (!table)
        return;
    sample_pool_free(table->samples);
    free(table->endings);
    free(table->slots);
    free(table->buckets);
    free(table);
}

size_t flow_table_count(const struct flow_table *table)
{
    return table->count;
}

size_t flow_table_capacity(const struct flow_table *table)
{
    return table->capacity;
}

int64_t flow_table_advance(struct flow_table *table, int64_t now_ns)
{
    if (now_ns > table->now_ns)
        table->now_ns = now_ns;
    return table->now_ns;
}

static struct slot **bucket_of(struct flow_table *table, uint32_t hash)
{
    return &table->buckets[hash & table->bucket_mask];
}

static struct slot *find(struct flow_table *table, const struct flow_key *key, uint32_t hash)
{
    struct slot *slot = *bucket_of(table, hash);
    while (slot && !(slot->hash == hash && flow_key_equal(&slot->flow.key, key)))
        slot = slot->next_in_chain;
    return slot;
}

static void unchain(struct flow_table *table, struct slot *slot)
{
    struct slot **link = bucket_of(table, slot->hash);
    while (*link != slot)
        link = &(*link)->next_in_chain;
    *link = slot->next_in_chain;
}

void flow_table_end_record(struct flow_table *table, struct slot *slot, enum flow_end reason,
                           int64_t due_ns)
{
    struct flow *flow = &slot->flow;
    flow_packet_conclude(slot);
    flow->end = reason;
    if (reason == FLOW_EVICTED)
        flow->marks |= FLOW_MARK_EVICTED;
    table->totals->flows_ended[reason]++;
    table->on_end(table->context, flow, due_ns);
}

void flow_table_end(struct flow_table *table, struct slot *slot, enum flow_end reason,
                    int64_t due_ns)
{
    flow_table_end_record(table, slot, reason, due_ns);
    flow_timers_remove(table, slot);
    unchain(table, slot);
    sample_pool_return(table->samples, slot->flow.sample);
    slot->next_in_chain = table->free;
    table->free = slot;
    table->count--;
}

static void evict(struct flow_table *table, struct slot *slot, enum limit limit)
{
    table->totals->limits_hit[limit]++;
    flow_table_end(table, slot, FLOW_EVICTED, table->now_ns);
}

/* Keeps the chain that a flow will join within its bound. */
static void make_room_in_chain(struct flow_table *table, uint32_t hash)
{
    struct slot *longest_idle = *bucket_of(table, hash);
    unsigned length = 0;
    for (struct slot *slot = longest_idle; slot; slot = slot->next_in_chain, length++) {
        if (slot->active_ns < longest_idle->active_ns)
            longest_idle = slot;
    }
    if (length >= CHAIN_MAX)
        evict(table, longest_idle, LIMIT_HASH_CHAIN);
}

static struct slot *take_slot(struct flow_table *table)
{
    if (table->count == table->capacity)
        evict(table, flow_timers_longest_idle(table), LIMIT_MAX_FLOWS);
    table->count++;
    struct slot *slot = table->free;
    if (!slot)
        return &table->slots[table->touched++];
    table->free = slot->next_in_chain;
    return slot;
}

static bool is_watched(const struct flow_table *table, const struct packet *packet, uint16_t port)
{
    return table->watched && packet->has_ports && port_set_has(table->watched, port);
}

/* Decides who the initiator is. Returns whether it is the packet's source. */
static bool orient(const struct flow_table *table, struct flow *flow, const struct packet *packet)
{
    bool source_is_watched = is_watched(table, packet, packet->source_port);
    bool destination_is_watched = is_watched(table, packet, packet->destination_port);
    flow->is_watched = source_is_watched || destination_is_watched;

    if (packet->protocol == TRANSPORT_TCP && packet->tcp_flags & TCP_SYN) {
        flow->orientation = ORIENTED_BY_SYN;
        return !(packet->tcp_flags & TCP_ACK);
    }
    if (source_is_watched != destination_is_watched) {
        flow->orientation = ORIENTED_BY_WATCHED_PORT;
        return destination_is_watched;
    }
    flow->orientation = ORIENTED_BY_FIRST_PACKET;
    return true;
}

/* Begins a record with the flow's first packet, or with the first one behind an active time-out.
 * Key, orientation and marks of the flow are there. */
static void begin_record(struct flow_table *table, struct slot *slot, const struct packet *packet)
{
    struct flow *flow = &slot->flow;
    const struct endpoint *low = &flow->key.low;
    bool initiator_is_low = flow->initiator.port == low->port &&
                            address_compare(&flow->initiator.address, &low->address) == 0;
    flow->first_ns = flow->last_ns = packet->time_ns;
    flow->id = flow_id_of(&flow->key, packet->time_ns, initiator_is_low);
    slot->begun_ns = table->now_ns;
    table->totals->flows_created++;
}

static struct slot *add(struct flow_table *table, const struct packet *packet,
                        const struct flow_key *key, uint32_t hash)
{
    make_room_in_chain(table, hash);
    struct slot *slot = take_slot(table);
    *slot = (struct slot){.flow.key = *key, .hash = hash};

    struct flow *flow = &slot->flow;
    struct endpoint source = {.address = packet->source, .port = packet->source_port};
    struct endpoint destination = {.address = packet->destination,
                                   .port = packet->destination_port};
    bool source_initiates = orient(table, flow, packet);
    flow->initiator = source_initiates ? source : destination;
    flow->responder = source_initiates ? destination : source;
    if (!source_initiates)
        flow_history_flip(flow);
    begin_record(table, slot, packet);

    struct slot **bucket = bucket_of(table, hash);
    slot->next_in_chain = *bucket;
    *bucket = slot;
    flow_timers_touch(table, slot);
    return slot;
}

/* What the next record of a flow takes over: who it is, where its TCP stands, its first bytes and
 * what the DPI knows. Counters begin anew. */
static void divide(struct flow_table *table, struct slot *slot, const struct packet *packet)
{
    flow_table_end_record(table, slot, FLOW_ACTIVE_TIMEOUT, table->now_ns);

    struct flow before = slot->flow;
    const uint32_t lasting = FLOW_MARK_MIDSTREAM | FLOW_MARK_NO_SAMPLE | FLOW_MARK_DPI_BUDGET |
                             FLOW_MARK_DPI_CUT | FLOW_MARK_DPI_OFF;
    slot->flow = (struct flow){
        .key = before.key,
        .initiator = before.initiator,
        .responder = before.responder,
        .orientation = before.orientation,
        .marks = (before.marks & lasting) | FLOW_MARK_CONTINUED,
        .is_watched = before.is_watched,
        .shown_early = before.shown_early,
        .sample = before.sample,
        .dpi = before.dpi,
    };
    for (int i = 0; i < FLOW_DIRECTIONS; i++) {
        slot->flow.sides[i].tcp_next = before.sides[i].tcp_next;
        slot->flow.sides[i].tcp_first = before.sides[i].tcp_first;
        slot->flow.sides[i].has_tcp_next = before.sides[i].has_tcp_next;
    }
    slot->history = (struct flow_history){0};
    begin_record(table, slot, packet);
}

static bool is_reused(const struct slot *slot, const struct packet *packet)
{
    if (packet->protocol != TRANSPORT_TCP)
        return false;
    enum flow_direction direction = flow_direction_of(&slot->flow, packet);
    return tcp_state_is_reused_by(&slot->tcp, &slot->flow.sides[direction], packet);
}

/* Whether the flow ended before this packet, which then begins another. */
static bool has_ended_before(struct flow_table *table, struct slot *slot,
                             const struct packet *packet)
{
    int64_t due_ns = flow_timers_due(table, slot);
    if (due_ns <= table->now_ns)
        flow_table_end(table, slot, flow_timers_reason(slot), due_ns);
    else if (is_reused(slot, packet))
        flow_table_end(table, slot, FLOW_REUSED, table->now_ns);
    else
        return false;
    return true;
}

static bool is_overlong(const struct flow_table *table, const struct slot *slot)
{
    int64_t age_ns;
    if (table->active_timeout_ns <= 0)
        return false;
    return __builtin_sub_overflow(table->now_ns, slot->begun_ns, &age_ns) ||
           age_ns >= table->active_timeout_ns;
}

struct flow *flow_table_find_or_add(struct flow_table *table, const struct packet *packet,
                                    int64_t now_ns)
{
    const struct flow_place place = flow_place_of(packet, &table->key);
    return flow_table_find_or_add_at(table, &place, packet, now_ns);
}

struct flow *flow_table_find_or_add_at(struct flow_table *table, const struct flow_place *place,
                                       const struct packet *packet, int64_t now_ns)
{
    uint32_t hash = (uint32_t)place->hash;
    flow_table_advance(table, now_ns);
    struct slot *slot = find(table, &place->key, hash);
    if (!slot || has_ended_before(table, slot, packet))
        return &add(table, packet, &place->key, hash)->flow;
    if (is_overlong(table, slot))
        divide(table, slot, packet);
    return &slot->flow;
}
