/* SPDX-License-Identifier: Apache-2.0
 *
 * The report as a sink: "-o report:report.html".
 */
#ifndef PORTSCOPE_APP_REPORT_SINK_H
#define PORTSCOPE_APP_REPORT_SINK_H

#include "output/sink.h"

extern const struct sink_type report_sink;

#endif
