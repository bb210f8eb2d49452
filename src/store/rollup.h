/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums over flows, kept beside them by SQLite: a question about a month must not read ten million
 * rows. A batch's sums are gathered in memory and added to the tables in the batch's transaction.
 * Each family has several levels, so that a long time is answered by few rows.
 */
#ifndef PORTSCOPE_STORE_ROLLUP_H
#define PORTSCOPE_STORE_ROLLUP_H

#include "base/text.h"
#include "store/sum_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROLLUP_MINUTE_NS (INT64_C(60) * 1000000000)
#define ROLLUP_HOUR_NS (INT64_C(60) * ROLLUP_MINUTE_NS)
#define ROLLUP_DAY_NS (INT64_C(24) * ROLLUP_HOUR_NS)

enum rollup_family {
    ROLLUP_SERVICE, /* by label */
    ROLLUP_PAIR,    /* by label, initiator and responder */
    ROLLUP_FAMILIES
};

struct rollup {
    const char *table;
    enum rollup_family family;
    int64_t bucket_ns;
    /* It is filled from the next finer level, a bucket when that is over; flows that come for a
     * bucket it has are added at once. So it is complete before its end, rollup_add_end(), and has
     * nothing behind that. */
    bool is_late;
};

/* Of each family the coarsest first; each size divides the one before it. */
enum { ROLLUPS = 5 };
extern const struct rollup rollups[ROLLUPS];

/* The finest level of a family: the size of its buckets in memory. */
const struct rollup *rollup_finest(enum rollup_family family);

/* The start of the bucket that holds `at_ns`. */
int64_t rollup_bucket(int64_t at_ns, int64_t bucket_ns);

/* Statements: the table; the upsert of one entry (parameters: bucket, [initiator, responder,]
 * label, sums); filling it from the flows, or from the next finer level. `where` may be "". */
void rollup_add_create(struct text *sql, const struct rollup *rollup);
void rollup_add_upsert(struct text *sql, const struct rollup *rollup);
void rollup_add_refill(struct text *sql, const struct rollup *rollup, const char *where);
void rollup_add_refill_from(struct text *sql, const struct rollup *rollup,
                            const struct rollup *finer);

/* Of a late level: "SELECT ..." its end, 0 when it is empty; and taking over what the finer one
 * has from a time (the first parameter) until before another. */
void rollup_add_end(struct text *sql, const struct rollup *rollup);
void rollup_add_move(struct text *sql, const struct rollup *rollup, const struct rollup *finer);

#endif
