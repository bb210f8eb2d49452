/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_CAPTURE_PATH_FAULT_H
#define PORTSCOPE_CAPTURE_PATH_FAULT_H

#include "base/error.h"

#include <stdbool.h>

/* "FILE: cannot be opened: No such file or directory; check the name", from errno. Always false. */
bool path_fault(struct error *error, const char *path, const char *verb);

#endif
