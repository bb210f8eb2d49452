/* SPDX-License-Identifier: Apache-2.0
 *
 * Records that are due at the very same time leave in the order of their flow ids, whichever lane
 * they come from. Records must arrive in order of due time.
 */
#ifndef PORTSCOPE_APP_RECORD_ORDER_H
#define PORTSCOPE_APP_RECORD_ORDER_H

#include "app/lane.h"

#include <stddef.h>

/* So many due at once are sorted; of more, the first so many leave before the others. */
enum { RECORD_ORDER_MAX = 256 };

struct record_order {
    record_fn *on_record;
    void *context;
    struct flow_record *held; /* all due at the same time */
    size_t count;
};

void record_order_init(struct record_order *order, record_fn *on_record, void *context);
void record_order_free(struct record_order *order);

/* A record_fn; `context` is a struct record_order. */
void record_order_add(void *context, const struct flow_record *record);

/* Lets go of what is held. */
void record_order_flush(struct record_order *order);

#endif
