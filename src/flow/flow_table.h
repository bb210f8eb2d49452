/* SPDX-License-Identifier: Apache-2.0
 *
 * All open flows of one lane: preallocated, keyed hash, bounded. "Now" is the largest packet time
 * read so far, by whatever lane; when a flow is due depends on its own packets alone, so that the
 * same frames give the same records whatever the number of lanes. Only a full table breaks that:
 * the records that suffered are marked.
 */
#ifndef PORTSCOPE_FLOW_FLOW_TABLE_H
#define PORTSCOPE_FLOW_FLOW_TABLE_H

#include "base/siphash.h"
#include "model/flow.h"
#include "model/packet.h"
#include "model/rulebook.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow_table;

struct flow_timeouts {
    int64_t tcp_idle_ns;    /* established or midstream; default 300 s */
    int64_t tcp_closed_ns;  /* after FIN both ways or RST: stragglers still count; default 5 s */
    int64_t tcp_attempt_ns; /* nothing but SYNs, answers to them, and flags that no connection
                               has; default 30 s */
    int64_t udp_idle_ns;    /* default 60 s */
    int64_t other_idle_ns;  /* default 60 s */
    int64_t active_ns;      /* a flow that goes on gets a record when a packet comes this long
                               after the record began; 0: never. Default 0 offline, 1 h live */
};

struct flow_timeouts flow_timeouts_default(void);

/* What 0 means in the options below. */
size_t flow_table_default_flows(void);
size_t flow_table_default_samples(void);

struct flow_table_options {
    size_t max_flows;   /* 0: as many as fit 64 MB */
    size_t max_samples; /* flows that can keep their first payload bytes; 0: 16,384 */
    struct flow_timeouts timeouts;
    struct siphash_key key;
    const struct port_set *watched; /* borrowed; for the orientation of midstream flows; may be
                                       NULL: none */
};

/* Called for each ended flow; `due_ns` is when it was due: its last packet plus the time-out, the
 * "now" of the packet that evicted or divided it or reused its ports; INT64_MAX at the end of
 * input. The flow, its sample and flow.dpi are valid during the call; whoever set flow.dpi frees it
 * there. On FLOW_ACTIVE_TIMEOUT the next record of the flow takes over its orientation, its sample
 * and what the call leaves in flow.dpi. */
typedef void flow_ended_fn(void *context, struct flow *flow, int64_t due_ns);

/* The caller frees it. `totals` is borrowed: flows and limits are counted there. */
struct flow_table *flow_table_new(const struct flow_table_options *options, struct totals *totals,
                                  flow_ended_fn *on_end, void *context);
/* Accepts NULL; ends no flows: call flow_table_drain() first. */
void flow_table_free(struct flow_table *table);

/* Replaces the watched ports; the flows that are there stay as they are. */
void flow_table_watch(struct flow_table *table, const struct port_set *watched);

/* Ends every flow that is due at `now_ns`, in order of (due time, flow id). Time that runs
 * backwards does nothing. */
void flow_table_expire(struct flow_table *table, int64_t now_ns);

/* The flow of a packet, created if need be; never NULL: when the table is full the flow idle the
 * longest is ended as evicted. A flow of the same key that is due, or to which a packet with SYN
 * cannot belong (tcp_state_is_reused_by() has the rule), is ended first. The flow stays where it is
 * until it ends. Follow it with flow_table_add_packet(), `now_ns` as given to
 * flow_table_expire(). */
struct flow *flow_table_find_or_add(struct flow_table *table, const struct packet *packet,
                                    int64_t now_ns);

/* The same for who has found the place before, with the table's key. */
struct flow *flow_table_find_or_add_at(struct flow_table *table, const struct flow_place *place,
                                       const struct packet *packet, int64_t now_ns);

/* Counts the packet into its flow: sides, TCP state and history, marks, sample. Returns the
 * direction it travels in. */
enum flow_direction flow_table_add_packet(struct flow_table *table, struct flow *flow,
                                          const struct packet *packet, int64_t now_ns);

/* What the record of an open flow would say, were it to end now; flow.sample and flow.dpi are those
 * of the flow itself. */
struct flow flow_table_describe(struct flow *flow);

/* Ends all flows, ordered by first packet time, then id: closed ones as such, the others for
 * `reason`. */
void flow_table_drain(struct flow_table *table, enum flow_end reason);

size_t flow_table_count(const struct flow_table *table);
size_t flow_table_capacity(const struct flow_table *table);

#endif
