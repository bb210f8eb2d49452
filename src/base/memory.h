/* SPDX-License-Identifier: Apache-2.0
 *
 * Allocation at start and in tools: it succeeds, or says so and stops. The packet path does not
 * allocate from here: what traffic can fill is preallocated and bounded.
 */
#ifndef PORTSCOPE_BASE_MEMORY_H
#define PORTSCOPE_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory for `count` things of `size` bytes; the caller frees it. Never NULL. */
void *memory_new(size_t count, size_t size);

/* Resizes to `count` things of `size` bytes; new bytes are not cleared. Never NULL. */
void *memory_resize(void *memory, size_t count, size_t size);

/* A copy of the string; the caller frees it. Never NULL. */
char *memory_string(const char *string);

/* A copy of the first `length` bytes, terminated; the caller frees it. Never NULL. */
char *memory_string_n(const char *string, size_t length);

/* For what a library could not allocate: says so and stops, as the others do. */
_Noreturn void memory_exhausted(void);

#endif
