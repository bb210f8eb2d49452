/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may ask. Everything a browser can be tricked into sending is refused here, before any path is
 * looked at:
 *
 *   a page of another site that guesses our port   Origin, Sec-Fetch-Site
 *   a name of another site that is made to point    Host: a literal address, localhost, or a name
 *   at us (DNS rebinding)                           that the operator gave
 *   a form of another site                          Content-Type of what changes something is JSON
 */
#ifndef PORTSCOPE_REVIEW_SERVE_GUARD_H
#define PORTSCOPE_REVIEW_SERVE_GUARD_H

#include "review/serve/request.h"

enum { TOKEN_SIZE_MIN = 20, TOKEN_SIZE_MAX = 256, SESSION_SIZE = 65 };

struct guard {
    char token[TOKEN_SIZE_MAX + 1]; /* "": none is asked for */
    char session[SESSION_SIZE];     /* what a browser gets for the token, until the program ends */
    const char *const *names;       /* host names of ours */
    size_t name_count;
};

/* Reads the token's file: one line, a regular file of ours, mode 0600 or less. */
bool guard_load_token(struct guard *guard, const char *path, struct error *error);
/* Makes the session's secret of the kernel's random bytes. */
bool guard_make_session(struct guard *guard, struct error *error);

/* The checks that every request goes through; false: the answer is a problem. */
bool guard_lets_in(const struct guard *guard, const struct serve_request *request,
                   struct serve_answer *answer);

/* Whether the request brings the token or the session; always when none is asked for. */
bool guard_knows(const struct guard *guard, const struct request_headers *headers);
bool guard_is_token(const struct guard *guard, const char *word);

/* The value of Set-Cookie that begins or ends a session. */
void guard_cookie(const struct guard *guard, bool is_begin, char out[ANSWER_WORD_SIZE]);

#endif
