/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_MODEL_SANDBOX_LEVEL_H
#define PORTSCOPE_MODEL_SANDBOX_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

/* How much was given up before the first packet was looked at. */
struct sandbox_level {
    char user[64];         /* name or number */
    uint64_t capabilities; /* those that are left, as a mask */
    int landlock;          /* version of the kernel's interface */
    bool seccomp;
};

#endif
