/* SPDX-License-Identifier: Apache-2.0
 *
 * The bar on standard error while files are read; nothing at all when that is no terminal.
 */
#ifndef PORTSCOPE_APP_PROGRESS_H
#define PORTSCOPE_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool is_on;
    bool is_drawn;
    uint64_t total_bytes; /* of all inputs; 0: not known */
    int64_t started_ns, drawn_ns;
};

/* `total_bytes`: the size of all inputs together, 0 when one of them is a pipe. */
void progress_start(struct progress *progress, bool is_wanted, uint64_t total_bytes);

/* Redraws at most ten times a second. */
void progress_update(struct progress *progress, uint64_t bytes, uint64_t packets);

/* Clears the line, so that a message can stand there. */
void progress_clear(struct progress *progress);

#endif
