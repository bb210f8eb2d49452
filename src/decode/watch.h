/* SPDX-License-Identifier: Apache-2.0
 *
 * The cheap test that lets uninteresting frames go after a few loads. Exact for plain and tagged
 * IPv4 and IPv6 with TCP, UDP, SCTP or DCCP; "maybe" for whatever it does not fully understand
 * (tunnels, fragments, extension headers, other link types): those are decoded.
 */
#ifndef PORTSCOPE_DECODE_WATCH_H
#define PORTSCOPE_DECODE_WATCH_H

#include "model/frame.h"
#include "model/rulebook.h"

#include <stdbool.h>

/* False only when the frame certainly carries no packet with a watched port. A frame that would
 * not decode (malformed, not IP, unsupported link) is "maybe", so that it is counted as such;
 * an IP packet without ports (ICMP, ...) that can hold no tunnel is "no". */
bool decode_is_watched(const struct frame *frame, const struct port_set *watched);

#endif
