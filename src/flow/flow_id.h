/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_FLOW_FLOW_ID_H
#define PORTSCOPE_FLOW_FLOW_ID_H

#include "model/flow.h"

#include <stdbool.h>
#include <stdint.h>

/* The id of the flow that begins at `first_ns`: the same on every run, from 1 to 2^53 - 1, which
 * JSON readers that keep numbers as doubles hold exactly. */
uint64_t flow_id_of(const struct flow_key *key, int64_t first_ns, bool initiator_is_low);

#endif
