/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_OUTPUT_SYSLOG_HEADER_H
#define PORTSCOPE_OUTPUT_SYSLOG_HEADER_H

#include "base/text.h"
#include "model/finding.h"

/* RFC 5424: priority, version, time, and the names up to MSGID, each followed by a blank. */
void syslog_add_header(struct text *text, const struct finding *finding);

#endif
