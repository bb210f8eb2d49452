/* SPDX-License-Identifier: Apache-2.0
 *
 * Fills a store with flows made by arithmetic, spread over one day, and says how fast.
 *
 *     store_fill TARGET FLOWS
 */
#include "store_flows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY_NS (INT64_C(86400) * 1000000000)

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static bool fill(struct store *store, uint64_t count, struct error *error)
{
    for (uint64_t i = 0; i < count; i++) {
        struct store_flow flow = sample_store_flow(i, count, DAY_NS);
        if (!store_add_flow(store, &flow, error))
            return false;
    }
    return store_commit(store, error);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: store_fill TARGET FLOWS\n", stderr);
        return 2;
    }
    struct error error;
    const struct store_options options = {
        .target = argv[1], .mode = STORE_CREATE, .now_ns = now_ns};
    uint64_t count = strtoull(argv[2], NULL, 10);
    int64_t began_ns = now_ns();
    struct store *store = store_open(&options, &error);
    if (!store || !fill(store, count, &error) || !store_close(store, &error)) {
        fprintf(stderr, "store_fill: %s\n", error.text);
        return 1;
    }
    double seconds = (double)(now_ns() - began_ns) / 1e9;
    printf("%" PRIu64 " flows in %.1f s: %.0f/s\n", count, seconds, (double)count / seconds);
    return 0;
}
