/* SPDX-License-Identifier: Apache-2.0
 *
 * A lane: one flow table, one nDPI module, and the work of one flow after another. More cores mean
 * more lanes, fed by the flow hash; a lane shares nothing.
 */
#ifndef PORTSCOPE_APP_LANE_H
#define PORTSCOPE_APP_LANE_H

#include "base/error.h"
#include "base/siphash.h"
#include "dpi/dpi.h"
#include "flow/flow_table.h"
#include "model/record.h"
#include "model/totals.h"

#include <stdbool.h>

/* Takes a finished record; borrowed for the call. */
typedef void record_fn(void *context, const struct flow_record *record);

struct lane_options {
    struct flow_table_options flows;
    struct dpi_options dpi;
    bool without_dpi;
    bool shows_early;                /* live: records of flows that go on, too, marked is_early */
    const struct rulebook *rulebook; /* borrowed */
    struct trail_pool *trails;       /* borrowed; NULL: no frame is kept. Whoever takes the record
                                        last releases its trail */
    record_fn *on_record;
    void *context;
};

struct lane {
    struct lane_options options;
    struct totals totals;
    struct flow_table *flows;
    struct dpi *dpi; /* NULL: without */
    struct flow_record record;
};

/* The caller closes it; on failure false, and nothing is left open. */
bool lane_open(struct lane *lane, const struct lane_options *options, struct error *error);
void lane_close(struct lane *lane);

/* A new input: `name` is borrowed until the next one; times may start earlier again. */
void lane_begin_input(struct lane *lane, const char *name, bool is_live);

/* `now_ns`: the largest packet time of the input so far. */
void lane_add_packet(struct lane *lane, const struct packet *packet, int64_t now_ns);

/* The same when it is known which flow the packet belongs to. */
void lane_add_packet_at(struct lane *lane, const struct flow_place *place,
                        const struct packet *packet, int64_t now_ns);

/* Ends what is due. */
void lane_tick(struct lane *lane, int64_t now_ns);

/* From the next packet on; flows that are open will be classified by it. */
void lane_set_rulebook(struct lane *lane, const struct rulebook *rulebook);

/* Ends all flows. */
void lane_end_input(struct lane *lane);

#endif
