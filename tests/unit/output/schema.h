/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks events against docs/schema/: the part of JSON Schema (2020-12) that those files use. A
 * word that it does not know in a schema fails the test, so nothing in there goes unchecked.
 */
#ifndef PORTSCOPE_TESTS_SCHEMA_H
#define PORTSCOPE_TESTS_SCHEMA_H

#include <jansson.h>

struct schemas;

struct schemas *schemas_load(void);
void schemas_free(struct schemas *schemas);

/* Fails the test, with the path of the value, when the event is not as its schema says. */
void schemas_check(const struct schemas *schemas, json_t *event);

/* What is wrong with `value`, or NULL; `out` is used for the sentence. */
const char *schema_complaint(json_t *schema, json_t *value, char *out, size_t size);

#endif
