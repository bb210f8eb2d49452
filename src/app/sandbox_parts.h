/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the sandbox, in the order in which they are entered.
 */
#ifndef PORTSCOPE_APP_SANDBOX_PARTS_H
#define PORTSCOPE_APP_SANDBOX_PARTS_H

#include "app/sandbox.h"

/* User, groups, capabilities, no new privileges, no core file, no debugger. */
bool sandbox_drop_privileges(const struct sandbox_policy *policy, struct sandbox_level *reached,
                             struct error *error);

/* Landlock: the file system (and TCP, where the kernel's version knows it). */
bool sandbox_close_files(const struct sandbox_policy *policy, struct sandbox_level *reached,
                         struct error *error);

/* seccomp: system calls. */
bool sandbox_close_calls(const struct sandbox_policy *policy, struct sandbox_level *reached,
                         struct error *error);

#endif
