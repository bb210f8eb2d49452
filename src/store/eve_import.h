/* SPDX-License-Identifier: Apache-2.0
 *
 * EVE JSON lines, as `-o eve` writes them, into a store: so that the same questions can be asked.
 */
#ifndef PORTSCOPE_STORE_EVE_IMPORT_H
#define PORTSCOPE_STORE_EVE_IMPORT_H

#include "store/store.h"

struct eve_import {
    uint64_t lines, flows, findings, runs, refused; /* refused: no JSON object, or a flow without
                                                     * times or addresses */
};

/* Reads a file, or "-" for standard input. False with a sentence when it cannot be read or stored;
 * lines of other programs' events are passed over, broken ones are counted. */
bool store_import_eve(struct store *store, const char *path, struct eve_import *counts,
                      struct error *error);

#endif
