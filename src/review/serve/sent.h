/* SPDX-License-Identifier: Apache-2.0
 *
 * A JSON object of strings that a browser sent. A file of its own, because jansson's names and
 * those of output/json.h are the same.
 */
#ifndef PORTSCOPE_REVIEW_SERVE_SENT_H
#define PORTSCOPE_REVIEW_SERVE_SENT_H

#include "base/cursor.h"

#include <stdbool.h>
#include <stddef.h>

struct sent_member {
    const char *name;
    char *out; /* "" when it was not sent */
    size_t size;
};

/* False: no object, another member, no string, a string with a NUL in it, or too long a one. */
bool sent_read(struct span body, const struct sent_member *members, size_t count);

#endif
