/* SPDX-License-Identifier: Apache-2.0
 *
 * The values of fields that are not members of a record as they stand. Each returns false when the
 * record has no such value.
 */
#ifndef PORTSCOPE_OUTPUT_FIELD_GET_H
#define PORTSCOPE_OUTPUT_FIELD_GET_H

#include "output/field.h"

/* The type of struct field's `get`. */
typedef bool field_get_fn(struct field_value *value);

field_get_fn get_app_protocol, get_application_id, get_assigned, get_attribute, get_community_id,
    get_confidence, get_destination, get_detected_id, get_duration, get_end, get_entropy,
    get_evidence, get_first, get_first_hex, get_flags, get_input, get_marks, get_missed_bytes,
    get_nothing, get_port_side, get_redissected_port, get_risks, get_service, get_source, get_state,
    get_transport, get_tunnel_depth, get_tunnel_id, get_tunnel_kind, get_tunnel_parents, get_uid,
    get_verdict, get_vlans, get_why, get_zeek_transport;

#endif
