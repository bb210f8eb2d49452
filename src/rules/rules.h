/* SPDX-License-Identifier: Apache-2.0
 *
 * Loads rule files (YAML) into a rulebook, and explains it. The only room that knows the YAML
 * library.
 */
#ifndef PORTSCOPE_RULES_RULES_H
#define PORTSCOPE_RULES_RULES_H

#include "base/cursor.h"
#include "base/error.h"
#include "model/rulebook.h"
#include "model/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct rules_options {
    const char *directory; /* of the rule pack: services.yaml, applications.yaml, taxonomy.yaml;
                              NULL: where it is installed, or beside the program's source */
    /* The user's own, in order. An entry whose name an earlier file has changes what it gives; one
     * with another name takes the port over, which rules_summary() tells. */
    const char *const *files;
    size_t file_count;
    const char *watch; /* "8154,9000/tcp": added to the watched ports; NULL: none */
};

/* Loads everything or nothing: on a fault NULL, and `error` says file:line:column, what is wrong,
 * and the nearest right word. The caller frees the rulebook. */
struct rulebook *rules_load(const struct rules_options *options, struct error *error);
void rules_free(struct rulebook *rulebook); /* accepts NULL */

/* `portscope rules show [WORD]`: the table of services (word NULL), or what the word names: a
 * service, an application, a category, a port, or an attribute (its closed list). False when it
 * names nothing. */
bool rules_show(const struct rulebook *rulebook, const char *word, FILE *out, struct error *error);

/* `portscope rules explain PORT[/PROTO]`. */
bool rules_explain(const struct rulebook *rulebook, const char *word, FILE *out,
                   struct error *error);

/* Loads a site policy; services are known by the rulebook's names. False with a sentence that says
 * file:line:column; nothing is left to free then. */
bool site_load(const char *path, const struct rulebook *rulebook, struct site *site,
               struct error *error);
/* The same of the bytes of a file; `name` is printable. */
bool site_parse(const char *name, struct span bytes, const struct rulebook *rulebook,
                struct site *site, struct error *error);
void site_free(struct site *site); /* accepts one that was not loaded */

/* `portscope rules explain --site FILE SRC DST PORT[/PROTO]`: which entry decides. */
bool site_explain(const struct site *site, const char *const words[3], FILE *out,
                  struct error *error);
/* What the policy holds, in a line. */
void site_summary(const struct site *site, FILE *out);

/* `portscope rules check`: what was loaded, in a few lines. */
void rules_summary(const struct rulebook *rulebook, FILE *out);

#endif
