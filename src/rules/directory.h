/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_RULES_DIRECTORY_H
#define PORTSCOPE_RULES_DIRECTORY_H

#include "base/error.h"

#include <stdbool.h>

enum { RULES_PATH_SIZE = 4096 };

/* Where the rule pack is: `given`, or the environment's PORTSCOPE_RULES, or where it is installed
 * relative to the program, or the source tree that the program was built in. False when there is
 * none. */
bool rules_directory(const char *given, char out[RULES_PATH_SIZE], struct error *error);

#endif
