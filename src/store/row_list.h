/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of one table, copied with their strings and kept: for what is told several times and counts
 * once. Bounded.
 */
#ifndef PORTSCOPE_STORE_ROW_LIST_H
#define PORTSCOPE_STORE_ROW_LIST_H

#include "store/column.h"

#include <stdbool.h>

enum { ROW_LIST_MAX = 1 << 16 };

struct row_list {
    const struct table *table;
    size_t row_size;
    void **rows; /* each the row's struct, its strings behind it */
    size_t count, capacity;
};

/* False: full. */
bool row_list_add(struct row_list *list, const void *row);
/* Puts `row` in the place of the last one. */
void row_list_replace_last(struct row_list *list, const void *row);
void row_list_clear(struct row_list *list);
void row_list_free(struct row_list *list);

#endif
