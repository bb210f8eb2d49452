/* SPDX-License-Identifier: Apache-2.0
 *
 * nDPI as the rest of the room sees it: open, show a packet, take the answer. What it is shown is
 * always a struct datagram: validated, with true lengths, padded.
 */
#ifndef PORTSCOPE_DPI_NDPI_ENGINE_H
#define PORTSCOPE_DPI_NDPI_ENGINE_H

#include "base/error.h"
#include "dpi/datagram.h"
#include "model/detection.h"
#include "model/flow.h"

#include <stdbool.h>
#include <stdint.h>

struct ndpi_engine; /* a module; for one thread at a time */
struct ndpi_state;  /* what nDPI keeps of one flow */

struct ndpi_answer {
    uint16_t master_id, application_id, category_id;
    enum detection_confidence confidence;
    bool wants_more; /* more packets may bring more metadata */
};

/* NULL with a sentence when the library is not the one of the header. */
struct ndpi_engine *ndpi_engine_open(struct error *error);
void ndpi_engine_close(struct ndpi_engine *engine); /* accepts NULL */

/* NULL when there is no memory. */
struct ndpi_state *ndpi_state_new(void);
void ndpi_state_free(struct ndpi_state *state); /* accepts NULL */

struct ndpi_answer ndpi_engine_show(struct ndpi_engine *engine, struct ndpi_state *state,
                                    const struct datagram *datagram);

/* The answer without a further packet; names nothing by port or address. */
struct ndpi_answer ndpi_engine_give_up(struct ndpi_engine *engine, struct ndpi_state *state);

static inline bool ndpi_answer_is_named(const struct ndpi_answer *answer)
{
    return answer->master_id != 0 || answer->application_id != 0;
}

/* Copies names, risks and metadata out; `out` is overwritten. `first`: the direction of the first
 * payload shown. */
void ndpi_engine_describe(struct ndpi_engine *engine, const struct ndpi_state *state,
                          const struct ndpi_answer *answer, enum flow_direction first,
                          struct detection *out);

/* The application whose network the address is in, by nDPI's lists; 0: none. */
uint16_t ndpi_engine_application_at(const struct ndpi_engine *engine,
                                    const struct address *address);

/* "4.2.0" of the library, without the build's suffix. */
const char *ndpi_engine_version(void);

/* Protocol `id` of the library; false when there is none. The strings are the library's. */
bool ndpi_engine_protocol(const struct ndpi_engine *engine, uint16_t id, const char **name,
                          const char **category);

#endif
