/* SPDX-License-Identifier: Apache-2.0
 *
 * Which flows and findings a question is about. Starts as {0}: all of them.
 */
#ifndef PORTSCOPE_STORE_FILTER_H
#define PORTSCOPE_STORE_FILTER_H

#include "base/address.h"
#include "model/finding.h"

#include <stdbool.h>
#include <stdint.h>

struct store_filter {
    /* By a flow's first packet, to the whole minute: from the minute of `since_ns` on, and before
     * the end of the minute of `until_ns`. 0: no bound. */
    int64_t since_ns, until_ns;

    /* One word or several with commas between them; NULL: any. */
    const char *service, *verdict, *application, *probe;

    bool has_host;
    struct network host; /* on either side */

    enum severity severity;  /* of findings: this or worse */
    int64_t stored_since_ns; /* of findings: only what was written then or later; 0: all */
    const char *search;      /* somewhere in names and words, without case; NULL: anything */
};

/* `since_ns` and `until_ns` taken to the minute: the flow's first packet is at or after *begin_ns
 * and before *end_ns. */
void store_filter_span(const struct store_filter *filter, int64_t *begin_ns, int64_t *end_ns);

/* Whether `word` is one of `words`, which have commas between them; NULL: any is. */
bool store_filter_has_word(const char *words, const char *word);

#endif
