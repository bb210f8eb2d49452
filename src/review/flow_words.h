/* SPDX-License-Identifier: Apache-2.0
 *
 * What follows from a flow's endpoints: made when it is asked for, rather than kept ten million
 * times.
 */
#ifndef PORTSCOPE_REVIEW_FLOW_WORDS_H
#define PORTSCOPE_REVIEW_FLOW_WORDS_H

#include "model/flow.h"
#include "store/row.h"

enum { FLOW_FILTER_SIZE = 256 };

const char *flow_row_community_id(const struct store_flow *row, char out[FLOW_COMMUNITY_ID_SIZE]);

/* Only this flow, in Wireshark's words. */
const char *flow_row_display_filter(const struct store_flow *row, char out[FLOW_FILTER_SIZE]);

#endif
