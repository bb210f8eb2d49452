/* SPDX-License-Identifier: Apache-2.0
 *
 * A question of the API on its way to the store: what was asked, in the store's words, and the
 * JSON that grows.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_INQUIRY_H
#define PORTSCOPE_REVIEW_SERVE_INQUIRY_H

#include "model/rulebook.h"
#include "review/serve/request.h"
#include "store/question.h"

enum { INQUIRY_LIMIT_DEFAULT = 50, INQUIRY_LIMIT_MAX = 500, INQUIRY_TIMES_MAX = 240 };

struct inquiry {
    struct store *store;
    const struct rulebook *rulebook;
    const struct serve_request *request;
    const char *id; /* the part of the path that is one's name; "" */
    int64_t (*now_ns)(void);
    int64_t came_ns, began_ns; /* when it was asked, and when a handle was free for it */

    struct store_filter filter;
    enum store_measure sort;
    bool is_ascending;
    uint64_t limit;

    struct text *json;
    unsigned status; /* when it cannot be answered: why, in HTTP's numbers */
};

/* Reads filter, sort, order and limit. False with a sentence: they are wrong. */
bool inquiry_read(struct inquiry *inquiry, struct error *error);

const char *inquiry_parameter(const struct inquiry *inquiry, enum parameter parameter);

/* For `return`: sets the status, and the sentence. */
__attribute__((format(printf, 4, 5))) bool inquiry_refuse(struct inquiry *inquiry, unsigned status,
                                                          struct error *error, const char *format,
                                                          ...);

/* The questions; each appends one JSON document. */
typedef bool inquiry_fn(struct inquiry *inquiry, struct error *error);
inquiry_fn answer_summary, answer_timeline, answer_groups, answer_probes, answer_rules;
inquiry_fn answer_findings, answer_finding, answer_acknowledge;
inquiry_fn answer_flows, answer_flow;

#endif
