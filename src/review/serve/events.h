/* SPDX-License-Identifier: Apache-2.0
 *
 * What happens, told to whoever listens, in the form of server-sent events (WHATWG HTML, "9.2
 * Server-sent events"). A bounded number of listeners, each with a thread of its own that waits
 * here; the last events are kept, so that a listener whose line was cut misses none of them.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_EVENTS_H
#define PORTSCOPE_REVIEW_SERVE_EVENTS_H

#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    EVENTS_KEPT = 64,
    EVENTS_LISTENERS_MAX = 24,
    EVENTS_TICKS_OF_SILENCE =
        40, /* then a line that means nothing shows whether anybody is there */
};

struct events {
    pthread_mutex_t lock;
    pthread_cond_t happened;
    struct text kept[EVENTS_KEPT]; /* the event numbered n is at n % EVENTS_KEPT */
    uint64_t newest;               /* 0: none yet */
    uint64_t ticks;
    unsigned listeners;
    bool is_over;
};

struct serve_listener {
    struct events *events;
    uint64_t heard, last_tick;
    struct text waiting; /* to be sent */
    size_t sent;         /* of it */
};

void events_open(struct events *events);
void events_close(struct events *events); /* nobody listens any more */

/* `data` is one line. */
void events_tell(struct events *events, const char *kind, const char *data);
/* A few times a second. */
void events_tick(struct events *events);
/* Sends the listeners home. */
void events_end(struct events *events);

unsigned events_listeners(struct events *events);

/* `heard`: the number of the last event that it has; NULL or nonsense: it begins now. NULL when
 * there are too many already. */
struct serve_listener *events_listen(struct events *events, const char *heard);
void events_leave(struct serve_listener *listener);

/* Waits until there is something; 0: it is over. */
size_t events_read(struct serve_listener *listener, char *out, size_t most);

#endif
