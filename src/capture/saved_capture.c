/* SPDX-License-Identifier: Apache-2.0
 *
 * The source that reads a saved capture: stream (bytes, unpacked) -> window (a view that moves over
 * them) -> format (pcap or pcapng) -> frames.
 */
#include "capture/source_kind.h"

#include "base/memory.h"
#include "base/text.h"
#include "capture/capture_magic.h"
#include "capture/path_fault.h"
#include "capture/walk.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct saved_capture {
    struct source base;
    struct window window;
    const struct capture_format *format;
    void *reader;
    uint64_t packets; /* handed out so far */
    bool wants_runs;
    struct record_run run; /* handed out last; its `at` NULL: none */
    struct frame frames[SOURCE_BATCH_FRAMES];
};

static enum source_status at_end(const struct saved_capture *saved, struct error *error)
{
    const struct window *window = &saved->window;
    if (cursor_left(&window->unread) == 0 && window->to_skip == 0)
        return SOURCE_END;
    error_set(error,
              "%s: ends in the middle of the record at byte %" PRIu64 ", behind packet %" PRIu64
              " (still being written, or cut in a copy?)",
              stream_name(window->stream), window_offset(window), saved->packets);
    return SOURCE_FAILED;
}

/* Takes over how far the last run was read. */
static void settle_run(struct saved_capture *saved)
{
    if (!saved->run.at)
        return;
    saved->window.unread.at = saved->run.at;
    saved->packets += saved->run.taken;
    saved->run.at = NULL;
}

static bool offer_run(struct saved_capture *saved, struct batch *batch)
{
    if (!saved->wants_runs || !saved->format->run ||
        !saved->format->run(saved->reader, &saved->window, &saved->run)) {
        saved->run.at = NULL;
        return false;
    }
    *batch = (struct batch){.run = &saved->run};
    return true;
}

static enum source_status saved_next(struct source *source, struct batch *batch,
                                     struct error *error)
{
    struct saved_capture *saved = (struct saved_capture *)source;
    settle_run(saved);
    for (;;) {
        if (offer_run(saved, batch))
            return SOURCE_BATCH;
        struct walk walk = {&saved->window, saved->frames, 0, saved->packets, error};
        enum walk_status status = saved->format->walk(saved->reader, &walk);
        saved->packets += walk.count;
        *batch = (struct batch){.frames = saved->frames, .count = walk.count};
        if (walk.count > 0)
            return SOURCE_BATCH;
        if (status == WALK_DAMAGED)
            return SOURCE_FAILED;
        switch (window_refill(&saved->window, error)) {
        case STREAM_BYTES:
            continue;
        case STREAM_END:
            return at_end(saved, error);
        case STREAM_INTERRUPTED:
            return SOURCE_IDLE;
        case STREAM_FAILED:
            return SOURCE_FAILED;
        }
    }
}

static struct source_statistics saved_statistics(const struct source *source)
{
    const struct saved_capture *saved = (const struct saved_capture *)source;
    return read_ahead_statistics(saved->window.ahead);
}

static void saved_close(struct source *source)
{
    struct saved_capture *saved = (struct saved_capture *)source;
    if (saved->reader)
        saved->format->end(saved->reader);
    window_close(&saved->window);
    free(saved);
}

static const struct source_kind saved_kind = {
    .next = saved_next,
    .statistics = saved_statistics,
    .close = saved_close,
};

/* Says what a file is that is no capture. */
static bool not_a_capture(const struct window *window, struct error *error)
{
    const char *name = stream_name(window->stream);
    const char *outer = stream_compression(window->stream);
    struct span start = cursor_rest(&window->unread);
    if (start.length == 0)
        return error_set(error, "%s: is empty%s; was anything captured into it?", name,
                         outer ? " when unpacked" : "");
    const struct codec *inner = outer ? codec_of(start) : NULL;
    if (inner)
        return error_set(error, "%s: is compressed twice (%s in %s); unpack it once", name,
                         inner->name, outer);
    const struct other_format *other = other_format_of(start);
    if (other)
        return error_set(error, "%s: is %s, not a capture; %s", name, other->name, other->remedy);
    struct text bytes = {0};
    text_add_hex(&bytes, (struct span){start.at, start.length < 4 ? start.length : 4});
    error_set(error,
              "%s: is no pcap or pcapng capture (it begins with the bytes %s%s);"
              " name a file written by tcpdump, dumpcap or Wireshark",
              name, text_words(&bytes), outer ? " when unpacked" : "");
    text_free(&bytes);
    return false;
}

static const struct capture_format *format_of(struct span start)
{
    if (is_pcapng(start))
        return &pcapng_format;
    return pcap_variant_of(start) ? &pcap_format : NULL;
}

/* Refills until `length` bytes are there, or there are no more. False when reading failed. */
static bool read_start(struct window *window, size_t length, struct error *error)
{
    enum stream_status status;
    do
        status = window_need(window, length, error);
    while (status == STREAM_INTERRUPTED && !stream_is_stopped(window->stream, error));
    return status == STREAM_BYTES || status == STREAM_END;
}

static bool begin(struct saved_capture *saved, struct error *error)
{
    struct window *window = &saved->window;
    if (!read_start(window, MAGIC_BYTES, error))
        return false;
    saved->format = format_of(cursor_rest(&window->unread));
    if (!saved->format)
        return not_a_capture(window, error);
    if (!read_start(window, saved->format->header_size, error))
        return false;
    if (cursor_left(&window->unread) < saved->format->header_size)
        return error_set(error, "%s: ends after %zu of the %zu bytes of a %s header; copy it again",
                         stream_name(window->stream), cursor_left(&window->unread),
                         saved->format->header_size, saved->format->name);
    saved->reader = saved->format->begin(window, error);
    return saved->reader != NULL;
}

struct source *source_open_fd(int fd, const char *name, const struct source_options *options,
                              struct error *error)
{
    struct stream *stream = stream_open(fd, name, options, error);
    if (!stream)
        return NULL;
    struct saved_capture *saved = memory_new(1, sizeof *saved);
    saved->base.kind = &saved_kind;
    saved->wants_runs = options->wants_runs;
    window_open(&saved->window, stream, options->reads_ahead);
    if (begin(saved, error))
        return &saved->base;
    saved_close(&saved->base);
    return NULL;
}

/* Opens a file; -1 with a sentence when it cannot be, or is a directory. */
static int open_path(const char *path, struct error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        path_fault(error, path, "opened");
        return -1;
    }
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        char name[256];
        error_set(error, "%s: is a directory; name the captures in it",
                  text_printable(path, name, sizeof name));
        close(fd);
        return -1;
    }
    return fd;
}

/* Standard input under a descriptor of our own, so that closing it leaves 0 alone. */
static int open_standard_input(struct error *error)
{
    if (isatty(STDIN_FILENO)) {
        error_set(error, "standard input is a terminal; pipe a capture into it, as in:"
                         " tcpdump -w - | portscope read -");
        return -1;
    }
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0)
        path_fault(error, "standard input", "opened");
    return fd;
}

struct source *source_open_file(const char *path, const struct source_options *options,
                                struct error *error)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    int fd = is_standard_input ? open_standard_input(error) : open_path(path, error);
    if (fd < 0)
        return NULL;
    return source_open_fd(fd, is_standard_input ? "standard input" : path, options, error);
}
