/* SPDX-License-Identifier: Apache-2.0
 *
 * Every path that there is. openapi.json says the same of those below /api/v1; a test compares.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_ROUTE_H
#define PORTSCOPE_REVIEW_SERVE_ROUTE_H

#include "review/serve/inquiry.h"

struct serve;

/* Answers without the store. */
typedef void route_fn(struct serve *serve, const struct serve_request *request,
                      struct serve_answer *answer);

enum route_access {
    ROUTE_OPEN,  /* to whoever reaches us: nothing in it is anybody's */
    ROUTE_KNOWN, /* to whoever brings the token, when there is one */
};

enum { ROUTE_ID_SIZE = 65 };

struct route {
    const char *method, *path; /* "/api/v1/findings/{id}": one part of the path is the id */
    enum route_access access;
    uint32_t parameters;  /* PARAMETER_BIT() of those it takes */
    inquiry_fn *question; /* asks the store; NULL: `direct` answers */
    route_fn *direct;
    bool is_fresh; /* never answered with what was true a moment ago */
    bool changes;  /* the store: its answer is not kept, and ages all others */
};

extern const struct route routes[];
extern const size_t route_count;

/* NULL with 404, or 405 and the methods there are, in the answer. `id` becomes the part of the path
 * that stands for one. */
const struct route *route_find(const struct serve_request *request, char id[ROUTE_ID_SIZE],
                               struct serve_answer *answer);

/* False with 400 in the answer: a parameter that the path does not have. */
bool route_takes(const struct route *route, const struct serve_request *request,
                 struct serve_answer *answer);

#endif
