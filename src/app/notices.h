/* SPDX-License-Identifier: Apache-2.0
 *
 * What the program says on standard error, and the exit status that follows from it. Nothing fails
 * silently: every fault passes through notices_report().
 */
#ifndef PORTSCOPE_APP_NOTICES_H
#define PORTSCOPE_APP_NOTICES_H

#include "app/exit_status.h"

#include <stdbool.h>

struct notices {
    enum exit_status status; /* the worst so far */
    bool is_quiet;           /* -q: hints are not printed, faults always are */
};

/* One line "portscope: ..." and the status it deserves. */
void notices_report(struct notices *notices, enum exit_status status, const char *sentence);

/* One line that changes nothing. */
__attribute__((format(printf, 2, 3))) void notices_hint(const struct notices *notices,
                                                        const char *format, ...);

#endif
