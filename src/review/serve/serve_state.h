/* SPDX-License-Identifier: Apache-2.0
 *
 * The server's state, for the files of this folder.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_SERVE_STATE_H
#define PORTSCOPE_REVIEW_SERVE_SERVE_STATE_H

#include "review/serve/cache.h"
#include "review/serve/events.h"
#include "review/serve/guard.h"
#include "review/serve/listen.h"
#include "review/serve/metrics.h"
#include "review/serve/pool.h"
#include "review/serve/route.h"
#include "review/serve/serve.h"
#include "review/serve/watcher.h"

#include <pthread.h>

struct MHD_Daemon;

struct serve {
    struct serve_options options;
    struct listen_place place;
    int socket;
    char url[LISTEN_TEXT_SIZE + 16];
    struct guard guard;
    struct pool pool;
    struct cache cache;
    struct events events;
    struct watcher watcher;
    pthread_mutex_t counting;
    struct serve_counters counters;
    struct MHD_Daemon *daemon;
};

/* Everything between a request and its answer. */
void serve_answer(struct serve *serve, const struct serve_request *request,
                  struct serve_answer *answer);

/* Carried by libmicrohttpd: one thread a connection, bounded. */
bool http_start(struct serve *serve, struct error *error);
void http_stop(struct serve *serve);

/* Paths that are answered without the store. */
route_fn serve_page, serve_asset, serve_health, serve_metrics, serve_openapi;
route_fn serve_session, serve_begin_session, serve_end_session, serve_events;

/* Asks, with a handle of the pool and a bounded patience. False: the answer is a problem. */
bool serve_ask(struct serve *serve, const struct serve_request *request, const char *id,
               inquiry_fn *question, struct serve_answer *answer);

#endif
