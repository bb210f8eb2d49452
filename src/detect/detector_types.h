/* SPDX-License-Identifier: Apache-2.0
 *
 * One line a detector; detectors.c has the table.
 */
#ifndef PORTSCOPE_DETECT_DETECTOR_TYPES_H
#define PORTSCOPE_DETECT_DETECTOR_TYPES_H

#include "detect/detector.h"

extern const struct detector beacon_detector;
extern const struct detector burst_detector;
extern const struct detector entropy_detector;
extern const struct detector exposure_detector;
extern const struct detector first_seen_detector;
extern const struct detector half_open_detector;
extern const struct detector heartbeat_changed_detector;
extern const struct detector heartbeat_lost_detector;
extern const struct detector listener_detector;
extern const struct detector long_connection_detector;
extern const struct detector malformed_detector;
extern const struct detector masquerade_detector;
extern const struct detector odd_transport_detector;
extern const struct detector port_note_detector;
extern const struct detector privileged_client_detector;
extern const struct detector reflection_detector;
extern const struct detector risk_detector;
extern const struct detector scan_detector;
extern const struct detector source_port_detector;
extern const struct detector tcp_abuse_detector;
extern const struct detector ttl_change_detector;
extern const struct detector unexpected_peer_detector;
extern const struct detector volume_detector;
extern const struct detector zone_crossing_detector;

#endif
