/* SPDX-License-Identifier: Apache-2.0
 *
 * One ClickHouse server over HTTP: a statement or a batch of rows per request.
 */
#ifndef PORTSCOPE_STORE_CLICKHOUSE_HTTP_H
#define PORTSCOPE_STORE_CLICKHOUSE_HTTP_H

#include "base/error.h"
#include "base/text.h"
#include "store/question.h"
#include "store/target.h"

#include <stdbool.h>

struct clickhouse_http;

/* User and password come from the file named by PORTSCOPE_CLICKHOUSE_CREDENTIALS ("USER:PASSWORD",
 * one line, mode 0600) or from PORTSCOPE_CLICKHOUSE_USER and PORTSCOPE_CLICKHOUSE_PASSWORD. */
struct clickhouse_http *clickhouse_http_new(const struct target *target, struct error *error);
void clickhouse_http_free(struct clickhouse_http *http); /* accepts NULL */

/* See store_set_patience(). */
void clickhouse_http_set_patience(struct clickhouse_http *http, store_patience_fn *has_patience,
                                  void *context);

enum http_result {
    HTTP_DONE,
    HTTP_AWAY,    /* nobody answered, or too busy: worth another try */
    HTTP_REFUSED, /* the server said no, and why */
};

/* Runs `statement` (in the URL when there is a body, else as the body). What came back is appended
 * to `answer`, at most ANSWER_MAX bytes of it; `database` may be NULL. */
struct http_request {
    const char *database, *statement;
    const struct text *body; /* NULL: none */
    struct text *answer;     /* NULL: not wanted */
};
enum http_result clickhouse_http_run(struct clickhouse_http *http,
                                     const struct http_request *request, struct error *error);

#endif
