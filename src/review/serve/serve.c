/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/serve.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "review/serve/serve_state.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TICK_MS = 250, TICKS_BETWEEN_LOOKS = 4 };

static bool prepare_guard(struct serve *serve, struct error *error)
{
    char words[LISTEN_TEXT_SIZE];
    const struct serve_options *options = &serve->options;
    serve->guard.names = options->host_names;
    serve->guard.name_count = options->host_name_count;
    if (!options->token_file && !listen_is_loopback(&serve->place))
        return error_usage(
            error,
            "--listen: %s can be reached from other machines; give --token-file FILE "
            "(openssl rand -hex 32 >FILE; chmod 600 FILE), or listen on 127.0.0.1",
            listen_text(&serve->place, words));
    return !options->token_file || (guard_load_token(&serve->guard, options->token_file, error) &&
                                    guard_make_session(&serve->guard, error));
}

struct serve *serve_open(const struct serve_options *options, struct error *error)
{
    char words[LISTEN_TEXT_SIZE];
    struct serve *serve = memory_new(1, sizeof *serve);
    serve->options = *options;
    serve->socket = -1;
    pthread_mutex_init(&serve->counting, NULL);
    cache_open(&serve->cache);
    events_open(&serve->events);
    if (listen_parse(options->listen, &serve->place, error) && prepare_guard(serve, error))
        serve->socket = listen_open(&serve->place, error);
    if (serve->socket < 0) {
        serve_close(serve);
        return NULL;
    }
    snprintf(serve->url, sizeof serve->url, "http://%s/", listen_text(&serve->place, words));
    return serve;
}

const char *serve_url(const struct serve *serve)
{
    return serve->url;
}

bool serve_run(struct serve *serve, struct store *const *stores, size_t count, struct error *error)
{
    bool is_watching = count > 1;
    assert(count > 0 && count <= SERVE_STORES_MAX);
    pool_open(&serve->pool, stores, count - is_watching);
    watcher_open(&serve->watcher, is_watching ? stores[count - 1] : NULL, &serve->cache,
                 &serve->events);
    bool has_started = http_start(serve, error);
    for (unsigned tick = 0; has_started && !serve->options.should_stop(); tick++) {
        if (tick % TICKS_BETWEEN_LOOKS == 0)
            watcher_look(&serve->watcher);
        events_tick(&serve->events);
        poll(NULL, 0, TICK_MS);
    }
    events_end(&serve->events);
    http_stop(serve);
    watcher_close(&serve->watcher);
    pool_close(&serve->pool);
    return has_started;
}

void serve_close(struct serve *serve)
{
    if (!serve)
        return;
    if (serve->socket >= 0)
        close(serve->socket);
    events_close(&serve->events);
    cache_close(&serve->cache);
    pthread_mutex_destroy(&serve->counting);
    explicit_bzero(&serve->guard, sizeof serve->guard);
    free(serve);
}
