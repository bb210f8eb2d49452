/* SPDX-License-Identifier: Apache-2.0
 *
 * Where frames come from: a saved capture, standard input, or an interface. A source hands out
 * batches of frames until the end; frames are views into its block, nothing is copied.
 */
#ifndef PORTSCOPE_CAPTURE_SOURCE_H
#define PORTSCOPE_CAPTURE_SOURCE_H

#include "base/error.h"
#include "model/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCE_BATCH_FRAMES = 1024 };

struct source;

struct record_run;

/* Frames in order of the capture; borrowed until the next source_next() on the same source. */
struct batch {
    const struct frame *frames;
    size_t count;
    struct record_run *run; /* instead of frames, when they were wanted; see record_run.h */
};

enum source_status {
    SOURCE_BATCH, /* `batch` holds at least one frame, or a run of at least one record */
    SOURCE_IDLE,  /* nothing came for a while (live; see source_now_ns()), or a signal came while
                   * waiting for a pipe: look at the flags, then ask again */
    SOURCE_END,   /* all read */
    SOURCE_FAILED /* damaged from here on (or interface gone); what came before is valid */
};

/* What is known of a source at any time. */
struct source_statistics {
    uint64_t input_bytes;   /* read from the file so far, compressed size if compressed */
    uint64_t input_size;    /* of the file; 0 when not known (pipe, interface) */
    uint64_t capture_bytes; /* of the capture itself, after decompression */
    bool hit_inflate_limit;
};

struct source_options {
    uint64_t max_inflate_bytes; /* of one compressed input; 0: no bound on the size */
    uint32_t max_inflate_ratio; /* output to input, 0: no bound; applied after the first MiB */
    bool wants_runs;            /* Ethernet records as they lie there, where the format allows it */
    bool reads_ahead;           /* with a thread of its own, when the capture is long */
    bool (*is_stopped)(void);   /* asked while a pipe gives not even its first bytes; may be NULL */
};

/* Opens a saved capture by its magic, never by its name; "-" is standard input. gzip and zstd are
 * unpacked on the way. NULL with a sentence naming file and reason when it cannot be read, is
 * empty, or is not a capture. The caller closes it. */
struct source *source_open_file(const char *path, const struct source_options *options,
                                struct error *error);

/* The same over a descriptor that is open already; it is taken over, also on failure. `name` is
 * for messages. */
struct source *source_open_fd(int fd, const char *name, const struct source_options *options,
                              struct error *error);

/* The next frames. On SOURCE_FAILED `error` says what is wrong with file and byte offset (of the
 * unpacked stream when compressed); all frames before the fault have been handed out. */
enum source_status source_next(struct source *source, struct batch *batch, struct error *error);

struct source_statistics source_statistics(const struct source *source);

/* Accepts NULL. */
void source_close(struct source *source);

/* The name of a LINKTYPE_ number ("EN10MB"), or "LINKTYPE_n" written into `out`. */
enum { LINK_TYPE_NAME_SIZE = 32 };
const char *link_type_name(uint16_t link_type, char out[LINK_TYPE_NAME_SIZE]);

#endif
