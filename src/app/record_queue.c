/* SPDX-License-Identifier: Apache-2.0 */
#include "app/record_queue.h"

#include "base/memory.h"

#include <stdlib.h>

void record_queue_init(struct record_queue *queue, size_t capacity)
{
    *queue = (struct record_queue){.capacity = capacity};
    queue->records = memory_new(capacity, sizeof *queue->records);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
}

void record_queue_free(struct record_queue *queue)
{
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->lock);
    free(queue->records);
}

void record_queue_push(struct record_queue *queue, const struct flow_record *record)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == queue->capacity)
        pthread_cond_wait(&queue->changed, &queue->lock);
    size_t at = (queue->first + queue->count) % queue->capacity;
    flow_record_copy(&queue->records[at], record);
    queue->count++;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

void record_queue_close(struct record_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

const struct flow_record *record_queue_wait(struct record_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && !queue->is_closed)
        pthread_cond_wait(&queue->changed, &queue->lock);
    const struct flow_record *record = queue->count > 0 ? &queue->records[queue->first] : NULL;
    pthread_mutex_unlock(&queue->lock);
    return record;
}

void record_queue_pop(struct record_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

void record_queue_reopen(struct record_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_closed = false;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

void record_queue_wait_open(struct record_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->is_closed)
        pthread_cond_wait(&queue->changed, &queue->lock);
    pthread_mutex_unlock(&queue->lock);
}
