/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the store as JSON: every column under its name, so that none can be forgotten. Times are
 * RFC 3339 ("first_ns" becomes "first"), lists are arrays, numbers beyond JavaScript's are strings.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_ROW_JSON_H
#define PORTSCOPE_REVIEW_SERVE_ROW_JSON_H

#include "base/text.h"
#include "store/column.h"
#include "store/question.h"

/* The members of an open object. `names`: only these columns, NULL-terminated; NULL: all. */
void row_json(struct text *json, enum table_id table, const void *row, const char *const *names);

/* A whole object: the row, and what a person said of it. */
void finding_json(struct text *json, const struct store_finding *finding, const char *const *names);

/* The sums of a group in an open object. */
void sums_json(struct text *json, const struct store_group *group);

void time_json(struct text *json, const char *key, int64_t time_ns); /* 0: null */

#endif
