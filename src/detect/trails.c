/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/trails.h"

#include "base/memory.h"
#include "model/trail.h"

#include <stdlib.h>

enum { PAIRS_MAX = 1024, RECENT_MAX = 8 };

struct latest {
    struct trail *trails[RECENT_MAX]; /* a ring */
    size_t count;
};

struct recent_trails {
    struct keyed_table *pairs;
};

/* A flow that goes on over several records, or is in several captures, is shown once. */
static bool holds(const struct finding *finding, const struct trail *trail)
{
    for (size_t i = 0; i < finding->trail_count; i++) {
        if (finding->trails[i]->flow_id == trail->flow_id)
            return true;
    }
    return false;
}

static bool take(struct finding *finding, struct trail *trail)
{
    if (!trail || finding->trail_count == FINDING_FLOWS_MAX || holds(finding, trail) ||
        !trail_pin(trail))
        return false;
    finding->trails[finding->trail_count++] = trail;
    return true;
}

void trails_take(struct finding *finding, const struct flow *flow)
{
    if (take(finding, flow->trail))
        flow_community_id(flow, flow->trail->community_id);
}

void trails_release(struct finding *finding)
{
    while (finding->trail_count > 0)
        trail_release(finding->trails[--finding->trail_count]);
}

struct recent_trails *recent_trails_new(const struct siphash_key *key)
{
    struct recent_trails *recent = memory_new(1, sizeof *recent);
    recent->pairs = keyed_table_new(PAIRS_MAX, sizeof(struct subject), sizeof(struct latest), key);
    return recent;
}

static void release_all(struct latest *latest)
{
    for (size_t i = 0; i < RECENT_MAX; i++)
        trail_release(latest->trails[i]);
}

void recent_trails_free(struct recent_trails *recent)
{
    if (!recent)
        return;
    struct latest *latest = keyed_table_oldest(recent->pairs);
    for (; latest; latest = keyed_table_younger(recent->pairs, latest))
        release_all(latest);
    keyed_table_free(recent->pairs);
    free(recent);
}

/* The pair heard of longest ago makes room, and lets go of what it holds. */
static void forget_oldest(struct keyed_table *pairs)
{
    struct latest *oldest = keyed_table_oldest(pairs);
    const struct subject subject = *(const struct subject *)keyed_table_key(pairs, oldest);
    release_all(oldest);
    keyed_table_remove(pairs, &subject);
}

void recent_trails_note(struct recent_trails *recent, const struct observation *seen)
{
    struct trail *trail = seen->flow->trail;
    if (!trail || seen->is_failed || seen->record->is_early)
        return;
    const struct subject subject = subject_of_pair(seen);
    if (keyed_table_count(recent->pairs) == PAIRS_MAX && !keyed_table_find(recent->pairs, &subject))
        forget_oldest(recent->pairs);
    struct latest *latest = keyed_table_find_or_add(recent->pairs, &subject, NULL);
    struct trail **place = &latest->trails[latest->count++ % RECENT_MAX];
    trail_release(*place);
    trail_hold(trail);
    flow_community_id(seen->flow, trail->community_id);
    *place = trail;
}

void recent_trails_take(const struct recent_trails *recent, const struct subject *subject,
                        struct finding *finding)
{
    struct subject pair = *subject;
    pair.detail = 0;
    const struct latest *latest = keyed_table_find(recent->pairs, &pair);
    for (size_t i = 0; latest && i < RECENT_MAX; i++)
        take(finding, latest->trails[(latest->count + i) % RECENT_MAX]);
}
