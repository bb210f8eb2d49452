/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the page is served: "127.0.0.1:8154", "[::1]:0", "0.0.0.0:8154".
 */
#ifndef PORTSCOPE_REVIEW_SERVE_LISTEN_H
#define PORTSCOPE_REVIEW_SERVE_LISTEN_H

#include "base/address.h"
#include "base/error.h"

#include <stdbool.h>

struct listen_place {
    struct address address;
    uint16_t port; /* 0: any free one */
};

/* Only literal addresses: a name could mean another address tomorrow. */
bool listen_parse(const char *word, struct listen_place *out, struct error *error);

/* 127.0.0.0/8 or ::1: nobody but this machine. */
bool listen_is_loopback(const struct listen_place *place);

enum { LISTEN_TEXT_SIZE = 64 };
/* "127.0.0.1:8154", "[::1]:8154"; returns `out`. */
const char *listen_text(const struct listen_place *place, char out[LISTEN_TEXT_SIZE]);

/* Binds and listens; the place's port becomes the one that was given. -1 with a sentence. */
int listen_open(struct listen_place *place, struct error *error);

#endif
