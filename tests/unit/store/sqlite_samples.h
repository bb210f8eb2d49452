/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite stores of the samples; what goes wrong fails the test.
 */
#ifndef PORTSCOPE_TESTS_SQLITE_SAMPLES_H
#define PORTSCOPE_TESTS_SQLITE_SAMPLES_H

#include "store_samples.h"

enum { FLOWS = 20000 };

static const int64_t span_ns = INT64_C(10) * 1000000000 * 1000; /* 2 h 46 min */

struct store *open_store(const char *target, enum store_mode mode);
void assert_refused(const char *target, enum store_mode mode, const char *reason);
void fill(struct store *store, uint64_t from, uint64_t to);
uint64_t count_flows(struct store *store);
void assert_sums_and_rows_agree(struct store *store, const struct store_filter *filter);

#endif
