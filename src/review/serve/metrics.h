/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers for Prometheus, in its text format 0.0.4: what the store holds, and how the server fares.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_METRICS_H
#define PORTSCOPE_REVIEW_SERVE_METRICS_H

#include "review/serve/inquiry.h"

#include <stdint.h>

enum { METRICS_STATUSES = 6 };

struct serve_counters {
    uint64_t requests[METRICS_STATUSES]; /* by the first digit of the status */
    uint64_t busy_ns;
};

struct serve_gauges {
    struct serve_counters counters;
    uint64_t cache_hits, cache_misses, watch_failures;
    unsigned listeners;
    const char *version;
};

/* What the store holds: sums over all of it. */
inquiry_fn metrics_of_store;

void metrics_of_server(struct text *out, const struct serve_gauges *gauges);

#endif
