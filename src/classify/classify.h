/* SPDX-License-Identifier: Apache-2.0
 *
 * Assigned and detected, compared: the verdict. One function one can read aloud.
 */
#ifndef PORTSCOPE_CLASSIFY_CLASSIFY_H
#define PORTSCOPE_CLASSIFY_CLASSIFY_H

#include "model/detection.h"
#include "model/flow.h"
#include "model/rulebook.h"
#include "model/verdict.h"

/* Fills `out`; what it points to belongs to the rulebook. */
void classify_flow(const struct rulebook *rulebook, const struct flow *flow,
                   const struct detection *detection, struct classification *out);

#endif
