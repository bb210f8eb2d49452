/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/stream.h"

#include "base/memory.h"
#include "base/text.h"
#include "capture/capture_magic.h"
#include "capture/codec.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    INPUT_SIZE = 64 * 1024,
    NAME_SIZE = 256,
    WAIT_MS = 100,             /* whoever stops the reading waits as long */
    RATIO_GRACE = 1024 * 1024, /* a header repeated for a MiB is no attack yet */
};

struct stream {
    int fd;
    off_t start; /* where in the file the capture begins; -1: no file, it comes as it comes */
    char name[NAME_SIZE];
    const struct codec *codec; /* NULL: not compressed */
    void *codec_state;
    bool is_at_boundary; /* the compressed bytes may end here */

    /* Bytes read ahead: the first ones, and all that wait to be unpacked. */
    uint8_t input[INPUT_SIZE];
    size_t input_at, input_end;

    uint64_t max_output, max_ratio;
    bool (*is_stopped)(void);
    struct source_statistics statistics;
    bool has_failed;
    struct error failure;
};

/* What may keep us waiting is waited for a moment at a time: a signal that came just before the
 * wait, or went to another thread, would not end it. Also right for a descriptor that somebody made
 * non-blocking. */
static ssize_t read_or_wait(const struct stream *stream, uint8_t *out, size_t size)
{
    bool may_wait = stream->start < 0;
    struct pollfd wait = {.fd = stream->fd, .events = POLLIN};
    if (may_wait && poll(&wait, 1, WAIT_MS) <= 0) {
        errno = EINTR;
        return -1;
    }
    ssize_t length = read(stream->fd, out, size);
    if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        errno = EINTR;
    return length;
}

static enum stream_status fail(struct stream *stream, struct error *error)
{
    stream->has_failed = true;
    if (error)
        *error = stream->failure;
    return STREAM_FAILED;
}

static void fault_at(struct error *error, const struct stream *stream, uint64_t offset)
{
    error_set_errno(error, "%s: cannot be read on from byte %" PRIu64, stream->name, offset);
}

static enum stream_status read_raw(struct stream *stream, uint8_t *out, size_t size,
                                   size_t *out_length, struct error *error)
{
    ssize_t length = read_or_wait(stream, out, size);
    *out_length = length > 0 ? (size_t)length : 0;
    stream->statistics.input_bytes += *out_length;
    if (length > 0)
        return STREAM_BYTES;
    if (length == 0)
        return STREAM_END;
    if (errno == EINTR)
        return STREAM_INTERRUPTED;
    fault_at(&stream->failure, stream, stream->statistics.input_bytes);
    return fail(stream, error);
}

static enum stream_status read_input(struct stream *stream, struct error *error)
{
    if (stream->input_at == stream->input_end)
        stream->input_at = stream->input_end = 0;
    size_t length;
    enum stream_status status = read_raw(stream, stream->input + stream->input_end,
                                         INPUT_SIZE - stream->input_end, &length, error);
    stream->input_end += length;
    return status;
}

static struct span input_of(const struct stream *stream)
{
    return (struct span){stream->input + stream->input_at, stream->input_end - stream->input_at};
}

static bool read_magic(struct stream *stream, struct error *error)
{
    while (input_of(stream).length < MAGIC_BYTES) {
        switch (read_input(stream, error)) {
        case STREAM_INTERRUPTED:
            if (stream_is_stopped(stream, error))
                return false;
            continue;
        case STREAM_BYTES:
            continue;
        case STREAM_END:
            return true; /* whoever asked for a capture will say that it is too short */
        case STREAM_FAILED:
            return false;
        }
    }
    return true;
}

