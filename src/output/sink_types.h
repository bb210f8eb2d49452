/* SPDX-License-Identifier: Apache-2.0
 *
 * The sinks there are; sinks.c lists them.
 */
#ifndef PORTSCOPE_OUTPUT_SINK_TYPES_H
#define PORTSCOPE_OUTPUT_SINK_TYPES_H

#include "output/sink.h"

extern const struct sink_type cef_sink;
extern const struct sink_type csv_sink;
extern const struct sink_type eve_sink;
extern const struct sink_type evidence_sink;
extern const struct sink_type syslog_sink;
extern const struct sink_type table_sink;
extern const struct sink_type zeek_sink;

#endif
