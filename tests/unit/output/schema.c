/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "schema.h"

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is being checked, and where to say what is wrong. */
struct check {
    json_t *root; /* of the schema, for $ref */
    char path[256];
    char *out;
    size_t size;
};

typedef bool keyword_fn(struct check *check, json_t *wanted, json_t *value, json_t *schema);

static bool check_value(struct check *check, json_t *schema, json_t *value);

static bool complain(struct check *check, const char *what)
{
    snprintf(check->out, check->size, "%s: %s", check->path[0] ? check->path : "/", what);
    return false;
}

static bool check_below(struct check *check, const char *name, json_t *schema, json_t *value)
{
    size_t length = strlen(check->path);
    snprintf(check->path + length, sizeof check->path - length, "/%s", name);
    bool is_right = check_value(check, schema, value);
    check->path[length] = '\0';
    return is_right;
}

static bool ignored(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)check, (void)wanted, (void)value, (void)schema;
    return true;
}

static bool has_type(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    static const char *const names[] = {
        [JSON_OBJECT] = "object", [JSON_ARRAY] = "array",     [JSON_STRING] = "string",
        [JSON_REAL] = "number",   [JSON_INTEGER] = "integer", [JSON_TRUE] = "boolean",
        [JSON_FALSE] = "boolean", [JSON_NULL] = "null",
    };
    const char *type = json_string_value(wanted);
    bool is_right = strcmp(type, names[json_typeof(value)]) == 0 ||
                    (strcmp(type, "number") == 0 && json_is_integer(value));
    return is_right || complain(check, "has another type");
}

static bool has_all(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    size_t i;
    json_t *key;
    json_array_foreach(wanted, i, key)
    {
        if (!json_object_get(value, json_string_value(key))) {
            char what[100];
            snprintf(what, sizeof what, "'%s' is missing", json_string_value(key));
            return complain(check, what);
        }
    }
    return true;
}

static bool has_properties(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    void *at = json_object_iter(value);
    for (; at; at = json_object_iter_next(value, at)) {
        const char *key = json_object_iter_key(at);
        json_t *inner = json_object_get(wanted, key);
        if (inner && !check_below(check, key, inner, json_object_iter_value(at)))
            return false;
    }
    return true;
}

/* Either false: nothing beyond `properties`, or a schema for all that is beyond them. */
static bool has_no_other(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    json_t *known = json_object_get(schema, "properties");
    void *at = json_object_iter(value);
    for (; at; at = json_object_iter_next(value, at)) {
        const char *key = json_object_iter_key(at);
        if (json_object_get(known, key))
            continue;
        if (json_is_false(wanted)) {
            char what[100];
            snprintf(what, sizeof what, "'%s' is not in the schema", key);
            return complain(check, what);
        }
        if (!check_below(check, key, wanted, json_object_iter_value(at)))
            return false;
    }
    return true;
}

static bool has_items(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        char index[24];
        snprintf(index, sizeof index, "%zu", i);
        if (!check_below(check, index, wanted, item))
            return false;
    }
    return true;
}

static bool is_one_of(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    size_t i;
    json_t *allowed;
    json_array_foreach(wanted, i, allowed)
    {
        if (json_equal(allowed, value))
            return true;
    }
    return complain(check, "is none of the values allowed");
}

static bool is_const(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    return json_equal(wanted, value) || complain(check, "is not the value wanted");
}

static bool fits_pattern(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    regex_t pattern;
    if (regcomp(&pattern, json_string_value(wanted), REG_EXTENDED | REG_NOSUB) != 0)
        return complain(check, "has a pattern that is no regular expression");
    bool is_right = regexec(&pattern, json_string_value(value), 0, NULL, 0) == 0;
    regfree(&pattern);
    return is_right || complain(check, "does not fit its pattern");
}

static bool is_at_least(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    return json_number_value(value) >= json_number_value(wanted) || complain(check, "is too small");
}

static bool is_at_most(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    return json_number_value(value) <= json_number_value(wanted) || complain(check, "is too large");
}

static bool is_as_referred(struct check *check, json_t *wanted, json_t *value, json_t *schema)
{
    (void)schema;
    static const char prefix[] = "#/$defs/";
    const char *reference = json_string_value(wanted);
    if (strncmp(reference, prefix, sizeof prefix - 1) != 0)
        return complain(check, "refers outside $defs");
    json_t *definitions = json_object_get(check->root, "$defs");
    json_t *definition = json_object_get(definitions, reference + sizeof prefix - 1);
    return definition ? check_value(check, definition, value)
                      : complain(check, "refers to what is not in $defs");
}

static const struct keyword {
    const char *name;
    keyword_fn *check;
} keywords[] = {
    {"$schema", ignored},
    {"$id", ignored},
    {"$defs", ignored},
    {"title", ignored},
    {"description", ignored},
    {"$ref", is_as_referred},
    {"type", has_type},
    {"required", has_all},
    {"properties", has_properties},
    {"additionalProperties", has_no_other},
    {"items", has_items},
    {"enum", is_one_of},
    {"const", is_const},
    {"pattern", fits_pattern},
    {"minimum", is_at_least},
    {"maximum", is_at_most},
};

static const struct keyword *find_keyword(const char *name)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (strcmp(keywords[i].name, name) == 0)
            return &keywords[i];
    }
    return NULL;
}

static bool check_value(struct check *check, json_t *schema, json_t *value)
{
    void *at = json_object_iter(schema);
    for (; at; at = json_object_iter_next(schema, at)) {
        const struct keyword *keyword = find_keyword(json_object_iter_key(at));
        if (!keyword)
            return complain(check, "has a schema with a keyword that nothing checks");
        if (!keyword->check(check, json_object_iter_value(at), value, schema))
            return false;
    }
    return true;
}

const char *schema_complaint(json_t *schema, json_t *value, char *out, size_t size)
{
    struct check check = {.root = schema, .out = out, .size = size};
    return check_value(&check, schema, value) ? NULL : out;
}

enum { EVENTS = 3 };

struct schemas {
    json_t *schema[EVENTS];
};

static const char *const event_types[EVENTS] = {"flow", "alert", "stats"};

struct schemas *schemas_load(void)
{
    struct schemas *schemas = calloc(1, sizeof *schemas);
    assert_non_null(schemas);
    for (size_t i = 0; i < EVENTS; i++) {
        char path[512];
        json_error_t problem;
        snprintf(path, sizeof path, "%s/eve-%s.json", PORTSCOPE_SCHEMAS, event_types[i]);
        schemas->schema[i] = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
        if (!schemas->schema[i])
            fail_msg("%s:%d: %s", path, problem.line, problem.text);
    }
    return schemas;
}

void schemas_free(struct schemas *schemas)
{
    for (size_t i = 0; i < EVENTS; i++)
        json_decref(schemas->schema[i]);
    free(schemas);
}

void schemas_check(const struct schemas *schemas, json_t *event)
{
    char out[512];
    const char *type = json_string_value(json_object_get(event, "event_type"));
    for (size_t i = 0; i < EVENTS; i++) {
        if (!type || strcmp(type, event_types[i]) != 0)
            continue;
        if (schema_complaint(schemas->schema[i], event, out, sizeof out))
            fail_msg("eve-%s.json: %s", type, out);
        return;
    }
    fail_msg("an event without a known event_type");
}
