/* SPDX-License-Identifier: Apache-2.0
 *
 * What is answered without a question to the store: the page and its parts, health, the session.
 */
#include "output/json.h"
#include "review/asset.h"
#include "review/serve/sent.h"
#include "review/serve/serve_state.h"

#include <stdio.h>
#include <string.h>

static void answer_with(struct serve_answer *answer, const struct serve_request *request,
                        const struct asset *asset)
{
    struct text tag = {0};
    text_add_char(&tag, '"');
    text_add_hex(&tag, (struct span){asset->sha256, 8});
    text_add_char(&tag, '"');
    snprintf(answer->tag, sizeof answer->tag, "%s", text_words(&tag));
    text_free(&tag);
    answer->type = asset_type(asset);
    answer->status = 200;
    if (request->headers.if_none_match && strstr(request->headers.if_none_match, answer->tag)) {
        answer->status = 304;
        return;
    }
    answer->fixed = (const char *)asset->bytes.at;
    answer->fixed_length = asset->bytes.length;
}

void serve_page(struct serve *serve, const struct serve_request *request,
                struct serve_answer *answer)
{
    (void)serve;
    answer_with(answer, request, asset_find("live.html"));
}

void serve_asset(struct serve *serve, const struct serve_request *request,
                 struct serve_answer *answer)
{
    (void)serve;
    const struct asset *asset = asset_find(strrchr(request->path, '/') + 1);
    if (asset)
        answer_with(answer, request, asset);
    else
        answer_problem(answer, 404, "the page has no such part");
}

void serve_openapi(struct serve *serve, const struct serve_request *request,
                   struct serve_answer *answer)
{
    (void)serve;
    answer_with(answer, request, asset_find("openapi.json"));
}

void serve_health(struct serve *serve, const struct serve_request *request,
                  struct serve_answer *answer)
{
    (void)serve;
    (void)request;
    text_add(answer_json(answer), "{\"status\":\"ok\"}\n");
}

void serve_metrics(struct serve *serve, const struct serve_request *request,
                   struct serve_answer *answer)
{
    struct serve_gauges gauges = {.listeners = events_listeners(&serve->events),
                                  .watch_failures = serve->watcher.failures,
                                  .version = serve->options.version};
    pthread_mutex_lock(&serve->counting);
    gauges.counters = serve->counters;
    pthread_mutex_unlock(&serve->counting);
    cache_count(&serve->cache, &gauges.cache_hits, &gauges.cache_misses);
    answer->status = 200;
    answer->type = "text/plain; version=0.0.4; charset=utf-8";
    if (serve_ask(serve, request, "", metrics_of_store, answer))
        metrics_of_server(&answer->body, &gauges);
}

/* What a page must know before it asks for anything. */
void serve_session(struct serve *serve, const struct serve_request *request,
                   struct serve_answer *answer)
{
    bool is_known = guard_knows(&serve->guard, &request->headers);
    struct text *json = answer_json(answer);
    json_begin(json, NULL, '{');
    json_bool(json, "needs_token", serve->guard.token[0] != '\0');
    json_bool(json, "is_known", is_known);
    if (is_known) {
        json_string(json, "store", span_of(serve->options.store_name));
        json_string(json, "version", span_of(serve->options.version));
        json_bool(json, "is_live", serve->watcher.store != NULL);
    }
    json_end(json, '}');
}

void serve_begin_session(struct serve *serve, const struct serve_request *request,
                         struct serve_answer *answer)
{
    char token[TOKEN_SIZE_MAX + 1];
    const struct sent_member member = {"token", token, sizeof token};
    if (sent_read(request->body, &member, 1) && guard_is_token(&serve->guard, token)) {
        guard_cookie(&serve->guard, true, answer->cookie);
        text_add(answer_json(answer), "{\"is_known\":true}\n");
    } else {
        answer_problem(answer, 401, "this is not the token");
    }
    explicit_bzero(token, sizeof token);
}

void serve_end_session(struct serve *serve, const struct serve_request *request,
                       struct serve_answer *answer)
{
    (void)request;
    guard_cookie(&serve->guard, false, answer->cookie);
    text_add(answer_json(answer), "{\"is_known\":false}\n");
}

void serve_events(struct serve *serve, const struct serve_request *request,
                  struct serve_answer *answer)
{
    answer->status = 200;
    answer->type = "text/event-stream";
    if (strcmp(request->method, "HEAD") == 0)
        return;
    answer->listener = events_listen(&serve->events, request->headers.last_event_id);
    if (!answer->listener)
        answer_problem(answer, 503, "too many pages listen already; close one");
}
