/* SPDX-License-Identifier: Apache-2.0
 *
 * The flows of saved captures, packet by packet, to be played again with other ports.
 */
#ifndef PORTSCOPE_BENCH_SIGHT_FLOWS_H
#define PORTSCOPE_BENCH_SIGHT_FLOWS_H

#include "base/error.h"
#include "model/flow.h"
#include "model/packet.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIGHT_PACKETS_MAX = 40 };

struct sight_flow {
    struct packet *packets;
    size_t count;
    struct endpoint service; /* the responder as the flow table found it */
    const char *file;        /* the capture it is from; NULL: made up */
};

struct sight_flows {
    struct sight_flow *items;
    size_t count;
};

/* TCP and UDP flows of all captures under `paths`; a capture damaged part-way gives what came
 * before. */
bool sight_flows_load(struct sight_flows *flows, char **paths, size_t path_count,
                      struct error *error);

#endif
