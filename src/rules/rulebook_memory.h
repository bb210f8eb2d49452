/* SPDX-License-Identifier: Apache-2.0
 *
 * What a rulebook's `memory` points to.
 */
#ifndef PORTSCOPE_RULES_RULEBOOK_MEMORY_H
#define PORTSCOPE_RULES_RULEBOOK_MEMORY_H

#include "rules/strings.h"
#include "rules/taxonomy.h"

struct rulebook_memory {
    struct strings strings;
    struct taxonomy taxonomy;
    const char **takeovers; /* as in struct pack */
    size_t takeover_count;
};

#endif
