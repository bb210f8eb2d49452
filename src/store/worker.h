/* SPDX-License-Identifier: Apache-2.0
 *
 * One job at a time, done in a thread of its own while the caller goes on. The thread begins with
 * the first job: behind the sandbox, when there is one.
 */
#ifndef PORTSCOPE_STORE_WORKER_H
#define PORTSCOPE_STORE_WORKER_H

#include "base/error.h"

#include <stdbool.h>

struct worker;
typedef bool worker_fn(void *context, void *job, struct error *error);

struct worker *worker_new(worker_fn *run, void *context);
/* Waits for the job that is under way. Accepts NULL. */
void worker_free(struct worker *worker);

/* Nothing may be under way: worker_wait() first. Where no thread can be had the job is done now. */
void worker_give(struct worker *worker, void *job);

bool worker_is_busy(struct worker *worker);

/* Until nothing is under way. What the last job gave back, told once; true when there was none. */
bool worker_wait(struct worker *worker, struct error *error);

#endif
