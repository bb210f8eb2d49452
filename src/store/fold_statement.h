/* SPDX-License-Identifier: Apache-2.0
 *
 * Which sums answer a question: as few rows as possible.
 */
#ifndef PORTSCOPE_STORE_FOLD_STATEMENT_H
#define PORTSCOPE_STORE_FOLD_STATEMENT_H

#include "store/backend.h"
#include "store/question.h"

/* Selects time, label, initiator, responder (NULL when they do not matter) and the sums: whole
 * buckets from the coarsest level, what is left at both ends from finer ones and from the rows. The
 * late level is complete before `late_end_ns`. */
void fold_add_statement(struct text *sql, const struct dialect *dialect,
                        const struct store_filter *filter, const struct store_grouping *grouping,
                        int64_t late_end_ns);

#endif
