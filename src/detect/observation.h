/* SPDX-License-Identifier: Apache-2.0
 *
 * An ended flow as detectors see it: what several of them ask is worked out once.
 */
#ifndef PORTSCOPE_DETECT_OBSERVATION_H
#define PORTSCOPE_DETECT_OBSERVATION_H

#include "model/record.h"
#include "model/site.h"

#include <stdbool.h>
#include <stdint.h>

struct observation {
    const struct flow_record *record;
    const struct flow *flow;
    struct address client, server; /* initiator and responder */
    uint16_t port;                 /* the responder's */
    uint8_t protocol;

    bool is_watched; /* the responder's port is; the initiator's alone makes it a stray */
    bool is_stray;
    bool is_answered; /* the responder took part: SYN-ACK, or data */
    bool is_failed;   /* an attempt that got nothing */
    bool is_continued;
    bool is_to_group; /* multicast or broadcast: nobody has to answer */

    bool client_is_home, server_is_home;
    enum zone client_zone, server_zone;

    /* Live: which detectors (bits by their index) have counted this flow before its end; NULL: it
     * was not shown before. */
    uint32_t *counted_by;

    const struct site_rule *rule; /* the policy's entry that decides; NULL: none, or no policy */
    bool is_allowed;              /* by the policy */
    bool is_forbidden;            /* there is a policy, and it does not allow this */
};

/* `record` and `site` are borrowed for as long as the observation. */
struct observation observation_of(const struct flow_record *record, const struct site *site,
                                  const struct port_set *watched);

#endif
