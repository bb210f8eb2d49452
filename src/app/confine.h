/* SPDX-License-Identifier: Apache-2.0
 *
 * The sandbox of a run: what may still be opened follows from its inputs and outputs.
 */
#ifndef PORTSCOPE_APP_CONFINE_H
#define PORTSCOPE_APP_CONFINE_H

#include "app/pipeline.h"
#include "app/sandbox.h"

/* Enters it, between opening the outputs and starting threads; `policy` is completed by what the
 * outputs need, and by the rules that a live one loads again. False: reported, and nothing may be
 * read. */
bool confine(struct pipeline *pipeline, struct sandbox_policy *policy, bool is_live);

/* The same for a server whose socket and store are open: only the store's folder is left. */
bool confine_server(const char *store, bool notifies, struct error *error);

/* Files may be made and replaced beside `path`. */
void sandbox_policy_let_write(struct sandbox_policy *policy, const char *path);

void sandbox_policy_free(struct sandbox_policy *policy);

#endif
