/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums of flows by time, label and addresses, in memory: those of a batch on its way to the
 * rollups, and those of an answer.
 */
#ifndef PORTSCOPE_STORE_SUM_TABLE_H
#define PORTSCOPE_STORE_SUM_TABLE_H

#include "base/address.h"
#include "store/row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The sums' columns, how one is made of rows of the flow table, and of other sums. */
struct sum {
    const char *name, *of_flows, *of_sums;
    enum { SUM_ADD, SUM_LEAST, SUM_GREATEST } fold;
};

enum sum_id {
    SUM_FLOWS,
    SUM_PACKETS_THERE,
    SUM_PACKETS_BACK,
    SUM_BYTES_THERE,
    SUM_BYTES_BACK,
    SUM_PAYLOAD_THERE,
    SUM_PAYLOAD_BACK,
    SUM_FIRST,
    SUM_LAST,
    SUM_STORED,
    SUMS
};
extern const struct sum sums[SUMS];

/* What one flow adds. */
void sums_of_flow(const struct store_flow *flow, int64_t values[SUMS]);

/* Compared and hashed as bytes. */
struct sum_key {
    int64_t bucket_ns;
    uint32_t label;
    struct address initiator, responder;
    uint8_t zero[2]; /* explicit padding */
};
_Static_assert(sizeof(struct sum_key) == 48, "a key has no hidden padding");

struct sum_entry {
    struct sum_key key;
    int64_t sums[SUMS];
};

struct sum_table;

/* Grows up to `most` entries. */
struct sum_table *sum_table_new(size_t most);
void sum_table_free(struct sum_table *table); /* accepts NULL */

/* False: full, and nothing was added. */
bool sum_table_add(struct sum_table *table, const struct sum_key *key, const int64_t values[SUMS]);

/* Sorts by time, addresses and label: the order in which the rollups keep them. Then nothing may
 * be added before the table is cleared. */
void sum_table_sort(struct sum_table *table);
const struct sum_entry *sum_table_entries(const struct sum_table *table, size_t *count);
void sum_table_clear(struct sum_table *table);

#endif
