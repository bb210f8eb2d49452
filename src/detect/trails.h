/* SPDX-License-Identifier: Apache-2.0
 *
 * The frames behind findings (model/trail.h). A finding about a flow takes the flow's; one about
 * what came before, or about what did not come, takes those of the pair's latest flows, which are
 * remembered for a while.
 */
#ifndef PORTSCOPE_DETECT_TRAILS_H
#define PORTSCOPE_DETECT_TRAILS_H

#include "base/siphash.h"
#include "detect/detector.h"

/* The finding holds on to the frames of the flow, if it has any, until they are released. */
void trails_take(struct finding *finding, const struct flow *flow);
void trails_release(struct finding *finding);

struct recent_trails;

struct recent_trails *recent_trails_new(const struct siphash_key *key);
void recent_trails_free(struct recent_trails *recent); /* accepts NULL */

void recent_trails_note(struct recent_trails *recent, const struct observation *seen);

/* What the latest flows of the subject's pair left. */
void recent_trails_take(const struct recent_trails *recent, const struct subject *subject,
                        struct finding *finding);

#endif
