/* SPDX-License-Identifier: Apache-2.0
 *
 * An open store, for the files of this room.
 */
#ifndef PORTSCOPE_STORE_STORE_STATE_H
#define PORTSCOPE_STORE_STORE_STATE_H

#include "store/backend.h"
#include "store/record_row.h"
#include "store/store.h"
#include "store/target.h"

struct store {
    const struct backend *backend;
    void *self; /* the backend's */
    int64_t (*now_ns)(void);
    char probe[TARGET_WORD_SIZE], run[STORE_FINDING_ID_SIZE];
    struct row_words words;
};

#endif
