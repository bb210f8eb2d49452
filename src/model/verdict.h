/* SPDX-License-Identifier: Apache-2.0
 *
 * Two facts, never merged: what the port is assigned to, and what was detected in the payload. The
 * verdict compares them.
 */
#ifndef PORTSCOPE_MODEL_VERDICT_H
#define PORTSCOPE_MODEL_VERDICT_H

#include "model/detection.h"
#include "model/rulebook.h"

#include <stddef.h>

enum verdict {
    VERDICT_EMPTY,      /* no payload */
    VERDICT_UNVERIFIED, /* payload, nothing recognised */
    VERDICT_CONFIRMED,  /* detected is what is assigned */
    VERDICT_MASQUERADE, /* something else, corroborated */
    VERDICT_GUESS,      /* something else, not corroborated */
    VERDICT_STRAY,      /* watched port only on the initiator's side */
    VERDICT_UNASSIGNED, /* no rule for the port (only with --all): detected stands alone */
    VERDICTS
};

/* On which side of the flow the assigned service's port stands. */
enum port_side { PORT_SIDE_NONE, PORT_SIDE_RESPONDER, PORT_SIDE_INITIATOR, PORT_SIDE_BOTH };

enum { CLASSIFICATION_WHY_MAX = 4 };

struct classification {
    enum verdict verdict;
    enum port_side port_side;
    const struct service *assigned; /* borrowed from the rulebook; NULL when nothing is assigned */
    /* The application the flow counts as: the assigned service, unless the verdict is `confirmed`,
     * `masquerade` or `unassigned`, when it is what was detected. */
    char application[DETECTION_NAME_SIZE];
    struct application_id application_id;
    const struct attributes *attributes; /* of that application; borrowed, never NULL */
    char why[CLASSIFICATION_WHY_MAX][DETECTION_WHY_SIZE];
    size_t why_count;
};

const char *verdict_name(enum verdict verdict);
const char *port_side_name(enum port_side side);

#endif
