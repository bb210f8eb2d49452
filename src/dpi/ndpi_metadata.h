/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_DPI_NDPI_METADATA_H
#define PORTSCOPE_DPI_NDPI_METADATA_H

#include "dpi/ndpi_compat.h"
#include "dpi/ndpi_engine.h"

/* Copies what nDPI read in the payload (host, banners, fingerprints), bounded, into `out`. `first`:
 * the direction of the first payload shown. */
void ndpi_copy_metadata(const ndpi_flow *flow, const struct ndpi_answer *answer,
                        enum flow_direction first, struct detection *out);

#endif
