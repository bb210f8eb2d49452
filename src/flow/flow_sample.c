/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/flow_sample.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that lie in the sample already, ahead of a hole; empty when both are equal. */
struct parked {
    uint16_t from, to;
};

struct pooled_sample {
    struct flow_sample sample; /* first: a sample's address is its place in the pool */
    struct parked parked[FLOW_DIRECTIONS];
    uint32_t next_free; /* as in sample_pool */
};

struct sample_pool {
    struct pooled_sample *samples;
    uint32_t free; /* number of a sample that was given back, from 1; 0: none */
    size_t capacity;
    size_t touched; /* samples from here on were never used */
};

static struct pooled_sample *pooled(struct flow_sample *sample)
{
    return (struct pooled_sample *)sample;
}

struct sample_pool *sample_pool_new(size_t capacity)
{
    struct sample_pool *pool = memory_new(1, sizeof *pool);
    pool->samples = memory_new(capacity, sizeof *pool->samples);
    pool->capacity = capacity;
    return pool;
}

void sample_pool_free(struct sample_pool *pool)
{
    if (!pool)
        return;
    free(pool->samples);
    free(pool);
}

static struct pooled_sample *take_place(struct sample_pool *pool)
{
    if (pool->free == 0)
        return pool->touched < pool->capacity ? &pool->samples[pool->touched++] : NULL;
    struct pooled_sample *place = &pool->samples[pool->free - 1];
    pool->free = place->next_free;
    return place;
}

struct flow_sample *sample_pool_take(struct sample_pool *pool)
{
    struct pooled_sample *place = take_place(pool);
    if (!place)
        return NULL;
    for (int i = 0; i < FLOW_DIRECTIONS; i++)
        flow_sample_restart(&place->sample, (enum flow_direction)i);
    place->sample.message_count = 0;
    return &place->sample;
}

/* The bytes need no clearing: nobody reads beyond the lengths. */
void flow_sample_restart(struct flow_sample *sample, enum flow_direction direction)
{
    sample->length[direction] = 0;
    sample->first_packet[direction] = 0;
    pooled(sample)->parked[direction] = (struct parked){0};
}

void sample_pool_return(struct sample_pool *pool, struct flow_sample *sample)
{
    if (!sample)
        return;
    struct pooled_sample *place = pooled(sample);
    place->next_free = pool->free;
    pool->free = (uint32_t)(place - pool->samples) + 1;
}

void flow_sample_add_message(struct flow_sample *sample, enum flow_direction direction,
                             uint32_t size)
{
    if (sample->message_count == FLOW_MESSAGES_MAX)
        return;
    unsigned i = sample->message_count++;
    sample->message_size[i] = (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX);
    sample->message_from[i] = (uint8_t)direction;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct span without_first(struct span bytes, size_t count)
{
    count = smaller(count, bytes.length);
    return (struct span){bytes.at + count, bytes.length - count};
}

/* Puts bytes at the end of what is there, up to the parked range, and takes that in when it is
 * reached. Returns what is left of the bytes. */
static struct span grow(struct flow_sample *sample, enum flow_direction direction,
                        struct span bytes)
{
    struct parked *parked = &pooled(sample)->parked[direction];
    bool has_parked = parked->to > parked->from;
    uint16_t *length = &sample->length[direction];

    size_t limit = has_parked ? parked->from : FLOW_SAMPLE_SIZE;
    size_t count = smaller(limit - *length, bytes.length);
    memcpy(sample->bytes[direction] + *length, bytes.at, count);
    *length = (uint16_t)(*length + count);
    bytes = without_first(bytes, count);
    if (has_parked && *length == parked->from) {
        bytes = without_first(bytes, (size_t)(parked->to - parked->from));
        *length = parked->to;
        *parked = (struct parked){0};
    }
    return bytes;
}

/* Keeps a range that begins behind a hole, if none is parked, or if it goes on where the parked one
 * ends. */
static void park(struct flow_sample *sample, enum flow_direction direction, size_t offset,
                 struct span bytes)
{
    struct parked *parked = &pooled(sample)->parked[direction];
    if (parked->to > parked->from) {
        if (offset < parked->from || offset > parked->to)
            return;
        bytes = without_first(bytes, parked->to - offset);
        offset = parked->to;
    } else {
        parked->from = (uint16_t)offset;
    }
    size_t count = smaller(FLOW_SAMPLE_SIZE - offset, bytes.length);
    memcpy(sample->bytes[direction] + offset, bytes.at, count);
    parked->to = (uint16_t)(offset + count);
}

void flow_sample_place(struct flow_sample *sample, enum flow_direction direction, int32_t offset,
                       struct span bytes, uint32_t packet_number)
{
    uint16_t length = sample->length[direction];
    if (bytes.length == 0 || length == FLOW_SAMPLE_SIZE || offset >= FLOW_SAMPLE_SIZE)
        return;
    if (offset > length) {
        park(sample, direction, (size_t)offset, bytes);
        return;
    }
    bytes = without_first(bytes, (size_t)((int64_t)length - offset));
    while (bytes.length > 0 && sample->length[direction] < FLOW_SAMPLE_SIZE)
        bytes = grow(sample, direction, bytes);
    if (length == 0 && sample->length[direction] > 0)
        sample->first_packet[direction] = packet_number;
}

void flow_sample_append(struct flow_sample *sample, enum flow_direction direction,
                        struct span bytes, uint32_t packet_number)
{
    flow_sample_place(sample, direction, sample->length[direction], bytes, packet_number);
}
