/* SPDX-License-Identifier: Apache-2.0
 *
 * What a kind of source (saved capture, interface) provides. A kind's own struct begins with a
 * `struct source` and is what the functions get.
 */
#ifndef PORTSCOPE_CAPTURE_SOURCE_KIND_H
#define PORTSCOPE_CAPTURE_SOURCE_KIND_H

#include "capture/source.h"

struct source_kind {
    enum source_status (*next)(struct source *source, struct batch *batch, struct error *error);
    struct source_statistics (*statistics)(const struct source *source);
    void (*close)(struct source *source);
};

struct source {
    const struct source_kind *kind;
};

#endif
