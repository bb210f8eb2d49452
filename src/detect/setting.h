/* SPDX-License-Identifier: Apache-2.0
 *
 * A detector's thresholds as a table: name, type, place in its state, default, help. Defaults and
 * --set are read by the same code.
 */
#ifndef PORTSCOPE_DETECT_SETTING_H
#define PORTSCOPE_DETECT_SETTING_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting_type {
    SETTING_COUNT,    /* uint64_t */
    SETTING_NUMBER,   /* double, not negative */
    SETTING_DURATION, /* int64_t, ns */
};

struct setting {
    const char *name; /* NULL ends the table */
    enum setting_type type;
    size_t offset; /* of the value in the detector's state */
    const char *normal;
    const char *help;
};

/* Fills in all defaults. */
void settings_default(const struct setting *settings, void *state);

/* Sets one by its name; `who` is the detector, for the sentence. */
bool settings_set(const struct setting *settings, const char *who, const char *name,
                  const char *value, void *state, struct error *error);

#endif
