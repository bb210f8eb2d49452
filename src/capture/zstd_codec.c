/* SPDX-License-Identifier: Apache-2.0
 *
 * libzstd's default bound on a frame's window (128 MiB) is kept: it bounds our memory. A frame made
 * with --long=28 or more is refused by its own words.
 */
#include "capture/codec.h"

#include "base/memory.h"

#include "base/memory.h"

#include <zstd.h>

static void *zstd_open(void)
{
    ZSTD_DStream *zip = ZSTD_createDStream();
    if (!zip)
        memory_exhausted();
    return zip;
}

static enum codec_status zstd_unpack(void *state, struct codec_buffers *buffers, const char **why)
{
    ZSTD_inBuffer in = {buffers->in, buffers->in_left, 0};
    ZSTD_outBuffer out = {buffers->out, buffers->out_left, 0};
    size_t result = ZSTD_decompressStream(state, &out, &in);
    buffers->in += in.pos;
    buffers->in_left -= in.pos;
    buffers->out += out.pos;
    buffers->out_left -= out.pos;
    if (ZSTD_isError(result)) {
        *why = ZSTD_getErrorName(result);
        return CODEC_DAMAGED;
    }
    return result == 0 ? CODEC_BOUNDARY : CODEC_INSIDE;
}

static void zstd_close(void *state)
{
    ZSTD_freeDStream(state);
}

const struct codec zstd_codec = {
    .name = "zstd",
    .open = zstd_open,
    .unpack = zstd_unpack,
    .close = zstd_close,
};
