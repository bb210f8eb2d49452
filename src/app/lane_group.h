/* SPDX-License-Identifier: Apache-2.0
 *
 * Several lanes, a thread each, fed by the flow hash; their records leave in the one order that a
 * single lane would give. Packets are copied into batches on the way (their first bytes, as many as
 * a flow may look at), so that the source's block is free at once.
 */
#ifndef PORTSCOPE_APP_LANE_GROUP_H
#define PORTSCOPE_APP_LANE_GROUP_H

#include "app/lane.h"

#include <stddef.h>

enum { LANES_MAX = 64 };

struct lane_group;

/* `options` as for one lane; the flow table's size is that of all lanes together. Records go to
 * options->on_record in the caller's thread, during the calls below. NULL with a sentence. */
struct lane_group *lane_group_open(size_t lanes, const struct lane_options *options,
                                   struct error *error);

void lane_group_begin_input(struct lane_group *group, const char *name, bool is_live);
void lane_group_add_packet(struct lane_group *group, const struct packet *packet, int64_t now_ns);

/* Hands over what was collected, and the time; records leave as they come. */
void lane_group_tick(struct lane_group *group, int64_t now_ns);

/* Waits until the lanes have nothing to do and every record that is due has left. */
void lane_group_settle(struct lane_group *group);

/* From the next packet on; settled before. */
void lane_group_set_rulebook(struct lane_group *group, const struct rulebook *rulebook);

/* Ends all flows, and waits until every record has left. */
void lane_group_end_input(struct lane_group *group);

/* Adds the totals of all lanes to `totals`; settled before, or between inputs. */
void lane_group_totals(const struct lane_group *group, struct totals *totals);

void lane_group_close(struct lane_group *group); /* accepts NULL */

#endif
