/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/ndpi_memory.h"

#include "dpi/ndpi_compat.h"

#include <malloc.h>
#include <stdlib.h>

/* The one exception to "no globals": a hook without a context has nowhere else to count. */
static _Thread_local int64_t live;

/* malloc_usable_size() and no header of our own: should nDPI mix its allocator with libc's, only
 * the count is off. */
static void *counted_malloc(size_t size)
{
    void *memory = malloc(size);
    live += (int64_t)malloc_usable_size(memory);
    return memory;
}

static void counted_free(void *memory)
{
    live -= (int64_t)malloc_usable_size(memory);
    free(memory);
}

void ndpi_memory_install(void)
{
    set_ndpi_malloc(counted_malloc);
    set_ndpi_free(counted_free);
    set_ndpi_flow_malloc(counted_malloc);
    set_ndpi_flow_free(counted_free);
}

int64_t ndpi_memory_live(void)
{
    return live;
}

void *ndpi_memory_new(size_t size)
{
    void *memory = counted_malloc(size);
    if (memory)
        memset(memory, 0, size);
    return memory;
}

void ndpi_memory_free(void *memory)
{
    if (memory)
        counted_free(memory);
}
