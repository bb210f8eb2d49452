/* SPDX-License-Identifier: Apache-2.0
 *
 * A way of compressing: recognised by its magic, unpacked piece by piece.
 */
#ifndef PORTSCOPE_CAPTURE_CODEC_H
#define PORTSCOPE_CAPTURE_CODEC_H

#include <stddef.h>
#include <stdint.h>

/* What is to be unpacked and where to; a codec moves both forward. */
struct codec_buffers {
    const uint8_t *in;
    size_t in_left;
    uint8_t *out;
    size_t out_left;
};

enum codec_status {
    CODEC_INSIDE,   /* in the middle: input must not end here */
    CODEC_BOUNDARY, /* a member or frame is complete; another may follow */
    CODEC_DAMAGED   /* `why` says what is wrong; output so far is good */
};

struct codec {
    const char *name;
    void *(*open)(void); /* never NULL */
    enum codec_status (*unpack)(void *state, struct codec_buffers *buffers, const char **why);
    void (*close)(void *state);
};

extern const struct codec gzip_codec; /* RFC 1952, members one behind another too */
extern const struct codec zstd_codec; /* RFC 8878, frames one behind another too */

#endif
