/* SPDX-License-Identifier: Apache-2.0
 *
 * The user's own libpcap expression, applied to frames of any link type exactly as given.
 */
#ifndef PORTSCOPE_CAPTURE_FRAME_FILTER_H
#define PORTSCOPE_CAPTURE_FRAME_FILTER_H

#include "base/error.h"
#include "model/frame.h"

#include <stdbool.h>

struct frame_filter;

/* Compiles for Ethernet to find mistakes at once; other link types follow when their first frame
 * comes. NULL with libpcap's sentence when the expression is wrong. The caller frees it. */
struct frame_filter *frame_filter_new(const char *expression, struct error *error);
void frame_filter_free(struct frame_filter *filter); /* accepts NULL */

/* False also for a link type that the expression has no meaning on. */
bool frame_filter_matches(struct frame_filter *filter, const struct frame *frame);

#endif
