/* SPDX-License-Identifier: Apache-2.0
 *
 * The bounded pool of flow samples, and how payload gets into one. Its memory is not touched
 * before it is used.
 */
#ifndef PORTSCOPE_FLOW_FLOW_SAMPLE_H
#define PORTSCOPE_FLOW_FLOW_SAMPLE_H

#include "base/cursor.h"
#include "model/flow.h"

#include <stddef.h>
#include <stdint.h>

struct sample_pool;

/* The caller frees it. */
struct sample_pool *sample_pool_new(size_t capacity);
void sample_pool_free(struct sample_pool *pool);

/* An empty sample, or NULL when all are taken. */
struct flow_sample *sample_pool_take(struct sample_pool *pool);
/* Accepts NULL. */
void sample_pool_return(struct sample_pool *pool, struct flow_sample *sample);

/* Keeps the size and direction of one of the first messages. */
void flow_sample_add_message(struct flow_sample *sample, enum flow_direction direction,
                             uint32_t size);

/* Forgets the bytes of one direction: they were not of this stream. */
void flow_sample_restart(struct flow_sample *sample, enum flow_direction direction);

/* Puts bytes of the stream at `offset` (below 0: they begin before the sample does). What is there
 * already stays, as the receiver has it. One range ahead of a hole is kept until the hole is
 * filled. `packet_number` is noted with the first byte. */
void flow_sample_place(struct flow_sample *sample, enum flow_direction direction, int32_t offset,
                       struct span bytes, uint32_t packet_number);

/* Puts bytes behind those that are there. */
void flow_sample_append(struct flow_sample *sample, enum flow_direction direction,
                        struct span bytes, uint32_t packet_number);

#endif
