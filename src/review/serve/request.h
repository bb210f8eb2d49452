/* SPDX-License-Identifier: Apache-2.0
 *
 * One request and its answer, without the library that carries them: what decides and what answers
 * can be tested without a socket.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_REQUEST_H
#define PORTSCOPE_REVIEW_SERVE_REQUEST_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

/* Every parameter that a path of ours can have behind its question mark. */
enum parameter {
    PARAMETER_SINCE,
    PARAMETER_UNTIL,
    PARAMETER_SERVICE,
    PARAMETER_VERDICT,
    PARAMETER_APPLICATION,
    PARAMETER_PROBE,
    PARAMETER_HOST,
    PARAMETER_SEARCH,
    PARAMETER_SEVERITY,
    PARAMETER_ACKNOWLEDGED,
    PARAMETER_BY,
    PARAMETER_SORT,
    PARAMETER_ORDER,
    PARAMETER_LIMIT,
    PARAMETER_AFTER,
    PARAMETER_NEAR,
    PARAMETERS
};

const char *parameter_name(enum parameter parameter);
/* False when the word is none of them. */
bool parameter_parse(const char *word, enum parameter *out);

#define PARAMETER_BIT(parameter) (UINT32_C(1) << (parameter))

/* The headers that anything here looks at; NULL: not sent. */
struct request_headers {
    const char *host, *origin, *fetch_site, *content_type, *authorization, *cookie;
    const char *if_none_match, *last_event_id;
};

struct serve_request {
    const char *method, *path;
    struct request_headers headers;
    const char *parameters[PARAMETERS]; /* NULL: not given */
    const char *unknown_parameter;      /* the first one that is none of ours; NULL: none */
    struct span body;
};

struct serve_listener;

enum { ANSWER_WORD_SIZE = 160 };

struct serve_answer {
    unsigned status;
    const char *type;
    const char *fixed;   /* instead of the text: lives as long as the program */
    size_t fixed_length; /* of it */
    struct text body;
    char tag[32];                    /* ETag; "": none, and nobody may keep the answer */
    char allow[ANSWER_WORD_SIZE];    /* "": no such header */
    char cookie[ANSWER_WORD_SIZE];   /* Set-Cookie */
    bool wants_credentials;          /* WWW-Authenticate */
    struct serve_listener *listener; /* instead of everything: what happens, as it happens */
};

/* An RFC 9457 problem: the status, and a sentence for whoever asked. Escapes the sentence. */
void answer_problem(struct serve_answer *answer, unsigned status, const char *sentence);

/* The answer's JSON, to be appended to the body. */
struct text *answer_json(struct serve_answer *answer);

#endif
