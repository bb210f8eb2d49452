/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers of a store as sheets.
 */
#ifndef PORTSCOPE_REVIEW_GATHER_H
#define PORTSCOPE_REVIEW_GATHER_H

#include "review/review.h"

/* Each fills a sheet that it describes; the caller writes it (which frees it). On false the cells
 * are freed. */
bool gather_groups(struct review *review, const struct store_grouping *grouping,
                   struct sheet *sheet, struct error *error);
bool gather_findings(struct review *review, int64_t last_review_ns, struct sheet *sheet,
                     struct error *error);
bool gather_probes(struct review *review, struct sheet *sheet, struct error *error);
bool gather_flows(struct review *review, enum store_measure by, struct sheet *sheet,
                  struct error *error);

/* The least round number of minutes with which a span fits into so many buckets. */
enum { GATHER_BUCKETS = 60 };
int64_t gather_bucket(int64_t span_ns);

/* Rows of block characters, one a service, from the first to the last packet. */
bool gather_timeline(struct review *review, const struct store_group *all, struct sheet *sheet,
                     struct error *error);

#endif
