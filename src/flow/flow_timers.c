/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/flow_slots.h"

#include <stdlib.h>

static enum timer_class class_of(const struct slot *slot)
{
    if (slot->flow.key.protocol == TRANSPORT_UDP)
        return TIMER_UDP;
    if (slot->flow.key.protocol != TRANSPORT_TCP)
        return TIMER_OTHER;
    if (tcp_state_is_over(&slot->tcp))
        return TIMER_TCP_CLOSED;
    return slot->tcp.has_progressed ? TIMER_TCP_ESTABLISHED : TIMER_TCP_ATTEMPT;
}

int64_t flow_timers_due(const struct flow_table *table, const struct slot *slot)
{
    int64_t due_ns;
    if (__builtin_add_overflow(slot->active_ns, table->timeouts[slot->timer_class], &due_ns))
        return INT64_MAX;
    return due_ns;
}

enum flow_end flow_timers_reason(const struct slot *slot)
{
    if (slot->timer_class != TIMER_TCP_CLOSED)
        return FLOW_IDLE;
    return tcp_state_is_reset(&slot->tcp) ? FLOW_RESET : FLOW_CLOSED;
}

void flow_timers_remove(struct flow_table *table, struct slot *slot)
{
    if (!slot->is_timed)
        return;
    struct timer_list *list = &table->timers[slot->timer_class];
    *(slot->older ? &slot->older->younger : &list->oldest) = slot->younger;
    *(slot->younger ? &slot->younger->older : &list->youngest) = slot->older;
    slot->is_timed = false;
}

void flow_timers_touch(struct flow_table *table, struct slot *slot)
{
    flow_timers_remove(table, slot);
    slot->active_ns = table->now_ns;
    slot->timer_class = (uint8_t)class_of(slot);
    slot->is_timed = true;

    struct timer_list *list = &table->timers[slot->timer_class];
    slot->older = list->youngest;
    slot->younger = NULL;
    *(slot->older ? &slot->older->younger : &list->oldest) = slot;
    list->youngest = slot;

    int64_t due_ns = flow_timers_due(table, slot);
    if (due_ns < table->next_due_ns)
        table->next_due_ns = due_ns;
}

struct slot *flow_timers_longest_idle(const struct flow_table *table)
{
    struct slot *longest = NULL;
    for (int i = 0; i < TIMER_CLASSES; i++) {
        struct slot *slot = table->timers[i].oldest;
        if (!slot)
            continue;
        bool is_longer =
            !longest || slot->active_ns < longest->active_ns ||
            (slot->active_ns == longest->active_ns && slot->flow.id < longest->flow.id);
        if (is_longer)
            longest = slot;
    }
    return longest;
}

static int compare_endings(const void *left, const void *right)
{
    const struct ending *a = left, *b = right;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* Collects the flows of all lists that are due at `now_ns`; returns how many. */
static size_t collect_due(struct flow_table *table, int64_t now_ns)
{
    size_t count = 0;
    table->next_due_ns = INT64_MAX;
    for (int i = 0; i < TIMER_CLASSES; i++) {
        struct slot *slot = table->timers[i].oldest;
        for (; slot && flow_timers_due(table, slot) <= now_ns; slot = slot->younger)
            table->endings[count++] =
                (struct ending){flow_timers_due(table, slot), slot->flow.id, slot};
        if (slot && flow_timers_due(table, slot) < table->next_due_ns)
            table->next_due_ns = flow_timers_due(table, slot);
    }
    return count;
}

void flow_table_expire(struct flow_table *table, int64_t now_ns)
{
    if (flow_table_advance(table, now_ns) < table->next_due_ns)
        return;
    size_t count = collect_due(table, table->now_ns);
    qsort(table->endings, count, sizeof *table->endings, compare_endings);
    for (size_t i = 0; i < count; i++) {
        struct slot *slot = table->endings[i].slot;
        flow_table_end(table, slot, flow_timers_reason(slot), table->endings[i].at_ns);
    }
}

void flow_table_drain(struct flow_table *table, enum flow_end reason)
{
    size_t count = 0;
    for (int i = 0; i < TIMER_CLASSES; i++) {
        for (struct slot *slot = table->timers[i].oldest; slot; slot = slot->younger)
            table->endings[count++] = (struct ending){slot->flow.first_ns, slot->flow.id, slot};
    }
    qsort(table->endings, count, sizeof *table->endings, compare_endings);
    for (size_t i = 0; i < count; i++) {
        struct slot *slot = table->endings[i].slot;
        bool is_over = slot->timer_class == TIMER_TCP_CLOSED;
        flow_table_end(table, slot, is_over ? flow_timers_reason(slot) : reason, INT64_MAX);
    }
}
