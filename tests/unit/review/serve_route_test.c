/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "review/asset.h"
#include "review/serve/route.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const struct route *find(const char *method, const char *path, char id[ROUTE_ID_SIZE],
                                struct serve_answer *answer)
{
    const struct serve_request request = {.method = method, .path = path};
    return route_find(&request, id, answer);
}

static void paths_lead_to_their_routes(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path, *route, *id;
    } cases[] = {
        {"GET", "/", "/", ""},
        {"HEAD", "/", "/", ""},
        {"GET", "/assets/style.css", "/assets/{id}", "style.css"},
        {"GET", "/api/v1/findings", "/api/v1/findings", ""},
        {"GET", "/api/v1/findings/00ff", "/api/v1/findings/{id}", "00ff"},
        {"POST", "/api/v1/findings/00ff/acknowledgement", "/api/v1/findings/{id}/acknowledgement",
         "00ff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct serve_answer answer = {.status = 0};
        char id[ROUTE_ID_SIZE];
        const struct route *route = find(cases[i].method, cases[i].path, id, &answer);
        assert_non_null(route);
        assert_string_equal(route->path, cases[i].route);
        assert_string_equal(id, cases[i].id);
    }
}

static void what_is_not_there_is_said_to_be_so(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "",
        "/api",
        "/api/v1/findings/",
        "/api/v1/findings/a/b",
        "/api/v1/findings//acknowledgement",
        "/assets/../serve.c",
        "/assets/",
        "//",
        "/api/v1/flows/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct serve_answer answer = {.status = 0};
        char id[ROUTE_ID_SIZE];
        if (find("GET", paths[i], id, &answer))
            fail_msg("'%s' leads somewhere", paths[i]);
        assert_int_equal(answer.status, 404);
        text_free(&answer.body);
    }
}

static void another_method_is_told_which_there_are(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path, *allow;
    } cases[] = {
        {"DELETE", "/api/v1/flows", "GET, HEAD"},
        {"PUT", "/api/v1/session", "GET, HEAD, POST"},
        {"GET", "/api/v1/session/end", "POST"},
        {"get", "/", "GET, HEAD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct serve_answer answer = {.status = 0};
        char id[ROUTE_ID_SIZE];
        assert_null(find(cases[i].method, cases[i].path, id, &answer));
        assert_int_equal(answer.status, 405);
        assert_string_equal(answer.allow, cases[i].allow);
        text_free(&answer.body);
    }
}

static void a_parameter_that_a_path_does_not_have_is_refused(void **state)
{
    (void)state;
    struct serve_request request = {.method = "GET", .path = "/api/v1/flows"};
    struct serve_answer answer = {.status = 0};
    char id[ROUTE_ID_SIZE];
    const struct route *route = route_find(&request, id, &answer);
    request.parameters[PARAMETER_SERVICE] = "netcp";
    assert_true(route_takes(route, &request, &answer));
    request.parameters[PARAMETER_NEAR] = "2026";
    assert_false(route_takes(route, &request, &answer));
    assert_int_equal(answer.status, 400);
    request.parameters[PARAMETER_NEAR] = NULL;
    request.unknown_parameter = "x\"<script>";
    assert_false(route_takes(route, &request, &answer));
    assert_non_null(strstr(text_words(&answer.body), "x\\\"<script>"));
    text_free(&answer.body);
}

/* What changes something is asked for with POST, and only by those who are known. */
static void nothing_changes_without_leave(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        if (routes[i].changes)
            assert_true(strcmp(routes[i].method, "POST") == 0 && routes[i].access == ROUTE_KNOWN);
        if (routes[i].question)
            assert_int_equal(routes[i].access, ROUTE_KNOWN);
    }
}

static json_t *load_openapi(void)
{
    const struct asset *asset = asset_find("openapi.json");
    json_error_t error;
    json_t *document = json_loadb((const char *)asset->bytes.at, asset->bytes.length,
                                  JSON_REJECT_DUPLICATES, &error);
    if (!document)
        fail_msg("openapi.json:%d: %s", error.line, error.text);
    return document;
}

