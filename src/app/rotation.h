/* SPDX-License-Identifier: Apache-2.0
 *
 * When output files make way for new ones: --rotate 1h,100M,keep=24.
 */
#ifndef PORTSCOPE_APP_ROTATION_H
#define PORTSCOPE_APP_ROTATION_H

#include "app/notices.h"
#include "base/error.h"
#include "output/sink.h"

#include <stdbool.h>
#include <stdint.h>

struct rotation {
    int64_t interval_ns; /* 0: not by time */
    uint64_t size;       /* of the largest file; 0: not by size */
    uint64_t keep;       /* old files of each; 0: all */
    int64_t due_ns;
};

/* False with a sentence when the words make no sense. */
bool rotation_parse(const char *words, struct rotation *out, struct error *error);

/* Turns the files when it is time; `now_ns` is the steady clock's, `wall_ns` the one for names. */
void rotation_look(struct rotation *rotation, struct sinks *sinks, int64_t now_ns, int64_t wall_ns,
                   struct notices *notices);

#endif
