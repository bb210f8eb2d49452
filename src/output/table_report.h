/* SPDX-License-Identifier: Apache-2.0
 *
 * What the table says, section by section; each leaves itself out when it has nothing to say.
 */
#ifndef PORTSCOPE_OUTPUT_TABLE_REPORT_H
#define PORTSCOPE_OUTPUT_TABLE_REPORT_H

#include "model/finding.h"
#include "model/totals.h"
#include "output/page.h"
#include "output/table_groups.h"

#include <stddef.h>
#include <stdint.h>

/* Findings as far as they are kept, worst first, and all of them by severity. */
struct finding_list {
    const struct finding *all;
    size_t count;
    uint64_t by_severity[SEVERITIES];
};

void report_headline(struct page *page, const struct totals *totals, const struct groups *groups);
void report_findings(struct page *page, const struct finding_list *findings);
void report_services(struct page *page, const struct groups *groups);
void report_topics(struct page *page, const struct groups *groups);
void report_elsewhere(struct page *page, const struct groups *groups);
void report_limits(struct page *page, const struct totals *totals, const struct groups *groups);
void report_packets(struct page *page, const struct totals *totals);

#endif
