/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_OUTPUT_ZEEK_NOTICE_H
#define PORTSCOPE_OUTPUT_ZEEK_NOTICE_H

#include "model/finding.h"
#include "output/zeek_log.h"

/* Makes `log` a notice.log. */
void zeek_notice_init(struct zeek_log *log);

/* A finding as its columns. */
void zeek_notice_add(struct text *line, const struct finding *finding);

#endif
