/* SPDX-License-Identifier: Apache-2.0
 *
 * The loop of `portscope live`: frames in, time passes, and once a second whatever is due besides.
 */
#ifndef PORTSCOPE_APP_LIVE_H
#define PORTSCOPE_APP_LIVE_H

#include "app/pipeline.h"
#include "app/rotation.h"
#include "capture/interface.h"

struct live_options {
    const char *name;          /* of the interfaces, in records */
    int64_t duration_ns;       /* 0: until a signal comes */
    int64_t stats_interval_ns; /* 0: only at the end */
    struct rotation rotation;
    int service; /* the manager's socket, -1: none */
};

/* Watches until the signal, the time, the number of packets, or the end of an interface; what goes
 * wrong is reported to the pipeline's notices. Totals are left in the pipeline. */
void live_run(struct pipeline *pipeline, struct interfaces *interfaces,
              const struct live_options *options);

#endif
