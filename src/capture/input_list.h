/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_CAPTURE_INPUT_LIST_H
#define PORTSCOPE_CAPTURE_INPUT_LIST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The files to read, in order. */
struct input_list {
    char **paths;
    size_t count;
    size_t skipped; /* entries of directories that are no captures */
};

/* Adds a file, "-", or a directory: then, recursively and sorted by name, every file in it whose
 * magic is that of a capture (or of gzip or zstd over one). Links in it to files count as files,
 * links to directories are not followed; FIFOs and devices are not opened; a file that cannot be
 * opened is listed, so that opening it says why. A file named by the user is taken as it is;
 * whether it is a capture shows at opening. False with a sentence when the path does not
 * exist or cannot be read, or a directory holds no capture. */
bool input_list_add(struct input_list *list, const char *path, struct error *error);

void input_list_free(struct input_list *list);

#endif
