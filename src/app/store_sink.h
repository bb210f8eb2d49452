/* SPDX-License-Identifier: Apache-2.0
 *
 * The store as a sink: "-o store:flows.db".
 */
#ifndef PORTSCOPE_APP_STORE_SINK_H
#define PORTSCOPE_APP_STORE_SINK_H

#include "output/sink.h"

extern const struct sink_type store_sink;

/* The machine's clock, in ns: when something was stored or reviewed. */
int64_t wall_clock_ns(void);

#endif
