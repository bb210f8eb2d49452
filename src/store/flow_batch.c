/* SPDX-License-Identifier: Apache-2.0 */
#include "store/flow_batch.h"

#include <assert.h>
#include <string.h>

void flow_batch_init(struct flow_batch *batch)
{
    static const size_t row_sizes[TABLES] = {
        [TABLE_FINDING] = sizeof(struct store_finding),
        [TABLE_RUN] = sizeof(struct store_run),
        [TABLE_ACKNOWLEDGEMENT] = sizeof(struct store_acknowledgement_row),
        [TABLE_REVIEW] = sizeof(struct store_review_row),
    };
    *batch = (struct flow_batch){.count = 0};
    for (enum table_id id = 0; id < TABLES; id++)
        batch->others[id] = (struct row_list){.table = table_of(id), .row_size = row_sizes[id]};
    for (size_t i = 0; i < ROLLUP_FAMILIES; i++)
        batch->sums[i] = sum_table_new(FLOW_BATCH_ROWS_MAX);
}

void flow_batch_free(struct flow_batch *batch)
{
    text_free(&batch->flows);
    text_free(&batch->kinds);
    text_free(&batch->labels);
    for (size_t i = 0; i < ROLLUP_FAMILIES; i++)
        sum_table_free(batch->sums[i]);
    for (size_t i = 0; i < TABLES; i++)
        row_list_free(&batch->others[i]);
}

void flow_batch_clear(struct flow_batch *batch)
{
    text_clear(&batch->flows);
    text_clear(&batch->kinds);
    text_clear(&batch->labels);
    for (size_t i = 0; i < ROLLUP_FAMILIES; i++)
        sum_table_clear(batch->sums[i]);
    for (size_t i = 0; i < TABLES; i++)
        row_list_clear(&batch->others[i]);
    batch->count = batch->other_count = 0;
}

bool flow_batch_is_full(const struct flow_batch *batch)
{
    return batch->count >= FLOW_BATCH_ROWS_MAX || batch->other_count >= ROW_LIST_MAX ||
           batch->flows.length >= FLOW_BATCH_BYTES_MAX ||
           batch->kinds.length >= FLOW_BATCH_BYTES_MAX;
}

static void pack_number(struct text *packed, int64_t number)
{
    text_add_n(packed, (const char *)&number, sizeof number);
}

static void pack_bytes(struct text *packed, struct span bytes)
{
    uint32_t length = (uint32_t)bytes.length;
    text_add_n(packed, (const char *)&length, sizeof length);
    text_add_n(packed, (const char *)bytes.at, length);
}

/* What is no hexadecimal number, which only a file of EVE lines can bring, is left out. */
static void pack_octets(struct text *packed, struct span digits)
{
    uint8_t octets[64];
    size_t length = 0;
    while (length < sizeof octets && 2 * length + 1 < digits.length &&
           hex_octet((const char *)digits.at + 2 * length, &octets[length]))
        length++;
    pack_bytes(packed, (struct span){octets, length});
}

static void pack_column(struct text *packed, const struct column *column, const void *row)
{
    struct column_value value = column_get(column, row);
    if (value.is_number)
        pack_number(packed, value.number);
    else if (column->place == IN_ROW_AS_OCTETS)
        pack_octets(packed, value.bytes);
    else
        pack_bytes(packed, value.bytes);
}

/* Of a new kind: number, label, words; of a new label: number, words. */
static void pack_new(struct flow_batch *batch, const struct kind *kind)
{
    if (kind->label_words) {
        const struct text *words = kind->label_words;
        pack_number(&batch->labels, kind->label);
        pack_bytes(&batch->labels, (struct span){(const uint8_t *)words->data, words->length});
    }
    if (kind->words) {
        const struct text *words = kind->words;
        pack_number(&batch->kinds, kind->id);
        pack_number(&batch->kinds, kind->label);
        pack_bytes(&batch->kinds, (struct span){(const uint8_t *)words->data, words->length});
    }
}

/* Never full: a batch has at most as many sums as rows, and is written when it has its rows. */
static void add_to_sums(struct flow_batch *batch, const struct store_flow *flow, uint32_t label)
{
    int64_t values[SUMS];
    sums_of_flow(flow, values);
    for (enum rollup_family family = 0; family < ROLLUP_FAMILIES; family++) {
        struct sum_key key = {
            .bucket_ns = rollup_bucket(flow->first_ns, rollup_finest(family)->bucket_ns),
            .label = label,
        };
        if (family == ROLLUP_PAIR) {
            key.initiator = flow->initiator;
            key.responder = flow->responder;
        }
        bool is_added = sum_table_add(batch->sums[family], &key, values);
        assert(is_added);
        (void)is_added;
    }
}

void flow_batch_add_flow(struct flow_batch *batch, const struct store_flow *flow,
                         const struct kind *kind)
{
    const struct table *table = table_of(TABLE_FLOW);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        if (column->place == IN_ROW || column->place == IN_ROW_AS_OCTETS)
            pack_column(&batch->flows, column, flow);
    }
    pack_number(&batch->flows, kind->id);
    pack_new(batch, kind);
    add_to_sums(batch, flow, kind->label);
    batch->count++;
}

void flow_batch_add_other(struct flow_batch *batch, enum table_id table, const void *row)
{
    bool is_added = row_list_add(&batch->others[table], row);
    assert(is_added);
    (void)is_added;
    batch->other_count++;
    batch->count++;
}

struct unpacking unpacking_of(const struct text *packed)
{
    const char *at = text_words(packed);
    return (struct unpacking){at, at + packed->length};
}

bool unpacking_is_over(const struct unpacking *unpacking)
{
    return unpacking->at == unpacking->end;
}

int64_t unpack_number(struct unpacking *unpacking)
{
    int64_t number;
    memcpy(&number, unpacking->at, sizeof number);
    unpacking->at += sizeof number;
    return number;
}

struct span unpack_bytes(struct unpacking *unpacking)
{
    uint32_t length;
    memcpy(&length, unpacking->at, sizeof length);
    const struct span bytes = {(const uint8_t *)unpacking->at + sizeof length, length};
    unpacking->at += sizeof length + length;
    return bytes;
}
