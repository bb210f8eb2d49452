/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row_list.h"

#include "base/memory.h"

#include <stdlib.h>

static const char *string_at(const void *row, const struct column *column)
{
    const char *string;
    memcpy(&string, (const char *)row + column->offset, sizeof string);
    return string;
}

static size_t string_sizes(const struct table *table, const void *row)
{
    size_t size = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].kind == COLUMN_TEXT)
            size += strlen(string_at(row, &table->columns[i])) + 1;
    }
    return size;
}

static void *copy(const struct row_list *list, const void *row)
{
    char *whole = memory_new(1, list->row_size + string_sizes(list->table, row));
    char *end = whole + list->row_size;
    memcpy(whole, row, list->row_size);
    for (size_t i = 0; i < list->table->column_count; i++) {
        const struct column *column = &list->table->columns[i];
        if (column->kind != COLUMN_TEXT)
            continue;
        const char *string = string_at(row, column);
        size_t size = strlen(string) + 1;
        const char *place = memcpy(end, string, size);
        memcpy(whole + column->offset, &place, sizeof place);
        end += size;
    }
    return whole;
}

bool row_list_add(struct row_list *list, const void *row)
{
    if (list->count == ROW_LIST_MAX)
        return false;
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        list->rows = memory_resize(list->rows, list->capacity, sizeof *list->rows);
    }
    list->rows[list->count++] = copy(list, row);
    return true;
}

void row_list_replace_last(struct row_list *list, const void *row)
{
    void *former = list->rows[list->count - 1];
    list->rows[list->count - 1] = copy(list, row);
    free(former); /* `row` may borrow from it */
}

void row_list_clear(struct row_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->rows[i]);
    list->count = 0;
}

void row_list_free(struct row_list *list)
{
    row_list_clear(list);
    free(list->rows);
}
