/* SPDX-License-Identifier: Apache-2.0
 *
 * The record of an ended flow: everything a sink, a store or a detector may want to know, in one
 * value that outlives the flow's place in the table.
 */
#ifndef PORTSCOPE_MODEL_RECORD_H
#define PORTSCOPE_MODEL_RECORD_H

#include "model/detection.h"
#include "model/flow.h"
#include "model/verdict.h"

struct flow_record {
    struct flow flow; /* flow.sample points to `sample` below or is NULL; flow.dpi is NULL */
    struct flow_sample sample;
    struct detection detection;
    struct classification classification;
    const char *input; /* file name or interface as given; borrowed from the pipeline */
    bool is_live;      /* `input` is an interface */
    bool is_early;     /* live: the flow goes on, this is what is known of it so far */

    /* When the record was due, and the order among records due at once. Sorting by (due_ns,
     * flow.id) gives the same sequence whatever the number of lanes. */
    int64_t due_ns;
};

/* Copies a record; `to`'s flow.sample points into `to`. */
void flow_record_copy(struct flow_record *to, const struct flow_record *from);

/* The order in which records leave: by due time; at the end of input (all due at once) by their
 * first packet; then by flow id. <0, 0, >0. */
int flow_record_compare(const struct flow_record *a, const struct flow_record *b);

#endif
