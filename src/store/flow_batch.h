/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows on their way into SQLite, with their sums. They are packed as they come, so that writing
 * them needs nothing of the caller's and can happen in another thread.
 */
#ifndef PORTSCOPE_STORE_FLOW_BATCH_H
#define PORTSCOPE_STORE_FLOW_BATCH_H

#include "store/column.h"
#include "store/kinds.h"
#include "store/rollup.h"
#include "store/row_list.h"

enum { FLOW_BATCH_ROWS_MAX = 1 << 17, FLOW_BATCH_BYTES_MAX = 32 << 20 };

struct flow_batch {
    struct text flows;                       /* packed: the columns IN_ROW, then the kind */
    struct text kinds, labels;               /* packed: the new ones */
    struct sum_table *sums[ROLLUP_FAMILIES]; /* of these flows, by the finest level */
    struct row_list others[TABLES];          /* rows of the other tables */
    uint64_t count, other_count;             /* rows of all tables, of the others */
};

void flow_batch_init(struct flow_batch *batch);
void flow_batch_free(struct flow_batch *batch);
void flow_batch_clear(struct flow_batch *batch);

bool flow_batch_is_full(const struct flow_batch *batch);

void flow_batch_add_flow(struct flow_batch *batch, const struct store_flow *flow,
                         const struct kind *kind);
void flow_batch_add_other(struct flow_batch *batch, enum table_id table, const void *row);

/* Reading what was packed, in the order in which it was. */
struct unpacking {
    const char *at, *end;
};
struct unpacking unpacking_of(const struct text *packed);
bool unpacking_is_over(const struct unpacking *unpacking);
int64_t unpack_number(struct unpacking *unpacking);
struct span unpack_bytes(struct unpacking *unpacking);

#endif
