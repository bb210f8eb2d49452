/* SPDX-License-Identifier: Apache-2.0
 *
 * The columns of each table and the members of the row structs that they hold: statements, inserts
 * and readers all follow from these.
 */
#ifndef PORTSCOPE_STORE_COLUMN_H
#define PORTSCOPE_STORE_COLUMN_H

#include "base/address.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_kind {
    COLUMN_TEXT,    /* const char * */
    COLUMN_ADDRESS, /* struct address; 4 or 16 octets */
    COLUMN_I64,
    COLUMN_U64, /* below 2^63 */
    COLUMN_U32,
    COLUMN_U16,
    COLUMN_U8,
    COLUMN_BOOL,
};

/* Where SQLite keeps a column of the flow table: what few flows have for themselves, and once for
 * all flows that are alike. */
enum column_place {
    IN_ROW,
    IN_ROW_AS_OCTETS, /* hexadecimal digits, kept as what they mean */
    IN_KIND,          /* of flows that were judged alike */
    IN_LABEL,         /* of kinds that are summed together */
};

struct column {
    const char *name;
    enum column_kind kind;
    size_t offset; /* of the member in the row's struct */
    enum column_place place;
};

enum table_id { TABLE_FLOW, TABLE_FINDING, TABLE_RUN, TABLE_ACKNOWLEDGEMENT, TABLE_REVIEW, TABLES };

struct table {
    const char *name;
    const struct column *columns;
    size_t column_count;
    const char *time; /* the column by which ClickHouse divides and orders it */
};

const struct table *table_of(enum table_id id);

struct store_review_row {
    int64_t at_ns;
};

struct store_acknowledgement_row {
    const char *finding_id, *by, *comment;
    int64_t at_ns;
    uint8_t severity; /* of the finding then */
};

/* The value of a column in a row. Text and octets are spans; everything else is a number. */
struct column_value {
    struct span bytes;
    int64_t number;
    bool is_number;
};
struct column_value column_get(const struct column *column, const void *row);

/* One answer of a query: printed cells, addresses in hexadecimal. */
struct cells {
    const char *const *words; /* never NULL, terminated */
    size_t count;
};

/* "a,hex(b),c": what to select so that row_read() can read it. */
void table_add_select_list(struct text *sql, const struct table *table);

/* Fills a row's struct from the cells of table_add_select_list(); texts are borrowed. */
void row_read(const struct table *table, const struct cells *cells, void *row);

int64_t cell_i64(const char *cell);
uint64_t cell_u64(const char *cell);
struct address cell_address(const char *hex);

/* Two hexadecimal digits; false when they are none. */
bool hex_octet(const char *digits, uint8_t *out);

#endif
