/* SPDX-License-Identifier: Apache-2.0
 *
 * nDPI's memory, counted. Its allocator hooks belong to the process and know no context, so the
 * count is kept a thread: a lane reads it before and after a call and knows what its flow took.
 */
#ifndef PORTSCOPE_DPI_NDPI_MEMORY_H
#define PORTSCOPE_DPI_NDPI_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Hands the hooks to nDPI; before the first module is made, harmless when repeated. */
void ndpi_memory_install(void);

/* Bytes that this thread took through the hooks and did not give back. */
int64_t ndpi_memory_live(void);

/* Zeroed and counted; NULL when there is none. */
void *ndpi_memory_new(size_t size);
void ndpi_memory_free(void *memory); /* accepts NULL */

#endif
