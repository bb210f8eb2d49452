/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/route.h"

#include "review/serve/serve_state.h"

#include <stdio.h>
#include <string.h>

#define BIT(name) PARAMETER_BIT(PARAMETER_##name)
#define DIMENSIONS                                                                                 \
    (BIT(SINCE) | BIT(UNTIL) | BIT(SERVICE) | BIT(VERDICT) | BIT(APPLICATION) | BIT(PROBE) |       \
     BIT(HOST))
#define PAGE (BIT(SORT) | BIT(ORDER) | BIT(LIMIT))
#define OF_FINDINGS                                                                                \
    (BIT(SINCE) | BIT(UNTIL) | BIT(SERVICE) | BIT(PROBE) | BIT(HOST) | BIT(SEARCH) |               \
     BIT(SEVERITY) | BIT(ACKNOWLEDGED) | BIT(LIMIT))
#define API "/api/v1/"

const struct route routes[] = {
    {.method = "GET", .path = "/", .direct = serve_page},
    {.method = "GET", .path = "/assets/{id}", .direct = serve_asset},
    {.method = "GET", .path = "/healthz", .direct = serve_health},
    {.method = "GET", .path = "/metrics", ROUTE_KNOWN, .direct = serve_metrics},
    {.method = "GET", .path = API "openapi.json", .direct = serve_openapi},
    {.method = "GET", .path = API "session", .direct = serve_session},
    {.method = "POST", .path = API "session", .direct = serve_begin_session},
    {.method = "POST", .path = API "session/end", .direct = serve_end_session},
    {.method = "GET", .path = API "events", ROUTE_KNOWN, .direct = serve_events},
    {.method = "GET", .path = API "summary", ROUTE_KNOWN, DIMENSIONS, answer_summary},
    {.method = "GET", .path = API "timeline", ROUTE_KNOWN, DIMENSIONS | BIT(BY), answer_timeline},
    {.method = "GET",
     .path = API "groups",
     ROUTE_KNOWN,
     DIMENSIONS | PAGE | BIT(BY),
     answer_groups},
    {.method = "GET",
     .path = API "findings",
     ROUTE_KNOWN,
     OF_FINDINGS,
     answer_findings,
     .is_fresh = true},
    {.method = "GET",
     .path = API "findings/{id}",
     ROUTE_KNOWN,
     0,
     answer_finding,
     .is_fresh = true},
    {.method = "POST",
     .path = API "findings/{id}/acknowledgement",
     ROUTE_KNOWN,
     0,
     answer_acknowledge,
     .changes = true},
    {.method = "GET",
     .path = API "flows",
     ROUTE_KNOWN,
     DIMENSIONS | PAGE | BIT(SEARCH) | BIT(AFTER),
     answer_flows},
    {.method = "GET", .path = API "flows/{id}", ROUTE_KNOWN, BIT(NEAR), answer_flow},
    {.method = "GET",
     .path = API "probes",
     ROUTE_KNOWN,
     BIT(SINCE) | BIT(UNTIL) | BIT(PROBE),
     answer_probes},
    {.method = "GET", .path = API "rules", ROUTE_KNOWN, 0, answer_rules},
};
const size_t route_count = sizeof routes / sizeof routes[0];

/* "{id}" stands for one part of the path. */
static bool matches(const char *pattern, const char *path, char id[ROUTE_ID_SIZE])
{
    const char *hole = strchr(pattern, '{');
    if (!hole)
        return strcmp(pattern, path) == 0;
    size_t before = (size_t)(hole - pattern);
    if (strncmp(pattern, path, before) != 0)
        return false;
    size_t length = strcspn(path + before, "/");
    if (length == 0 || length >= ROUTE_ID_SIZE ||
        strcmp(strchr(hole, '}') + 1, path + before + length) != 0)
        return false;
    snprintf(id, ROUTE_ID_SIZE, "%.*s", (int)length, path + before);
    return true;
}

/* What answers GET answers HEAD; HTTP leaves the body out. */
static bool is_method(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

const struct route *route_find(const struct serve_request *request, char id[ROUTE_ID_SIZE],
                               struct serve_answer *answer)
{
    char allowed[ANSWER_WORD_SIZE] = "";
    id[0] = '\0';
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        size_t length = strlen(allowed);
        if (!matches(route->path, request->path, id))
            continue;
        if (is_method(route, request->method))
            return route;
        snprintf(allowed + length, sizeof allowed - length, "%s%s", length > 0 ? ", " : "",
                 strcmp(route->method, "GET") == 0 ? "GET, HEAD" : route->method);
    }
    if (allowed[0] == '\0') {
        answer_problem(answer, 404, "there is no such path; /api/v1/openapi.json lists them");
        return NULL;
    }
    answer_problem(answer, 405, "this path is asked for in another way");
    snprintf(answer->allow, sizeof answer->allow, "%s", allowed);
    return NULL;
}

bool route_takes(const struct route *route, const struct serve_request *request,
                 struct serve_answer *answer)
{
    char shown[80], words[160];
    const char *wrong = request->unknown_parameter;
    for (enum parameter parameter = 0; !wrong && parameter < PARAMETERS; parameter++) {
        if (request->parameters[parameter] && !(route->parameters & PARAMETER_BIT(parameter)))
            wrong = parameter_name(parameter);
    }
    if (!wrong)
        return true;
    snprintf(words, sizeof words, "this path has no parameter '%s'",
             text_printable(wrong, shown, sizeof shown));
    answer_problem(answer, 400, words);
    return false;
}
