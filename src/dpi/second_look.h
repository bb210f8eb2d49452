/* SPDX-License-Identifier: Apache-2.0
 *
 * Shows nDPI what was kept of a flow once more: with another service port in the headers, only a
 * part of it, or its first bytes as one packet each way. What the capture cut off is zeros: nDPI
 * waits for the whole of a TLS record, and its lengths are then true.
 */
#ifndef PORTSCOPE_DPI_SECOND_LOOK_H
#define PORTSCOPE_DPI_SECOND_LOOK_H

#include "dpi/conversation.h"
#include "dpi/ndpi_engine.h"

struct look {
    const struct flow *flow;
    const struct message *messages;
    size_t count;
    uint16_t service_port, client_port; /* written into the copies; 0: the flow's own */
};

struct look_result {
    struct ndpi_answer answer;
    size_t named_at; /* the message that brought the name, valid when there is one */
    size_t packets;  /* shown */
};

/* A fresh state is made and freed; `out`, when not NULL, is filled with what was found. Without
 * memory nothing is found. */
struct look_result look_again(struct ndpi_engine *engine, const struct look *look,
                              struct detection *out);

#endif
