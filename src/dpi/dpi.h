/* SPDX-License-Identifier: Apache-2.0
 *
 * Deep packet inspection: the only room that knows nDPI. One `struct dpi` a lane (nDPI keeps the
 * current packet in its module, so a module must not be shared between threads).
 */
#ifndef PORTSCOPE_DPI_DPI_H
#define PORTSCOPE_DPI_DPI_H

#include "base/error.h"
#include "model/detection.h"
#include "model/flow.h"
#include "model/packet.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dpi;

struct dpi_options {
    uint32_t max_packets; /* of a flow; 0: 32, beyond which nDPI 4.2 itself stops */
    uint32_t max_bytes;   /* of a flow; 0: 32 KiB */
    size_t max_memory;    /* of all flows of this lane; 0: 64 MiB. Above it no flow is begun, and
                             those begun are decided on what they have shown */
};

/* Refuses to run when nDPI's header and library do not agree. NULL with a sentence on failure.
 * `totals` is borrowed. Not thread-safe: open all lanes' before the first packet. */
struct dpi *dpi_open(const struct dpi_options *options, struct totals *totals, struct error *error);
void dpi_close(struct dpi *dpi); /* accepts NULL */

/* Shows a packet of the flow to nDPI while the flow still has budget; begins the flow's state at
 * the first packet worth showing. Only a validated, padded copy with true lengths is shown. Sets
 * FLOW_MARK_DPI_... on the flow. */
void dpi_inspect(struct dpi *dpi, struct flow *flow, const struct packet *packet,
                 enum flow_direction direction);

/* Final answer for a flow that has ended; frees its state, unless the flow goes on from the active
 * time-out and has a name: then the next record has it too. `out` is always filled. */
void dpi_finish(struct dpi *dpi, struct flow *flow, struct detection *out);

/* Whether the answer is there before the flow ends, and what is known by now. */
bool dpi_has_answer(const struct flow *flow);
void dpi_answer(const struct flow *flow, struct detection *out);

/* "4.2.0", of the library at run time. */
const char *dpi_version(void);

/* Calls `each` for every protocol nDPI can name, with its id and its category's name. */
typedef void dpi_protocol_fn(void *context, uint16_t id, const char *name, const char *category);
void dpi_each_protocol(const struct dpi *dpi, dpi_protocol_fn *each, void *context);

#endif
