/* SPDX-License-Identifier: Apache-2.0
 *
 * What was seen, for people who come back to it: the night in one screen, groups, the layout of
 * NBAR's protocol discovery, one finding, one flow.
 */
#ifndef PORTSCOPE_REVIEW_REVIEW_H
#define PORTSCOPE_REVIEW_REVIEW_H

#include "review/sheet.h"
#include "store/question.h"

#include <stdbool.h>

struct review {
    struct store *store;
    struct store_filter filter;
    uint64_t top;               /* rows of a list */
    struct sheet_writer writer; /* appends to its page's text */
    bool shows_acknowledged;    /* findings somebody has acknowledged, too */
};

/* The screen. "New" is what was first stored after `last_review_ns`; 0: nothing is called new. */
bool review_night(struct review *review, int64_t last_review_ns, struct error *error);

/* "service,verdict" grouped as asked; the page's limit is review->top. */
bool review_groups(struct review *review, const char *keys, enum store_measure by,
                   struct error *error);

/* Per application and direction: packets, bytes, bit rate of the last five minutes, and the
 * highest; always as text in that layout. A flow counts in the minute in which it began. */
bool review_protocol_discovery(struct review *review, struct error *error);

/* Everything known of one. */
bool review_finding(struct review *review, const char *id, struct error *error);
bool review_flow(struct review *review, const char *flow_id, struct error *error);

/* Flow records, `by` a measure. */
bool review_flows(struct review *review, enum store_measure by, struct error *error);

/* Reads a point in time: "2026-11-20", "2026-11-20T09:15", "2026-11-20 09:15:30", all UTC;
 * "today", "yesterday" (by the clock `now_ns`); "2h" (before `end_ns`, the newest packet). */
bool review_time_parse(const char *word, int64_t now_ns, int64_t end_ns, int64_t *out_ns);

#endif
