/* SPDX-License-Identifier: Apache-2.0
 *
 * "flows.db?probe=lab", "clickhouse://db.example:8123/flows?cluster=all&tls=yes", taken apart.
 */
#ifndef PORTSCOPE_STORE_TARGET_H
#define PORTSCOPE_STORE_TARGET_H

#include "base/error.h"

#include <stdbool.h>

enum { TARGET_PATH_SIZE = 1024, TARGET_WORD_SIZE = 128 };

struct target {
    bool is_clickhouse;
    bool has_tls, is_on_cluster;
    char path[TARGET_PATH_SIZE]; /* SQLite: the file; ClickHouse: "HOST:PORT" */
    char database[TARGET_WORD_SIZE];
    char cluster[TARGET_WORD_SIZE];
    char probe[TARGET_WORD_SIZE]; /* the machine's name unless given */
    char spill[TARGET_PATH_SIZE]; /* "": none */
};

bool target_parse(struct target *target, const char *word, struct error *error);

#endif
