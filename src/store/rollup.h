/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums over flows, kept beside them by SQLite: a question about a month must not read ten million
 * rows. A batch's sums are gathered in memory and added to the tables in the batch's transaction.
 */
#ifndef PORTSCOPE_STORE_ROLLUP_H
#define PORTSCOPE_STORE_ROLLUP_H

#include "base/text.h"
#include "store/row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROLLUP_MINUTE_NS (INT64_C(60) * 1000000000)
#define ROLLUP_HOUR_NS (INT64_C(60) * ROLLUP_MINUTE_NS)

enum rollup_id { ROLLUP_SERVICE, ROLLUP_INITIATOR, ROLLUP_PAIR, ROLLUPS };

struct rollup {
    const char *table;
    int64_t bucket_ns;
    bool has_initiator, has_responder;
};

extern const struct rollup rollups[ROLLUPS];

/* The sums' columns, and how one is made of rows of the flow table and of a rollup. */
struct rollup_sum {
    const char *name, *of_flows, *of_sums;
    enum { SUM_ADD, SUM_LEAST, SUM_GREATEST } fold;
};

enum { ROLLUP_SUMS = 10 };
extern const struct rollup_sum rollup_sums[ROLLUP_SUMS];

enum { ROLLUP_NAME_SIZE = 64, ROLLUP_VERDICT_SIZE = 16, ROLLUP_ENTRIES_MAX = 1 << 14 };

/* Compared and hashed as bytes; the rest of each string is zero. */
struct rollup_key {
    int64_t bucket_ns;
    char service[ROLLUP_NAME_SIZE], application[ROLLUP_NAME_SIZE], probe[ROLLUP_NAME_SIZE];
    char verdict[ROLLUP_VERDICT_SIZE];
    struct address initiator, responder;
    uint8_t zero[6]; /* explicit padding */
};
_Static_assert(sizeof(struct rollup_key) == 8 + 3 * ROLLUP_NAME_SIZE + 16 + 34 + 6,
               "a key has no hidden padding");

struct rollup_entry {
    struct rollup_key key;
    int64_t sums[ROLLUP_SUMS]; /* in the order of rollup_sums */
    bool is_used;
};

/* The sums of one batch for one table. */
struct rollup_batch;

struct rollup_batch *rollup_batch_new(enum rollup_id id);
void rollup_batch_free(struct rollup_batch *batch);

/* False: full; add what is there to the table, clear, and try again. */
bool rollup_batch_add(struct rollup_batch *batch, const struct store_flow *flow);

/* The entries so far; those with is_used false are to be passed over. */
const struct rollup_entry *rollup_batch_entries(const struct rollup_batch *batch, size_t *count);
void rollup_batch_clear(struct rollup_batch *batch);

/* Statements: the table, the upsert of one entry (parameters: bucket, service, verdict,
 * application, probe, [initiator, [responder,]] sums), and filling it from the flow table. */
void rollup_add_create(struct text *sql, const struct rollup *rollup);
void rollup_add_upsert(struct text *sql, const struct rollup *rollup);
void rollup_add_refill(struct text *sql, const struct rollup *rollup, const char *where);

#endif
