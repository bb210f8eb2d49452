/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of a capture from a descriptor, unpacked on the way when they are compressed, and
 * bounded then: a small file must not become a flood.
 */
#ifndef PORTSCOPE_CAPTURE_STREAM_H
#define PORTSCOPE_CAPTURE_STREAM_H

#include "base/cursor.h"
#include "base/error.h"
#include "capture/source.h"

enum stream_status {
    STREAM_BYTES,       /* at least one byte came */
    STREAM_END,         /* all read */
    STREAM_INTERRUPTED, /* nothing came for a moment: look at the flags, then ask again */
    STREAM_FAILED       /* for good; what came before is valid */
};

struct stream;

/* Takes the descriptor over: it is closed with the stream, or here on failure. `name` is for
 * messages. Waits for the first bytes. NULL with a sentence when they cannot be read. */
struct stream *stream_open(int fd, const char *name, const struct source_options *options,
                           struct error *error);

/* Whatever is there now, up to `size` (> 0) bytes; waits for the first of them. */
enum stream_status stream_read(struct stream *stream, uint8_t *out, size_t size, size_t *out_length,
                               struct error *error);

/* Whether it is a plain file, whose bytes can be read in any order. */
bool stream_is_seekable(const struct stream *stream);

/* Reads such a file from `offset` on until `out` is full: STREAM_BYTES, or what stopped it before
 * that, with the bytes until there in `out`. Threads may call it at the same time. */
enum stream_status stream_read_at(const struct stream *stream, uint64_t offset, uint8_t *out,
                                  size_t size, size_t *out_length, struct error *error);

/* Leaves the descriptor there, as if its bytes had been read one after the other. */
void stream_leave_at(const struct stream *stream, uint64_t offset);

/* Whether nobody wants the bytes any more; asked for after STREAM_INTERRUPTED. Sets the sentence.
 */
bool stream_is_stopped(const struct stream *stream, struct error *error);

/* In printable form. */
const char *stream_name(const struct stream *stream);

/* "gzip", or NULL when the bytes are not compressed. */
const char *stream_compression(const struct stream *stream);

struct source_statistics stream_statistics(const struct stream *stream);

/* Accepts NULL. */
void stream_close(struct stream *stream);

#endif
