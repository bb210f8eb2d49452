/* SPDX-License-Identifier: Apache-2.0
 *
 * The packets that led to a finding come before it. So the latest frames of every flow are kept for
 * a while: a trail. It goes from the flow to its record, and from there to the findings that hold
 * on to it. All frames lie in one pool with a bound; when it is full, the frame kept longest that
 * no finding needs makes room. (Trails are as many as flows, which have their own bound.) Safe to
 * be used by many threads.
 */
#ifndef PORTSCOPE_MODEL_TRAIL_H
#define PORTSCOPE_MODEL_TRAIL_H

#include "model/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

enum {
    TRAIL_FRAME_BYTES = 2048, /* more of a frame is not kept */
    TRAIL_OPENING = 16,       /* a flow's first frames say the most ... */
    TRAIL_LATEST = 48,        /* ... and its latest are what led to the finding */
};

/* A copy of a frame. */
struct kept_frame {
    TAILQ_ENTRY(kept_frame) by_age, in_trail;
    struct trail *trail;
    int64_t time_ns;
    uint32_t wire_length, length;
    uint16_t link_type;
    bool is_opening;
    uint8_t bytes[];
};

TAILQ_HEAD(kept_frames, kept_frame);

struct trail {
    struct trail_pool *pool;
    struct kept_frames opening, latest; /* in the order in which they came */
    size_t opening_count, latest_count;
    uint64_t seen; /* frames of the flow since the trail began, kept or not */
    unsigned holders;
    bool is_pinned;    /* by a finding */
    const char *input; /* file or interface, borrowed */
    uint64_t flow_id;
    char community_id[40]; /* of whoever holds on to it for a finding */
};

struct trail_pool;

/* How often the pool was full. */
struct trail_limits {
    uint64_t memory; /* its bound, bytes */
    uint64_t hit;    /* frames that made room before their flow ended, or found none */
};

struct trail_pool *trail_pool_new(uint64_t memory);
void trail_pool_free(struct trail_pool *pool); /* accepts NULL; all trails are released */
struct trail_limits trail_pool_limits(struct trail_pool *pool);

/* A copy on its way to its flow; NULL without a pool, or when there is no room. */
struct kept_frame *trail_keep(struct trail_pool *pool, const struct frame *frame);

/* The frame (NULL: it was not kept) becomes the latest of a flow's trail, which begins with it. */
void trail_add(struct trail_pool *pool, struct trail **trail, struct kept_frame *frame);

/* One more holder that wants the frames to stay; false when findings hold half of the pool. */
bool trail_pin(struct trail *trail);
/* One more holder that takes what is left later on. */
void trail_hold(struct trail *trail);
/* While a trail's frames are looked at: its flow may go on, and others need room. All trails of a
 * pool are locked together. */
void trail_lock(const struct trail *trail);
void trail_unlock(const struct trail *trail);
/* The last one to release frees. Accepts NULL. */
void trail_release(struct trail *trail);

#endif
