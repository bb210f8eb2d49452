/* SPDX-License-Identifier: Apache-2.0
 *
 * A store as a live page: HTTP on one address, a JSON API, events, metrics. The file to read first
 * is route.c, which lists what can be asked; then answer.c, which leads a request there.
 *
 *     browser -> http.c -> guard.c -> route.c -> cache.c -> api_*.c -> store/question.h
 *     store   -> watcher.c -> events.c -> browser
 */
#ifndef PORTSCOPE_REVIEW_SERVE_SERVE_H
#define PORTSCOPE_REVIEW_SERVE_SERVE_H

#include "base/error.h"
#include "model/rulebook.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct serve;

enum { SERVE_STORES_MAX = 6 };

struct serve_options {
    const char *listen;            /* "127.0.0.1:8154" */
    const char *token_file;        /* NULL: none; beyond loopback there must be one */
    const char *const *host_names; /* under which a browser may ask for us */
    size_t host_name_count;
    const char *store_name; /* shown; escaped by us */
    const char *version;
    const struct rulebook *rulebook;
    int64_t (*now_ns)(void);
    bool (*should_stop)(void);
};

/* Reads the token and listens; nobody is answered yet. NULL with a sentence. */
struct serve *serve_open(const struct serve_options *options, struct error *error);

/* "http://127.0.0.1:8154/" */
const char *serve_url(const struct serve *serve);

/* Answers until should_stop(). `stores` are handles of the same store, for as many questions at a
 * time; when there are several, the last one watches for what is new. Starts threads, which
 * inherit the sandbox. False with a sentence. */
bool serve_run(struct serve *serve, struct store *const *stores, size_t count, struct error *error);

void serve_close(struct serve *serve); /* accepts NULL */

#endif
