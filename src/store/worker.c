/* SPDX-License-Identifier: Apache-2.0 */
#include "store/worker.h"

#include "base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct worker {
    worker_fn *run;
    void *context;
    pthread_t thread;
    bool has_thread;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    void *job; /* NULL: nothing is under way */
    bool is_over, has_failed;
    struct error error;
};

struct worker *worker_new(worker_fn *run, void *context)
{
    struct worker *worker = memory_new(1, sizeof *worker);
    worker->run = run;
    worker->context = context;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    return worker;
}

static void *work(void *context)
{
    struct worker *worker = context;
    pthread_mutex_lock(&worker->lock);
    while (!worker->is_over || worker->job) {
        if (!worker->job) {
            pthread_cond_wait(&worker->changed, &worker->lock);
            continue;
        }
        pthread_mutex_unlock(&worker->lock);
        struct error error;
        bool is_done = worker->run(worker->context, worker->job, &error);
        pthread_mutex_lock(&worker->lock);
        if (!is_done)
            worker->error = error;
        worker->has_failed = !is_done;
        worker->job = NULL;
        pthread_cond_signal(&worker->changed);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

/* Signals are for the thread that waits for packets. */
static void start(struct worker *worker)
{
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    worker->has_thread = pthread_create(&worker->thread, NULL, work, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &former, NULL);
}

void worker_give(struct worker *worker, void *job)
{
    if (!worker->has_thread)
        start(worker);
    if (!worker->has_thread) {
        worker->has_failed = !worker->run(worker->context, job, &worker->error);
        return;
    }
    pthread_mutex_lock(&worker->lock);
    worker->job = job;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

bool worker_is_busy(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool is_busy = worker->job != NULL;
    pthread_mutex_unlock(&worker->lock);
    return is_busy;
}

bool worker_wait(struct worker *worker, struct error *error)
{
    pthread_mutex_lock(&worker->lock);
    while (worker->job)
        pthread_cond_wait(&worker->changed, &worker->lock);
    bool has_failed = worker->has_failed;
    worker->has_failed = false;
    pthread_mutex_unlock(&worker->lock);
    return !has_failed || error_set(error, "%s", worker->error.text);
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->is_over = true;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    if (worker->has_thread)
        pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
