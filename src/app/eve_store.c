/* SPDX-License-Identifier: Apache-2.0 */
#include "app/eve_store.h"

#include "store/eve_import.h"

#include <inttypes.h>

struct store *eve_store_open(const struct words *files, struct error *error)
{
    const struct store_options options = {.target = ":memory:", .mode = STORE_APPEND};
    struct eve_import counts = {0};
    struct store *store = store_open(&options, error);
    for (size_t i = 0; store && i < files->count; i++) {
        if (store_import_eve(store, files->items[i], &counts, error))
            continue;
        store_close(store, NULL);
        return NULL;
    }
    if (store && counts.refused > 0)
        fprintf(stderr,
                "portscope: %" PRIu64 " of %" PRIu64 " lines are no events and were left out\n",
                counts.refused, counts.lines);
    return store;
}
