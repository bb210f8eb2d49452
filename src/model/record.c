/* SPDX-License-Identifier: Apache-2.0 */
#include "model/record.h"

void flow_record_copy(struct flow_record *to, const struct flow_record *from)
{
    *to = *from;
    if (to->flow.sample)
        to->flow.sample = &to->sample;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int flow_record_compare(const struct flow_record *a, const struct flow_record *b)
{
    int order = compare(a->due_ns, b->due_ns);
    if (order == 0 && a->due_ns == INT64_MAX)
        order = compare(a->flow.first_ns, b->flow.first_ns);
    if (order == 0)
        order = (a->flow.id > b->flow.id) - (a->flow.id < b->flow.id);
    return order;
}
