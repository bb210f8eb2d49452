/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/codec.h"

#include "base/memory.h"

#include <stdlib.h>

#define ZLIB_CONST /* input is not written to */
#include <zlib.h>

enum { GZIP_ONLY = 16 }; /* added to the window bits: no zlib or raw deflate stream */

static void *gzip_open(void)
{
    z_stream *zip = memory_new(1, sizeof *zip);
    if (inflateInit2(zip, MAX_WBITS + GZIP_ONLY) != Z_OK)
        memory_exhausted();
    return zip;
}

static enum codec_status gzip_unpack(void *state, struct codec_buffers *buffers, const char **why)
{
    z_stream *zip = state;
    zip->next_in = buffers->in;
    zip->avail_in = (uInt)buffers->in_left;
    zip->next_out = buffers->out;
    zip->avail_out = (uInt)buffers->out_left;
    int result = inflate(zip, Z_NO_FLUSH);
    *buffers = (struct codec_buffers){zip->next_in, zip->avail_in, zip->next_out, zip->avail_out};
    switch (result) {
    case Z_STREAM_END:
        inflateReset(zip);
        return CODEC_BOUNDARY;
    case Z_OK:
    case Z_BUF_ERROR: /* no progress without more input: not a fault */
        return CODEC_INSIDE;
    default:
        *why = zip->msg ? zip->msg : zError(result);
        return CODEC_DAMAGED;
    }
}

static void gzip_close(void *state)
{
    inflateEnd(state);
    free(state);
}

const struct codec gzip_codec = {
    .name = "gzip",
    .open = gzip_open,
    .unpack = gzip_unpack,
    .close = gzip_close,
};
