/* SPDX-License-Identifier: Apache-2.0
 *
 * An answer of store_groups() gathered in memory, for a backend that keeps sums: ten times as fast
 * as letting SQLite sort them. Bounded; what has more groups is left to the database.
 */
#ifndef PORTSCOPE_STORE_FOLD_H
#define PORTSCOPE_STORE_FOLD_H

#include "store/question.h"
#include "store/sum_table.h"

#include <stdbool.h>

struct fold;

/* Adds one row of sums; false: no room for more groups. */
bool fold_add(struct fold *fold, const struct sum_key *key, const int64_t values[SUMS]);

enum fold_result { FOLD_DONE, FOLD_FAILED, FOLD_TOO_MUCH };

/* Asks the backend for all sums that matter and gives the groups. */
enum fold_result fold_groups(struct store *store, const struct store_filter *filter,
                             const struct store_grouping *grouping, store_group_fn *on_group,
                             void *context, struct error *error);

#endif
