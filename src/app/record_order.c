/* SPDX-License-Identifier: Apache-2.0 */
#include "app/record_order.h"

#include "base/memory.h"

#include <stdlib.h>

void record_order_init(struct record_order *order, record_fn *on_record, void *context)
{
    *order = (struct record_order){.on_record = on_record, .context = context};
    order->held = memory_new(RECORD_ORDER_MAX, sizeof *order->held);
}

void record_order_free(struct record_order *order)
{
    free(order->held);
    *order = (struct record_order){0};
}

static int compare(const void *a, const void *b)
{
    const struct flow_record *const *left = a;
    const struct flow_record *const *right = b;
    return flow_record_compare(*left, *right);
}

void record_order_flush(struct record_order *order)
{
    const struct flow_record *sorted[RECORD_ORDER_MAX];
    for (size_t i = 0; i < order->count; i++)
        sorted[i] = &order->held[i];
    if (order->count > 1)
        qsort(sorted, order->count, sizeof sorted[0], compare);
    for (size_t i = 0; i < order->count; i++)
        order->on_record(order->context, sorted[i]);
    order->count = 0;
}

void record_order_add(void *context, const struct flow_record *record)
{
    struct record_order *order = context;
    bool is_later = order->count > 0 && record->due_ns != order->held[0].due_ns;
    if (is_later || order->count == RECORD_ORDER_MAX)
        record_order_flush(order);
    flow_record_copy(&order->held[order->count++], record);
}
