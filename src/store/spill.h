/* SPDX-License-Identifier: Apache-2.0
 *
 * Batches that a server did not take, on disk until it does: whole files, the oldest first, bounded
 * in sum. What a killed process leaves behind is sent by the next one.
 */
#ifndef PORTSCOPE_STORE_SPILL_H
#define PORTSCOPE_STORE_SPILL_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { SPILL_MAX = 1 << 30, SPILL_NAME_SIZE = 64 };

struct spill;

/* Makes the folder (mode 0700) when there is none. */
struct spill *spill_open(const char *folder, struct error *error);
void spill_close(struct spill *spill); /* accepts NULL */

/* Keeps a batch of rows of the table numbered `table`. False when the bound is reached or the disk
 * is full. */
bool spill_put(struct spill *spill, unsigned table, const struct text *rows, struct error *error);

/* The oldest batch; false when there is none. */
bool spill_oldest(struct spill *spill, char name[SPILL_NAME_SIZE], unsigned *table,
                  struct text *rows);
void spill_remove(struct spill *spill, const char *name);

uint64_t spill_size(const struct spill *spill);

#endif
