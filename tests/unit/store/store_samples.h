/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows for the tests of stores, and the answers of questions as lines.
 */
#ifndef PORTSCOPE_TESTS_STORE_SAMPLES_H
#define PORTSCOPE_TESTS_STORE_SAMPLES_H

#include "base/text.h"
#include "store_flows.h"

#include "store/question.h"

struct store_finding sample_store_finding(void);

/* The answers of a question as lines, so that two stores can be compared. */
void sample_print_groups(struct store *store, const struct store_filter *filter,
                         const struct store_grouping *grouping, struct text *out);
void sample_print_flows(struct store *store, const struct store_filter *filter,
                        const struct store_page *page, struct text *out);
/* The same of several pages, each from where the one before ended. */
void sample_print_pages(struct store *store, const struct store_filter *filter,
                        const struct store_page *page, uint64_t pages, struct text *out);
void sample_print_findings(struct store *store, const struct store_filter *filter,
                           struct text *out);

/* Every question worth asking, with every kind of filter, as lines. */
void sample_print_everything(struct store *store, struct text *out);

/* A folder of the test's own (cmocka's set-up and tear-down), and paths in it. */
int sample_make_folder(void **state);
int sample_remove_folder(void **state);
const char *sample_path(const char *name, char out[256]);

#endif
