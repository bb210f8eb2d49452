/* SPDX-License-Identifier: Apache-2.0
 *
 * One lock for the whole group, held for a moment per batch and per record. The caller's thread
 * fills batches and, whenever it waits or hands one over, lets records leave: the earliest of all
 * lanes, as soon as no lane can still bring an earlier one.
 *
 * It cannot stand still: a lane that waits for room holds records, a lane that waits for packets is
 * given the time ("now") as soon as the caller has to wait for another.
 */
#include "app/lane_group.h"

#include "app/packet_batch.h"
#include "app/record_order.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

enum { BATCHES = 8, RECORDS = 1024 };

struct worker {
    struct lane_group *group;
    struct lane lane;
    pthread_t thread;
    pthread_cond_t changed; /* a batch came, or room for records */

    struct packet_batch *open; /* being filled by the caller; NULL: none at hand */
    struct packet_batch *queue[BATCHES];
    size_t queue_first, queue_count;
    struct packet_batch *spare[BATCHES];
    size_t spare_count;

    struct flow_record *records;
    size_t record_first, record_count;
    bool waits_for_room;  /* for records */
    int64_t watermark_ns; /* all that was due by then is in `records` or has left */
    bool has_ended_input;
};

struct lane_group {
    pthread_mutex_t lock;
    pthread_cond_t progressed; /* a lane returned a batch, or has a record */
    struct siphash_key key;
    size_t max_flows, max_samples; /* of all lanes together */
    struct record_order order;
    struct worker *workers;
    size_t count;
    int64_t now_ns;
    bool is_closing;
};

/* --- in the lane's thread --- */

static void hand_over(void *context, const struct flow_record *record)
{
    struct worker *worker = context;
    struct lane_group *group = worker->group;
    pthread_mutex_lock(&group->lock);
    while (worker->record_count == RECORDS) {
        worker->waits_for_room = true;
        pthread_cond_wait(&worker->changed, &group->lock);
    }
    size_t at = (worker->record_first + worker->record_count) % RECORDS;
    flow_record_copy(&worker->records[at], record);
    worker->record_count++;
    if (worker->record_count == RECORDS)
        pthread_cond_signal(&group->progressed);
    pthread_mutex_unlock(&group->lock);
}

static struct packet_batch *next_batch(struct worker *worker)
{
    struct lane_group *group = worker->group;
    struct packet_batch *batch = NULL;
    pthread_mutex_lock(&group->lock);
    while (worker->queue_count == 0 && !group->is_closing)
        pthread_cond_wait(&worker->changed, &group->lock);
    if (worker->queue_count > 0) {
        batch = worker->queue[worker->queue_first];
        worker->queue_first = (worker->queue_first + 1) % BATCHES;
        worker->queue_count--;
    }
    pthread_mutex_unlock(&group->lock);
    return batch;
}

static void return_batch(struct worker *worker, struct packet_batch *batch)
{
    struct lane_group *group = worker->group;
    pthread_mutex_lock(&group->lock);
    worker->watermark_ns = batch->watermark_ns;
    worker->has_ended_input = batch->ends_input;
    worker->spare[worker->spare_count++] = batch;
    pthread_cond_signal(&group->progressed);
    pthread_mutex_unlock(&group->lock);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    for (struct packet_batch *batch; (batch = next_batch(worker));) {
        for (size_t i = 0; i < batch->count; i++)
            lane_add_packet_at(&worker->lane, &batch->items[i].place, &batch->items[i].packet,
                               batch->items[i].now_ns);
        /* Also at the end: what was due by the last packet of any lane has ended before it. */
        lane_tick(&worker->lane, batch->watermark_ns);
        if (batch->ends_input)
            lane_end_input(&worker->lane);
        return_batch(worker, batch);
    }
    return NULL;
}

/* --- in the caller's thread, holding the lock --- */

/* The lane whose first record is the earliest of all and can leave: no lane without one can still
 * bring something due before it. NULL: none yet. */
static struct worker *next_to_leave(struct lane_group *group)
{
    struct worker *earliest = NULL;
    for (size_t i = 0; i < group->count; i++) {
        struct worker *worker = &group->workers[i];
        if (worker->record_count == 0)
            continue;
        if (!earliest || flow_record_compare(&worker->records[worker->record_first],
                                             &earliest->records[earliest->record_first]) < 0)
            earliest = worker;
    }
    for (size_t i = 0; earliest && i < group->count; i++) {
        const struct worker *worker = &group->workers[i];
        bool may_bring_more = worker->record_count == 0 && !worker->has_ended_input;
        if (may_bring_more &&
            worker->watermark_ns < earliest->records[earliest->record_first].due_ns)
            return NULL;
    }
    return earliest;
}

