/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/events.h"

#include "base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

void events_open(struct events *events)
{
    pthread_mutex_init(&events->lock, NULL);
    pthread_cond_init(&events->happened, NULL);
}

void events_close(struct events *events)
{
    for (size_t i = 0; i < EVENTS_KEPT; i++)
        text_free(&events->kept[i]);
    pthread_cond_destroy(&events->happened);
    pthread_mutex_destroy(&events->lock);
}

void events_tell(struct events *events, const char *kind, const char *data)
{
    pthread_mutex_lock(&events->lock);
    struct text *event = &events->kept[++events->newest % EVENTS_KEPT];
    text_clear(event);
    text_addf(event, "id: %" PRIu64 "\nevent: %s\ndata: ", events->newest, kind);
    text_add(event, data);
    text_add(event, "\n\n");
    pthread_cond_broadcast(&events->happened);
    pthread_mutex_unlock(&events->lock);
}

void events_tick(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    events->ticks++;
    pthread_cond_broadcast(&events->happened);
    pthread_mutex_unlock(&events->lock);
}

void events_end(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    events->is_over = true;
    pthread_cond_broadcast(&events->happened);
    pthread_mutex_unlock(&events->lock);
}

unsigned events_listeners(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    unsigned listeners = events->listeners;
    pthread_mutex_unlock(&events->lock);
    return listeners;
}

/* Where a listener goes on that has come back. A number of another run means nothing. */
static uint64_t heard_of(const struct events *events, const char *word)
{
    char *end;
    if (!word || *word < '0' || *word > '9')
        return events->newest;
    errno = 0;
    uint64_t heard = strtoull(word, &end, 10);
    bool is_ours = errno == 0 && *end == '\0' && heard <= events->newest;
    return is_ours ? heard : events->newest;
}

struct serve_listener *events_listen(struct events *events, const char *heard)
{
    struct serve_listener *listener = NULL;
    pthread_mutex_lock(&events->lock);
    if (events->listeners < EVENTS_LISTENERS_MAX && !events->is_over) {
        events->listeners++;
        listener = memory_new(1, sizeof *listener);
        listener->events = events;
        listener->heard = heard_of(events, heard);
        listener->last_tick = events->ticks;
        /* The browser comes back after two seconds; a first line says that we are here. */
        text_add(&listener->waiting, "retry: 2000\n: listening\n\n");
    }
    pthread_mutex_unlock(&events->lock);
    return listener;
}

void events_leave(struct serve_listener *listener)
{
    struct events *events = listener->events;
    pthread_mutex_lock(&events->lock);
    events->listeners--;
    pthread_mutex_unlock(&events->lock);
    text_free(&listener->waiting);
    free(listener);
}

/* Whoever was away for more than what is kept is told to look at everything again. */
static void collect(struct serve_listener *listener)
{
    const struct events *events = listener->events;
    if (events->newest - listener->heard > EVENTS_KEPT) {
        text_addf(&listener->waiting, "id: %" PRIu64 "\nevent: missed\ndata: {}\n\n",
                  events->newest);
        listener->heard = events->newest;
    }
    while (listener->heard < events->newest) {
        const struct text *event = &events->kept[++listener->heard % EVENTS_KEPT];
        text_add_n(&listener->waiting, text_words(event), event->length);
    }
    if (listener->waiting.length == 0 &&
        events->ticks - listener->last_tick >= EVENTS_TICKS_OF_SILENCE)
        text_add(&listener->waiting, ":\n\n");
}

static void wait_for_more(struct serve_listener *listener)
{
    struct events *events = listener->events;
    text_clear(&listener->waiting);
    listener->sent = 0;
    pthread_mutex_lock(&events->lock);
    collect(listener);
    while (listener->waiting.length == 0 && !events->is_over) {
        pthread_cond_wait(&events->happened, &events->lock);
        collect(listener);
    }
    listener->last_tick = events->ticks;
    pthread_mutex_unlock(&events->lock);
}

size_t events_read(struct serve_listener *listener, char *out, size_t most)
{
    if (listener->sent == listener->waiting.length)
        wait_for_more(listener);
    size_t length = listener->waiting.length - listener->sent;
    if (length > most)
        length = most;
    memcpy(out, text_words(&listener->waiting) + listener->sent, length);
    listener->sent += length;
    return length;
}
