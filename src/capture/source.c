/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/source_kind.h"

enum source_status source_next(struct source *source, struct batch *batch, struct error *error)
{
    return source->kind->next(source, batch, error);
}

struct source_statistics source_statistics(const struct source *source)
{
    return source->kind->statistics(source);
}

void source_close(struct source *source)
{
    if (source)
        source->kind->close(source);
}
