/* SPDX-License-Identifier: Apache-2.0
 *
 * What was seen, as one HTML file: no network, readable without scripts and on paper, of bounded
 * size whatever was asked for.
 */
#ifndef PORTSCOPE_REVIEW_REPORT_H
#define PORTSCOPE_REVIEW_REPORT_H

#include "model/totals.h"
#include "review/review.h"

struct report_source {
    const char *name;            /* "flows.db"; NULL: nothing to say */
    const char *scope;           /* "--since yesterday"; NULL or "": everything */
    const char *version;         /* portscope's */
    const struct totals *totals; /* of the run; NULL: of a store, which knows the sums alone */
};

/* Answers the questions of a report from review->store, as far as review->filter allows, and
 * appends the page, without a last newline. review->writer and review->top are not looked at. */
bool review_report(struct review *review, const struct report_source *source, struct text *out,
                   struct error *error);

#endif
