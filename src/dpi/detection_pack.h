/* SPDX-License-Identifier: Apache-2.0
 *
 * A detection is two kilobytes of mostly empty strings; a flow that waits for its end keeps it
 * packed into what is really there.
 */
#ifndef PORTSCOPE_DPI_DETECTION_PACK_H
#define PORTSCOPE_DPI_DETECTION_PACK_H

#include "model/detection.h"

#include <stddef.h>

struct detection_pack;

/* NULL when there is no memory. */
struct detection_pack *detection_pack_new(const struct detection *detection);
void detection_pack_free(struct detection_pack *pack); /* accepts NULL */

/* Fills `out` as it was. */
void detection_pack_open(const struct detection_pack *pack, struct detection *out);

#endif
