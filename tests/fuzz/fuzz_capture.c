/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole file: every frame is walked and every byte of it touched. The bytes reach the reader
 * through a file without a name, as they would from disk.
 */
#define _GNU_SOURCE /* memfd_create */
#include "capture/source.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { INFLATE_MAX = 8 * 1024 * 1024 }; /* a bomb is a slow input, not a finding */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static uint64_t sum_of(const struct batch *batch)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct frame *frame = &batch->frames[i];
        if (frame->wire_length < frame->bytes.length)
            abort();
        for (size_t at = 0; at < frame->bytes.length; at++)
            sum += frame->bytes.at[at];
    }
    return sum;
}

/* Frames are never longer than what was read, or the walk has gone astray. */
static void walk(struct source *source)
{
    struct batch batch;
    struct error error = {0};
    uint64_t captured = 0;
    volatile uint64_t sum = 0;
    enum source_status status;
    while ((status = source_next(source, &batch, &error)) == SOURCE_BATCH) {
        if (batch.count == 0 || batch.count > SOURCE_BATCH_FRAMES)
            abort();
        for (size_t i = 0; i < batch.count; i++)
            captured += batch.frames[i].bytes.length;
        sum += sum_of(&batch);
    }
    bool is_explained = status == SOURCE_END || error.text[0] != '\0';
    if (!is_explained || captured > source_statistics(source).capture_bytes)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int fd = memfd_create("capture", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET) != 0)
        abort();
    struct source_options options = {.max_inflate_bytes = INFLATE_MAX};
    struct error error = {0};
    struct source *source = source_open_fd(fd, "capture", &options, &error);
    if (source)
        walk(source);
    else if (error.text[0] == '\0')
        abort();
    source_close(source);
    return 0;
}
