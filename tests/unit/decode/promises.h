/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold for every frame whatsoever; asked by the unit tests and by the fuzz target.
 */
#ifndef PORTSCOPE_TESTS_PROMISES_H
#define PORTSCOPE_TESTS_PROMISES_H

#include "model/frame.h"
#include "model/packet.h"
#include "model/rulebook.h"

/* What is wrong with a decoded packet, or NULL. */
const char *decoded_fault(const struct frame *frame, const struct packet *packet);

/* What is wrong with decode_is_watched() for a frame that was decoded so, or NULL. */
const char *watch_fault(const struct frame *frame, const struct port_set *watched,
                        enum decode_result result, const struct packet *packet);

#endif
