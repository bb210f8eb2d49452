/* SPDX-License-Identifier: Apache-2.0
 *
 * Finished files beside the one that is being written: "eve.json.20261120T091500.123456Z". The
 * names sort by time, and none is ever written over.
 */
#ifndef PORTSCOPE_OUTPUT_ASIDE_H
#define PORTSCOPE_OUTPUT_ASIDE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { ASIDE_SIZE = 32 };

/* "20261120T091500.123456Z". Returns `out`. */
const char *aside_of(int64_t time_ns, char out[ASIDE_SIZE]);

/* Renames PATH to PATH.ASIDE, atomically; false with a sentence, also when that exists. */
bool aside_move(const char *path, const char *aside, struct error *error);
void aside_move_back(const char *path, const char *aside);

/* Removes all but the newest `keep` files "PATH.<time>". */
void aside_keep_newest(const char *path, unsigned keep);

#endif
