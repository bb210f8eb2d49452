/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_MODEL_FRAME_H
#define PORTSCOPE_MODEL_FRAME_H

#include "base/cursor.h"

#include <stdint.h>

/* One captured frame as its source hands it out. `bytes` are borrowed: they stay valid until the
 * source is asked for its next batch (or the batch's block is released, see capture/source.h). */
struct frame {
    struct span bytes;    /* what was captured; its length is the captured length */
    int64_t time_ns;      /* as the capture says it; may run backwards */
    uint32_t wire_length; /* as the capture claims it; never smaller than bytes.length */
    uint16_t link_type;   /* LINKTYPE_ number of the interface, see tcpdump.org/linktypes.html */
};

#endif
