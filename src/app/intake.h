/* SPDX-License-Identifier: Apache-2.0
 *
 * The way in: frames of one source after the other become packets, or a term of the totals. One
 * intake a thread that reads.
 */
#ifndef PORTSCOPE_APP_INTAKE_H
#define PORTSCOPE_APP_INTAKE_H

#include "base/error.h"
#include "base/siphash.h"
#include "capture/frame_filter.h"
#include "capture/source.h"
#include "decode/decoder.h"
#include "decode/watch.h"
#include "model/packet.h"
#include "model/rulebook.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stdint.h>

/* Takes a packet that is of interest; borrowed for the call. `now_ns`: the largest packet time of
 * this input so far (live: see intake_set_clock()). */
typedef void packet_fn(void *context, const struct packet *packet, int64_t now_ns);

struct intake_options {
    const struct port_set *watched; /* borrowed */
    bool wants_all;                 /* every flow, not only those on watched ports */
    const char *filter;             /* libpcap expression, NULL: none */
    uint64_t packets_max;           /* stop after so many; 0: no bound */
    struct siphash_key key;         /* of the fragment cache */
};

struct intake {
    struct intake_options options;
    packet_fn *on_packet;
    void *context;
    struct totals totals;    /* of reading and decoding */
    struct decoder *decoder; /* of this input */
    struct frame_filter *filter;
    struct decoder *refused; /* looks at what the filter refused; its totals are nobody's */
    struct totals refused_totals;
    struct watch_table watch;
    int64_t now_ns;
    int64_t latest_ns, step_ns; /* see intake_set_clock() */
    bool saw_filtered_tags;     /* --filter refused packets with VLAN tags or in tunnels */
};

/* False with a sentence when the filter is wrong; nothing is left open. */
bool intake_open(struct intake *intake, const struct intake_options *options, packet_fn *on_packet,
                 void *context, struct error *error);
void intake_close(struct intake *intake);

/* A new input: times may start earlier again, and no fragment of the one before is remembered, so
 * that neither their order nor the number of readers shows in the output. Needed before the first
 * batch. */
void intake_begin_input(struct intake *intake);

/* Whether it takes runs of records (see capture/record_run.h): when most frames are of no interest.
 */
bool intake_takes_runs(const struct intake_options *options);

/* Every frame ends in exactly one counter of the totals. */
void intake_take_batch(struct intake *intake, const struct batch *batch);

/* The same for one frame. */
void intake_take_frame(struct intake *intake, const struct frame *frame);

/* From the next frame on; borrowed. */
void intake_set_watched(struct intake *intake, const struct port_set *watched);

/* Live: the clock, and how far the packets' times are ahead of it because the system's clock was
 * set. "Now" follows the packets, whose times tell when they came however late they are read, but
 * never beyond this: one absurd time must not stop the flows' clock for years. */
void intake_set_clock(struct intake *intake, int64_t latest_ns, int64_t step_ns);

/* Whether packets_max is reached. */
bool intake_has_enough(const struct intake *intake);

#endif
