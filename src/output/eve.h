/* SPDX-License-Identifier: Apache-2.0
 *
 * The events of EVE JSON, one line each, without its newline; docs/schema/ describes them.
 */
#ifndef PORTSCOPE_OUTPUT_EVE_H
#define PORTSCOPE_OUTPUT_EVE_H

#include "base/text.h"
#include "output/sink.h"

void eve_add_flow(struct text *text, const struct flow_record *record);
void eve_add_alert(struct text *text, const struct finding *finding);
void eve_add_stats(struct text *text, const struct sink_stats *stats);

/* src_ip, src_port, dest_ip, dest_port, proto, ip_v. */
void eve_add_tuple(struct text *text, const struct endpoint *initiator,
                   const struct endpoint *responder, uint8_t protocol);

#endif
