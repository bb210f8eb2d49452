/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_APP_EXIT_STATUS_H
#define PORTSCOPE_APP_EXIT_STATUS_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FINDINGS = 1,      /* done, findings at or above --fail-on */
    EXIT_USAGE = 2,         /* options, rules or policy wrong */
    EXIT_NO_INPUT = 3,      /* an input or interface could not be opened */
    EXIT_DAMAGED_INPUT = 4, /* an input ended part-way; results before it are valid */
    EXIT_OUTPUT_FAILED = 5, /* some output was not written */
};

/* The worse of two: what was lost weighs more than what was found. */
enum exit_status exit_status_worse(enum exit_status a, enum exit_status b);

#endif
