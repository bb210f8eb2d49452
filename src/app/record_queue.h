/* SPDX-License-Identifier: Apache-2.0
 *
 * Finished records on their way from one thread to another: bounded, one writer, one reader.
 */
#ifndef PORTSCOPE_APP_RECORD_QUEUE_H
#define PORTSCOPE_APP_RECORD_QUEUE_H

#include "model/record.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct record_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct flow_record *records;
    size_t capacity, first, count;
    bool is_closed;
};

void record_queue_init(struct record_queue *queue, size_t capacity);
void record_queue_free(struct record_queue *queue);

/* Waits for room, and copies the record. */
void record_queue_push(struct record_queue *queue, const struct flow_record *record);

/* The writer: no more records of this input will come. */
void record_queue_close(struct record_queue *queue);

/* The reader: the next record, or NULL when the queue is empty and closed; waits for one or the
 * other. It stays valid until record_queue_pop(). */
const struct flow_record *record_queue_wait(struct record_queue *queue);
void record_queue_pop(struct record_queue *queue);

/* The reader, after NULL: the next input's records may come. The writer waits for that. */
void record_queue_reopen(struct record_queue *queue);
void record_queue_wait_open(struct record_queue *queue);

#endif
