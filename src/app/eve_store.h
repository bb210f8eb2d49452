/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of EVE lines as a store: in memory, so that the same questions can be asked.
 */
#ifndef PORTSCOPE_APP_EVE_STORE_H
#define PORTSCOPE_APP_EVE_STORE_H

#include "app/option.h"
#include "store/store.h"

/* NULL with a sentence. Lines that are no events are counted on standard error. */
struct store *eve_store_open(const struct words *files, struct error *error);

#endif
