/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a request: may it ask, what is there to ask, who must it be, is the answer at hand.
 */
#include "base/timestamp.h"
#include "review/serve/serve_state.h"

#include <stdio.h>
#include <string.h>

/* A question that takes longer is about too much. */
#define PATIENCE_NS (15 * NS_PER_S)

struct patience {
    const struct serve *serve;
    int64_t began_ns;
};

static bool has_patience(void *context)
{
    const struct patience *patience = context;
    const struct serve_options *options = &patience->serve->options;
    return options->now_ns() - patience->began_ns < PATIENCE_NS && !options->should_stop();
}

static bool ask(struct inquiry *inquiry, inquiry_fn *question, struct error *error)
{
    return inquiry_read(inquiry, error) && question(inquiry, error);
}

bool serve_ask(struct serve *serve, const struct serve_request *request, const char *id,
               inquiry_fn *question, struct serve_answer *answer)
{
    struct error error = {.text = ""};
    int64_t came_ns = serve->options.now_ns();
    struct inquiry inquiry = {.store = pool_take(&serve->pool),
                              .came_ns = came_ns,
                              .rulebook = serve->options.rulebook,
                              .request = request,
                              .id = id,
                              .now_ns = serve->options.now_ns,
                              .began_ns = serve->options.now_ns(),
                              .json = &answer->body,
                              .status = 503};
    struct patience patience = {serve, inquiry.began_ns};
    store_set_patience(inquiry.store, has_patience, &patience);
    bool is_done = ask(&inquiry, question, &error);
    store_set_patience(inquiry.store, NULL, NULL);
    pool_give_back(&serve->pool, inquiry.store);
    if (!is_done)
        answer_problem(answer, inquiry.status, error.text);
    return is_done;
}

/* What is asked, however it was written: "/api/v1/flows?service=netcp&limit=50". */
static void make_key(const struct serve_request *request, struct text *key)
{
    text_add(key, request->path);
    for (enum parameter parameter = 0; parameter < PARAMETERS; parameter++) {
        if (request->parameters[parameter])
            text_addf(key, "\n%s=%s", parameter_name(parameter), request->parameters[parameter]);
    }
}

static void answer_question(struct serve *serve, const struct route *route, const char *id,
                            const struct serve_request *request, struct serve_answer *answer)
{
    struct text key = {0};
    struct cache_entry *entry;
    int64_t began_ns = serve->options.now_ns();
    make_key(request, &key);
    const struct cache_wish wish = {text_words(&key), began_ns, route->is_fresh};
    if (!cache_find(&serve->cache, &wish, answer_json(answer), &entry)) {
        bool is_done = serve_ask(serve, request, id, route->question, answer);
        cache_keep(&serve->cache, entry, began_ns, serve->options.now_ns(),
                   is_done ? &answer->body : NULL);
    }
    text_free(&key);
}

static void answer_change(struct serve *serve, const struct route *route, const char *id,
                          const struct serve_request *request, struct serve_answer *answer)
{
    answer_json(answer);
    if (!serve_ask(serve, request, id, route->question, answer))
        return;
    cache_empty(&serve->cache);
    events_tell(&serve->events, "change", "{}");
}

static void answer_route(struct serve *serve, const struct serve_request *request,
                         struct serve_answer *answer)
{
    char id[ROUTE_ID_SIZE];
    const struct route *route = route_find(request, id, answer);
    if (!route)
        return;
    if (route->access == ROUTE_KNOWN && !guard_knows(&serve->guard, &request->headers))
        answer_problem(answer, 401, "the token is missing or wrong");
    else if (!route_takes(route, request, answer))
        return;
    else if (route->direct)
        route->direct(serve, request, answer);
    else if (route->changes)
        answer_change(serve, route, id, request, answer);
    else
        answer_question(serve, route, id, request, answer);
}

static void count(struct serve *serve, unsigned status, int64_t took_ns)
{
    pthread_mutex_lock(&serve->counting);
    if (status / 100 < METRICS_STATUSES)
        serve->counters.requests[status / 100]++;
    if (took_ns > 0)
        serve->counters.busy_ns += (uint64_t)took_ns;
    pthread_mutex_unlock(&serve->counting);
}

void serve_answer(struct serve *serve, const struct serve_request *request,
                  struct serve_answer *answer)
{
    int64_t began_ns = serve->options.now_ns();
    if (guard_lets_in(&serve->guard, request, answer))
        answer_route(serve, request, answer);
    count(serve, answer->status, serve->options.now_ns() - began_ns);
}
