/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows as rows of chosen fields (--fields); equal rows are one, with a count. Bounded.
 */
#ifndef PORTSCOPE_OUTPUT_TABLE_ROWS_H
#define PORTSCOPE_OUTPUT_TABLE_ROWS_H

#include "output/bounded_map.h"
#include "output/field.h"
#include "output/page.h"

#include <stdint.h>

enum { ROWS_MAX = 10000 };

struct rows {
    struct field_list fields;
    struct bounded_map map; /* of struct row, in table_rows.c */
    struct text cells;      /* of all rows, each cell terminated */
    struct field_value value;
    uint64_t untold_flows; /* of rows beyond ROWS_MAX */
};

void rows_init(struct rows *rows, const struct field_list *fields);
void rows_reset(struct rows *rows);
void rows_add(struct rows *rows, const struct flow_record *record);

/* Those that most deserve a look first. */
void rows_print(struct rows *rows, struct page *page);

#endif