/* A regular file never keeps a reader waiting, and only it has a size and a place to start from. */
static void look_at_file(struct stream *stream)
{
    struct stat status;
    stream->start = -1;
    if (fstat(stream->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    stream->statistics.input_size = (uint64_t)status.st_size;
    stream->start = lseek(stream->fd, 0, SEEK_CUR);
}

struct stream *stream_open(int fd, const char *name, const struct source_options *options,
                           struct error *error)
{
    struct stream *stream = memory_new(1, sizeof *stream);
    stream->fd = fd;
    text_printable(name, stream->name, sizeof stream->name);
    stream->max_output = options->max_inflate_bytes;
    stream->max_ratio = options->max_inflate_ratio;
    stream->is_stopped = options->is_stopped;
    look_at_file(stream);
    if (!read_magic(stream, error)) {
        stream_close(stream);
        return NULL;
    }
    stream->codec = codec_of(input_of(stream));
    if (stream->codec)
        stream->codec_state = stream->codec->open();
    return stream;
}

/* Notes a failure that the next read reports, so that the bytes before it go out first. */
static void stop_at_limit(struct stream *stream)
{
    stream->statistics.hit_inflate_limit = true;
    stream->has_failed = true;
}

/* Takes the bytes beyond the limits back; returns how many may go out. */
static size_t within_limits(struct stream *stream, size_t length, size_t consumed)
{
    struct source_statistics *seen = &stream->statistics;
    seen->capture_bytes += length;
    if (stream->max_output && seen->capture_bytes > stream->max_output) {
        length -= (size_t)(seen->capture_bytes - stream->max_output);
        seen->capture_bytes = stream->max_output;
        error_set(&stream->failure,
                  "%s: unpacks to more than the %" PRIu64 " bytes allowed (--max-inflate);"
                  " reading stopped there",
                  stream->name, stream->max_output);
        stop_at_limit(stream);
    } else if (stream->max_ratio && seen->capture_bytes > RATIO_GRACE &&
               seen->capture_bytes / stream->max_ratio > consumed) {
        error_set(&stream->failure,
                  "%s: unpacks to more than %" PRIu64 " times its size, as no capture does;"
                  " reading stopped after %" PRIu64 " bytes",
                  stream->name, stream->max_ratio, seen->capture_bytes);
        stop_at_limit(stream);
    }
    return length;
}

/* One step of unpacking; sets `out_length`, which may be 0 when more input is needed. */
static void unpack(struct stream *stream, uint8_t *out, size_t size, size_t *out_length)
{
    struct span input = input_of(stream);
    struct codec_buffers buffers = {input.at, input.length, out, size};
    const char *why = NULL;
    enum codec_status status = stream->codec->unpack(stream->codec_state, &buffers, &why);
    stream->input_at += input.length - buffers.in_left;
    stream->is_at_boundary = status == CODEC_BOUNDARY;
    size_t waiting = input_of(stream).length;
    *out_length = within_limits(stream, size - buffers.out_left,
                                (size_t)stream->statistics.input_bytes - waiting);
    if (status != CODEC_DAMAGED || stream->has_failed)
        return;
    error_set(&stream->failure,
              "%s: the %s data is damaged at byte %" PRIu64 " (%s); the %" PRIu64
              " bytes unpacked before it were read",
              stream->name, stream->codec->name, stream->statistics.input_bytes - waiting, why,
              stream->statistics.capture_bytes);
    stream->has_failed = true;
}

static enum stream_status end_of_input(struct stream *stream, struct error *error)
{
    if (stream->is_at_boundary)
        return STREAM_END;
    error_set(&stream->failure,
              "%s: the %s data ends early after %" PRIu64
              " unpacked bytes (still being written, or cut in a copy?)",
              stream->name, stream->codec->name, stream->statistics.capture_bytes);
    return fail(stream, error);
}

static enum stream_status read_unpacked(struct stream *stream, uint8_t *out, size_t size,
                                        size_t *out_length, struct error *error)
{
    for (;;) {
        bool may_give = input_of(stream).length > 0 || !stream->is_at_boundary;
        if (may_give)
            unpack(stream, out, size, out_length);
        if (*out_length > 0)
            return STREAM_BYTES;
        if (stream->has_failed)
            return fail(stream, error);
        if (input_of(stream).length > 0)
            continue; /* a header or an empty member went by */
        enum stream_status status = read_input(stream, error);
        if (status == STREAM_END)
            return end_of_input(stream, error);
        if (status != STREAM_BYTES)
            return status;
    }
}

static enum stream_status read_plain(struct stream *stream, uint8_t *out, size_t size,
                                     size_t *out_length, struct error *error)
{
    struct span ahead = input_of(stream);
    enum stream_status status = STREAM_BYTES;
    if (ahead.length > 0) {
        *out_length = ahead.length < size ? ahead.length : size;
        memcpy(out, ahead.at, *out_length);
        stream->input_at += *out_length;
    } else {
        status = read_raw(stream, out, size, out_length, error);
    }
    stream->statistics.capture_bytes += *out_length;
    return status;
}

enum stream_status stream_read(struct stream *stream, uint8_t *out, size_t size, size_t *out_length,
                               struct error *error)
{
    *out_length = 0;
    if (stream->has_failed)
        return fail(stream, error);
    if (!stream->codec)
        return read_plain(stream, out, size, out_length, error);
    return read_unpacked(stream, out, size, out_length, error);
}

bool stream_is_stopped(const struct stream *stream, struct error *error)
{
    if (!stream->is_stopped || !stream->is_stopped())
        return false;
    error_set(error, "%s: stopped before a capture's first bytes came", stream->name);
    return true;
}

bool stream_is_seekable(const struct stream *stream)
{
    /* What claims to be empty and is not (/proc) is better read as it comes. */
    return !stream->codec && stream->start >= 0 && stream->statistics.input_size > 0;
}

enum stream_status stream_read_at(const struct stream *stream, uint64_t offset, uint8_t *out,
                                  size_t size, size_t *out_length, struct error *error)
{
    size_t filled = 0;
    enum stream_status status = STREAM_BYTES;
    while (status == STREAM_BYTES && filled < size) {
        uint64_t from = offset + filled;
        ssize_t length =
            pread(stream->fd, out + filled, size - filled, stream->start + (off_t)from);
        if (length > 0)
            filled += (size_t)length;
        else if (length == 0)
            status = STREAM_END;
        else if (errno != EINTR) {
            fault_at(error, stream, from);
            status = STREAM_FAILED;
        }
    }
    *out_length = filled;
    return status;
}

void stream_leave_at(const struct stream *stream, uint64_t offset)
{
    lseek(stream->fd, stream->start + (off_t)offset, SEEK_SET);
}

const char *stream_name(const struct stream *stream)
{
    return stream->name;
}

const char *stream_compression(const struct stream *stream)
{
    return stream->codec ? stream->codec->name : NULL;
}

struct source_statistics stream_statistics(const struct stream *stream)
{
    return stream->statistics;
}

void stream_close(struct stream *stream)
{
    if (!stream)
        return;
    if (stream->codec_state)
        stream->codec->close(stream->codec_state);
    close(stream->fd);
    free(stream);
}