static void offer_room(struct worker *worker, size_t records_max)
{
    if (!worker->waits_for_room || worker->record_count > records_max)
        return;
    worker->waits_for_room = false;
    pthread_cond_signal(&worker->changed);
}

/* Lets go of the lock while the record is on its way to the sinks: its place in the ring is the
 * caller's until record_count goes down. A lane that waits for room goes on when there is room for
 * many, so that it is not woken for each; at the latest when no more can leave. */
static void let_records_leave(struct lane_group *group)
{
    for (struct worker *worker; (worker = next_to_leave(group));) {
        pthread_mutex_unlock(&group->lock);
        record_order_add(&group->order, &worker->records[worker->record_first]);
        pthread_mutex_lock(&group->lock);
        worker->record_first = (worker->record_first + 1) % RECORDS;
        worker->record_count--;
        offer_room(worker, RECORDS / 2);
    }
    for (size_t i = 0; i < group->count; i++)
        offer_room(&group->workers[i], RECORDS - 1);
}

static void send(struct worker *worker, int64_t now_ns)
{
    struct packet_batch *batch = worker->open;
    batch->watermark_ns = now_ns;
    worker->queue[(worker->queue_first + worker->queue_count) % BATCHES] = batch;
    worker->queue_count++;
    worker->open = NULL;
    pthread_cond_signal(&worker->changed);
}

static bool take_spare(struct worker *worker)
{
    if (!worker->open && worker->spare_count > 0) {
        worker->open = worker->spare[--worker->spare_count];
        packet_batch_clear(worker->open);
    }
    return worker->open != NULL;
}

/* A lane with nothing to do would hold back the others' records: tell it the time. */
static void tell_the_time(struct lane_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        struct worker *worker = &group->workers[i];
        bool is_idle = worker->spare_count + (worker->open ? 1 : 0) == BATCHES;
        if (is_idle && worker->watermark_ns < group->now_ns && take_spare(worker))
            send(worker, group->now_ns);
    }
}

static void wait_for_spare(struct lane_group *group, struct worker *worker)
{
    while (!take_spare(worker)) {
        tell_the_time(group);
        let_records_leave(group);
        if (worker->spare_count == 0)
            pthread_cond_wait(&group->progressed, &group->lock);
    }
}

/* --- for the caller --- */

void lane_group_begin_input(struct lane_group *group, const char *name, bool is_live)
{
    pthread_mutex_lock(&group->lock);
    group->now_ns = INT64_MIN;
    for (size_t i = 0; i < group->count; i++) {
        struct worker *worker = &group->workers[i];
        lane_begin_input(&worker->lane, name, is_live);
        worker->watermark_ns = INT64_MIN;
        worker->has_ended_input = false;
    }
    pthread_mutex_unlock(&group->lock);
}

/* By the upper half: the lower one chooses the bucket in the lane's own table. */
static struct worker *lane_of(struct lane_group *group, const struct flow_place *place)
{
    return &group->workers[(place->hash >> 32) % group->count];
}

void lane_group_add_packet(struct lane_group *group, const struct packet *packet, int64_t now_ns)
{
    const struct flow_place place = flow_place_of(packet, &group->key);
    struct worker *worker = lane_of(group, &place);
    group->now_ns = now_ns;
    if (!worker->open) {
        pthread_mutex_lock(&group->lock);
        wait_for_spare(group, worker);
        pthread_mutex_unlock(&group->lock);
    }
    packet_batch_add(worker->open, packet, &place, now_ns);
    if (packet_batch_is_full(worker->open)) {
        pthread_mutex_lock(&group->lock);
        send(worker, now_ns);
        let_records_leave(group);
        pthread_mutex_unlock(&group->lock);
    }
}

void lane_group_tick(struct lane_group *group, int64_t now_ns)
{
    pthread_mutex_lock(&group->lock);
    if (now_ns > group->now_ns)
        group->now_ns = now_ns;
    for (size_t i = 0; i < group->count; i++) {
        struct worker *worker = &group->workers[i];
        if (worker->open && worker->open->count > 0)
            send(worker, group->now_ns);
    }
    tell_the_time(group);
    let_records_leave(group);
    pthread_mutex_unlock(&group->lock);
    record_order_flush(&group->order);
}

static bool is_at_rest(const struct worker *worker)
{
    return worker->spare_count + (worker->open ? 1 : 0) == BATCHES && worker->record_count == 0;
}