static json_t *operation_of(const json_t *document, const struct route *route)
{
    char method[8] = "";
    for (size_t i = 0; route->method[i] != '\0'; i++)
        method[i] = (char)tolower(route->method[i]);
    return json_object_get(json_object_get(json_object_get(document, "paths"), route->path),
                           method);
}

/* The names behind "#/components/parameters/", as bits; the path's own id is none. */
static uint32_t parameters_of(const json_t *operation)
{
    static const char prefix[] = "#/components/parameters/";
    const json_t *list = json_object_get(operation, "parameters");
    uint32_t bits = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_object_get(json_array_get(list, i), "$ref"));
        enum parameter parameter;
        assert_non_null(word);
        assert_memory_equal(word, prefix, sizeof prefix - 1);
        if (strcmp(word + sizeof prefix - 1, "id") == 0)
            continue;
        assert_true(parameter_parse(word + sizeof prefix - 1, &parameter));
        bits |= PARAMETER_BIT(parameter);
    }
    return bits;
}

static bool is_api(const struct route *route)
{
    return strncmp(route->path, "/api/", 5) == 0;
}

static void every_path_is_described(void **state)
{
    (void)state;
    json_t *document = load_openapi();
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        if (!is_api(route))
            continue;
        const json_t *operation = operation_of(document, route);
        if (!operation)
            fail_msg("openapi.json lacks %s %s", route->method, route->path);
        if (parameters_of(operation) != route->parameters)
            fail_msg("openapi.json: other parameters of %s", route->path);
        bool is_open = json_array_size(json_object_get(operation, "security")) == 0 &&
                       json_object_get(operation, "security");
        assert_int_equal(is_open, route->access == ROUTE_OPEN);
        bool has_id = strchr(route->path, '{') != NULL;
        if (has_id)
            assert_string_equal(
                json_string_value(json_object_get(
                    json_array_get(json_object_get(operation, "parameters"), 0), "$ref")),
                "#/components/parameters/id");
    }
    json_decref(document);
}

static void every_description_has_its_path(void **state)
{
    (void)state;
    json_t *document = load_openapi();
    size_t described = 0, there = 0;
    const char *path;
    json_t *methods;
    json_object_foreach(json_object_get(document, "paths"), path, methods) described +=
        json_object_size(methods);
    for (size_t i = 0; i < route_count; i++)
        there += is_api(&routes[i]);
    assert_int_equal(described, there);
    for (enum parameter parameter = 0; parameter < PARAMETERS; parameter++)
        assert_non_null(
            json_object_get(json_object_get(json_object_get(document, "components"), "parameters"),
                            parameter_name(parameter)));
    json_decref(document);
}

/* "#/components/schemas/Flow" leads to something. */
static bool leads(const json_t *document, const char *reference)
{
    char word[64];
    const json_t *at = document;
    assert_memory_equal(reference, "#/", 2);
    for (reference += 2; at && *reference != '\0';) {
        size_t length = strcspn(reference, "/");
        snprintf(word, sizeof word, "%.*s", (int)length, reference);
        at = json_object_get(at, word);
        reference += length;
        reference += *reference == '/';
    }
    return at != NULL;
}

static void follow(const json_t *document, const json_t *part)
{
    const char *key;
    json_t *value;
    const char *reference = json_string_value(json_object_get(part, "$ref"));
    if (reference && !leads(document, reference))
        fail_msg("%s leads nowhere", reference);
    json_object_foreach((json_t *)(uintptr_t)part, key, value) follow(document, value);
    for (size_t i = 0; i < json_array_size(part); i++)
        follow(document, json_array_get(part, i));
}

static void every_reference_leads_somewhere(void **state)
{
    (void)state;
    json_t *document = load_openapi();
    follow(document, document);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_their_routes),
        cmocka_unit_test(what_is_not_there_is_said_to_be_so),
        cmocka_unit_test(another_method_is_told_which_there_are),
        cmocka_unit_test(a_parameter_that_a_path_does_not_have_is_refused),
        cmocka_unit_test(nothing_changes_without_leave),
        cmocka_unit_test(every_path_is_described),
        cmocka_unit_test(every_description_has_its_path),
        cmocka_unit_test(every_reference_leads_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
