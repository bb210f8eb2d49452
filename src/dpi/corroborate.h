/* SPDX-License-Identifier: Apache-2.0
 *
 * Structure nominates, nDPI confirms. What nDPI said of a flow on a foreign port is weighed against
 * the structural checks; a flow that it could not name, or named against them, is dissected again
 * as what the checks say it can be. A name stands only with evidence, and says which.
 */
#ifndef PORTSCOPE_DPI_CORROBORATE_H
#define PORTSCOPE_DPI_CORROBORATE_H

#include "dpi/conversation.h"
#include "dpi/ndpi_engine.h"
#include "model/totals.h"

struct corroboration {
    struct ndpi_engine *engine;
    struct totals *totals;
    const struct flow *flow;
    const struct conversation *conversation;
};

/* Whether a structural check supports the name already; then sets evidence and why. Cheap. */
bool corroborate_by_structure(const struct corroboration *job, struct detection *detection);

/* The last word, once no more messages come: may replace the name, find one, withdraw one, or set
 * its evidence. */
void corroborate(const struct corroboration *job, struct detection *detection);

#endif