void lane_group_settle(struct lane_group *group)
{
    lane_group_tick(group, group->now_ns);
    pthread_mutex_lock(&group->lock);
    for (size_t i = 0; i < group->count; i++) {
        while (!is_at_rest(&group->workers[i])) {
            tell_the_time(group);
            let_records_leave(group);
            if (!is_at_rest(&group->workers[i]))
                pthread_cond_wait(&group->progressed, &group->lock);
        }
    }
    pthread_mutex_unlock(&group->lock);
    record_order_flush(&group->order);
}

void lane_group_set_rulebook(struct lane_group *group, const struct rulebook *rulebook)
{
    pthread_mutex_lock(&group->lock);
    for (size_t i = 0; i < group->count; i++)
        lane_set_rulebook(&group->workers[i].lane, rulebook);
    pthread_mutex_unlock(&group->lock);
}

static bool all_have_ended(const struct lane_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (!group->workers[i].has_ended_input || group->workers[i].record_count > 0)
            return false;
    }
    return true;
}

void lane_group_end_input(struct lane_group *group)
{
    pthread_mutex_lock(&group->lock);
    for (size_t i = 0; i < group->count; i++) {
        struct worker *worker = &group->workers[i];
        wait_for_spare(group, worker);
        worker->open->ends_input = true;
        send(worker, group->now_ns);
    }
    let_records_leave(group);
    while (!all_have_ended(group)) {
        pthread_cond_wait(&group->progressed, &group->lock);
        let_records_leave(group);
    }
    pthread_mutex_unlock(&group->lock);
    record_order_flush(&group->order);
}

void lane_group_totals(const struct lane_group *group, struct totals *totals)
{
    for (size_t i = 0; i < group->count; i++)
        totals_merge(totals, &group->workers[i].lane.totals);
    totals->limit_values[LIMIT_MAX_FLOWS] = group->max_flows;
    totals->limit_values[LIMIT_SAMPLES] = group->max_samples;
}

static void free_worker(struct worker *worker)
{
    pthread_cond_destroy(&worker->changed);
    lane_close(&worker->lane);
    for (size_t i = 0; i < worker->spare_count; i++)
        free(worker->spare[i]);
    free(worker->open);
    free(worker->records);
}

static size_t share(size_t all, size_t lanes)
{
    return all > lanes ? all / lanes : 1;
}

static bool open_worker(struct lane_group *group, const struct lane_options *options, size_t lanes,
                        struct error *error)
{
    struct worker *worker = &group->workers[group->count];
    struct lane_options own = *options;
    own.flows.max_flows = share(group->max_flows, lanes);
    own.flows.max_samples = share(group->max_samples, lanes);
    own.on_record = hand_over;
    own.context = worker;
    if (!lane_open(&worker->lane, &own, error))
        return false;
    worker->group = group;
    worker->records = memory_new(RECORDS, sizeof *worker->records);
    for (size_t i = 0; i < BATCHES; i++)
        worker->spare[worker->spare_count++] = memory_new(1, sizeof(struct packet_batch));
    pthread_cond_init(&worker->changed, NULL);
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
        free_worker(worker);
        return error_set(error, "the system gives no more threads; try fewer --threads");
    }
    group->count++;
    return true;
}

struct lane_group *lane_group_open(size_t lanes, const struct lane_options *options,
                                   struct error *error)
{
    struct lane_group *group = memory_new(1, sizeof *group);
    group->workers = memory_new(lanes, sizeof *group->workers);
    group->key = options->flows.key;
    group->max_flows = options->flows.max_flows;
    if (group->max_flows == 0)
        group->max_flows = flow_table_default_flows();
    group->max_samples = options->flows.max_samples;
    if (group->max_samples == 0)
        group->max_samples = flow_table_default_samples();
    pthread_mutex_init(&group->lock, NULL);
    pthread_cond_init(&group->progressed, NULL);
    record_order_init(&group->order, options->on_record, options->context);

    /* nDPI's modules are opened one after the other: its start is not thread-safe. */
    bool is_open = true;
    while (is_open && group->count < lanes)
        is_open = open_worker(group, options, lanes, error);
    if (is_open)
        return group;
    lane_group_close(group);
    return NULL;
}

void lane_group_close(struct lane_group *group)
{
    if (!group)
        return;
    pthread_mutex_lock(&group->lock);
    group->is_closing = true;
    for (size_t i = 0; i < group->count; i++)
        pthread_cond_signal(&group->workers[i].changed);
    pthread_mutex_unlock(&group->lock);
    for (size_t i = 0; i < group->count; i++) {
        pthread_join(group->workers[i].thread, NULL);
        free_worker(&group->workers[i]);
    }
    record_order_free(&group->order);
    pthread_cond_destroy(&group->progressed);
    pthread_mutex_destroy(&group->lock);
    free(group->workers);
    free(group);
}
