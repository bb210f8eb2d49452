/* SPDX-License-Identifier: Apache-2.0
 *
 * What was normal in captures that the user trusts: services (host, port, transport) and pairs
 * (client, server, port, transport) that took part in an answered conversation. A file of JSON that
 * people can read and edit; learning into an existing file adds to it.
 */
#ifndef PORTSCOPE_DETECT_BASELINE_H
#define PORTSCOPE_DETECT_BASELINE_H

#include "base/cursor.h"
#include "base/error.h"
#include "detect/observation.h"

#include <stdio.h>

struct baseline;

struct baseline *baseline_new(void);
void baseline_free(struct baseline *baseline); /* accepts NULL */

/* Adds what the bytes of a file say (`name` is printable); false with a sentence. */
bool baseline_parse(struct baseline *baseline, const char *name, struct span bytes,
                    struct error *error);
/* Adds what a file says; false with a sentence. */
bool baseline_load(struct baseline *baseline, const char *path, struct error *error);
/* Writes it, sorted, beside `path` first and over it then. */
bool baseline_save(const struct baseline *baseline, const char *path, struct error *error);

/* Adds what the flow shows, if it was answered on a watched port. */
void baseline_learn(struct baseline *baseline, const struct observation *seen);

size_t baseline_services(const struct baseline *baseline);
size_t baseline_pairs(const struct baseline *baseline);
/* Services and pairs that found no place. */
uint64_t baseline_refused(const struct baseline *baseline);

/* Whether the responder's service, or the pair, is known. Without a baseline (NULL) nothing is. */
bool baseline_knows_listener(const struct baseline *baseline, const struct observation *seen);
bool baseline_knows_pair(const struct baseline *baseline, const struct observation *seen);

#endif
