/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of the flow table, for the files of this room only: flow_table.c finds, adds and
 * evicts, flow_timers.c ends what is due, flow_packet.c counts packets in.
 */
#ifndef PORTSCOPE_FLOW_FLOW_SLOTS_H
#define PORTSCOPE_FLOW_FLOW_SLOTS_H

#include "flow/flow_history.h"
#include "flow/flow_sample.h"
#include "flow/flow_table.h"
#include "flow/tcp_sequence.h"
#include "flow/tcp_state.h"

/* Flows of one class have the same time-out, so a list in the order of their last packets is in
 * the order in which they are due. */
enum timer_class {
    TIMER_TCP_ESTABLISHED,
    TIMER_TCP_ATTEMPT,
    TIMER_TCP_CLOSED,
    TIMER_UDP,
    TIMER_OTHER,
    TIMER_CLASSES
};

struct slot {
    struct flow flow; /* first: a flow's address is its slot's */
    struct tcp_state tcp;
    struct tcp_hole holes[FLOW_DIRECTIONS];
    struct flow_history history;

    struct slot *next_in_chain;   /* of its hash bucket, or of the free slots */
    struct slot *older, *younger; /* in the list of its class */
    int64_t active_ns;            /* "now" of its last packet */
    int64_t begun_ns;             /* "now" of its record's first packet */
    uint32_t hash;
    uint32_t packets; /* over all its records */
    uint8_t timer_class;
    bool is_timed; /* it stands in the list of its class */
};

struct timer_list {
    struct slot *oldest, *youngest;
};

/* A flow in the order in which it will end. */
struct ending {
    int64_t at_ns;
    uint64_t id;
    struct slot *slot;
};

struct flow_table {
    struct slot **buckets; /* a power of two of them */
    uint32_t bucket_mask;
    struct slot *slots;
    struct slot *free;
    size_t capacity;
    size_t touched; /* slots from here on were never used: their memory is not there yet */
    size_t count;

    struct timer_list timers[TIMER_CLASSES];
    int64_t timeouts[TIMER_CLASSES];
    int64_t active_timeout_ns;
    int64_t now_ns;      /* never runs backwards */
    int64_t next_due_ns; /* nothing is due before */
    struct ending *endings;

    struct sample_pool *samples;
    struct siphash_key key;
    const struct port_set *watched;
    struct totals *totals;
    flow_ended_fn *on_end;
    void *context;
};

static inline struct slot *slot_of(struct flow *flow)
{
    return (struct slot *)flow;
}

/* The clock of the table: the largest time it was told. */
int64_t flow_table_advance(struct flow_table *table, int64_t now_ns);

/* Sets what is known only when a record ends: state, gaps still open. */
void flow_packet_conclude(struct slot *slot);

/* Ends the record of a flow; the slot stays as it is. */
void flow_table_end_record(struct flow_table *table, struct slot *slot, enum flow_end reason,
                           int64_t due_ns);
/* Ends the record of a flow and frees its slot. */
void flow_table_end(struct flow_table *table, struct slot *slot, enum flow_end reason,
                    int64_t due_ns);

int64_t flow_timers_due(const struct flow_table *table, const struct slot *slot);

/* The reason why a flow ends when it is due. */
enum flow_end flow_timers_reason(const struct slot *slot);

/* Puts the slot behind all others of the class it now belongs to. */
void flow_timers_touch(struct flow_table *table, struct slot *slot);
void flow_timers_remove(struct flow_table *table, struct slot *slot);

/* The flow that is idle the longest; NULL when there is none. */
struct slot *flow_timers_longest_idle(const struct flow_table *table);

#endif
