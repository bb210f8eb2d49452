/* SPDX-License-Identifier: Apache-2.0 */
#include "output/line_file.h"

#include "base/memory.h"
#include "output/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 256 * 1024, NAME_SIZE = 300 };

struct line_file {
    int descriptor;
    bool is_standard_output;
    bool is_regular;
    bool has_failed;
    uint64_t pending; /* lines ended and still in the buffer; a heading's do not count */
    uint64_t lost;
    struct text buffer;   /* whole lines, and the one that is being appended */
    uint64_t written;     /* bytes in the file */
    char *path;           /* NULL: standard output */
    char name[NAME_SIZE]; /* printable, for sentences */
};

static bool explain_open(const char *name, bool is_link, struct error *error)
{
    if (errno == ELOOP || (errno == EEXIST && is_link))
        return error_set(error, "%s is a symbolic link; name the file itself", name);
    if (errno == EEXIST)
        return error_set(error, "%s exists; add --overwrite to replace it", name);
    if (errno == ENOENT)
        return error_set(error, "%s cannot be created: its directory does not exist", name);
    return error_set_errno(error, "cannot write %s", name);
}

/* What is written into a pipe or a device replaces nothing. */
static bool has_nothing_to_lose(const struct stat *status)
{
    return S_ISFIFO(status->st_mode) || S_ISCHR(status->st_mode);
}

/* An existing file is emptied only when nobody else is writing it. One that must be new and is not
 * empty has taken the place of the pipe that was there a moment ago. */
static bool take_over(struct line_file *file, bool must_be_new, struct error *error)
{
    struct stat status;
    if (fstat(file->descriptor, &status) != 0)
        return error_set_errno(error, "cannot write %s", file->name);
    file->is_regular = S_ISREG(status.st_mode);
    if (file->is_standard_output || !file->is_regular)
        return true;
    if (flock(file->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return error_set(error, "%s is being written by another output; choose another name",
                         file->name);
    if (must_be_new && status.st_size > 0)
        return error_set(error, "%s exists; add --overwrite to replace it", file->name);
    if (ftruncate(file->descriptor, 0) != 0)
        return error_set_errno(error, "cannot replace %s", file->name);
    return true;
}

static bool open_target(struct line_file *file, const char *target, bool may_overwrite,
                        struct error *error)
{
    if (!target || strcmp(target, "-") == 0) {
        file->descriptor = STDOUT_FILENO;
        file->is_standard_output = true;
        text_printable("standard output", file->name, sizeof file->name);
        return take_over(file, false, error);
    }
    text_printable(target, file->name, sizeof file->name);
    file->path = memory_string(target);
    struct stat status = {0};
    bool exists = lstat(target, &status) == 0;
    bool is_safe = may_overwrite || (exists && has_nothing_to_lose(&status));
    int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
    file->descriptor = open(target, is_safe ? flags : flags | O_EXCL, 0600);
    if (file->descriptor < 0)
        return explain_open(file->name, S_ISLNK(status.st_mode), error);
    return take_over(file, !may_overwrite, error);
}

static void dispose(struct line_file *file)
{
    if (file->descriptor >= 0 && !file->is_standard_output)
        close(file->descriptor);
    text_free(&file->buffer);
    free(file->path);
    free(file);
}

struct line_file *line_file_open(const char *target, bool may_overwrite, struct error *error)
{
    struct line_file *file = memory_new(1, sizeof *file);
    file->descriptor = -1;
    if (!open_target(file, target, may_overwrite, error)) {
        dispose(file);
        return NULL;
    }
    return file;
}

struct text *line_file_text(struct line_file *file)
{
    return &file->buffer;
}

/* Writes all, waiting for a slow reader; returns how much was taken, errno tells why not all. */
static size_t write_all(int descriptor, const char *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ssize_t written = write(descriptor, bytes + done, length - done);
        if (written > 0) {
            done += (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
            poll(&wait, 1, -1);
        } else if (written == 0 || errno != EINTR) {
            break;
        }
    }
    return done;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
    uint64_t lines = 0;
    const char *end = bytes + length;
    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        lines++;
        bytes++;
    }
    return lines;
}

/* Bytes of the last line that came out only in part. */
static size_t partial_length(const char *bytes, size_t length)
{
    size_t partial = 0;
    while (partial < length && bytes[length - partial - 1] != '\n')
        partial++;
    return partial;
}

/* Takes a line written in part out of the file again, when the file ends with it. */
static void take_back(const struct line_file *file, size_t partial)
{
    struct stat status;
    off_t at = lseek(file->descriptor, 0, SEEK_CUR);
    if (!file->is_regular || partial == 0 || at < (off_t)partial)
        return;
    if (fstat(file->descriptor, &status) != 0 || status.st_size != at)
        return;
    if (ftruncate(file->descriptor, at - (off_t)partial) == 0)
        lseek(file->descriptor, at - (off_t)partial, SEEK_SET);
}

static bool fail(struct line_file *file, size_t done, struct error *error)
{
    int reason = errno;
    struct text *buffer = &file->buffer;
    size_t partial = partial_length(buffer->data, done);
    file->has_failed = true;
    uint64_t unwritten = count_lines(buffer->data + done, buffer->length - done);
    file->lost += unwritten < file->pending ? unwritten : file->pending;
    take_back(file, partial);
    errno = reason;
    if (reason == EPIPE)
        return error_set(error, "%s: its reader is gone; what followed was not written",
                         file->name);
    return error_set_errno(error, "%s: not everything was written", file->name);
}

bool line_file_flush(struct line_file *file, struct error *error)
{
    struct text *buffer = &file->buffer;
    bool is_written = !file->has_failed;
    if (file->has_failed) {
        file->lost += file->pending;
        error_set(error, "%s: not everything was written", file->name);
    } else if (buffer->length > 0) {
        size_t done = write_all(file->descriptor, buffer->data, buffer->length);
        file->written += done;
        is_written = done == buffer->length || fail(file, done, error);
    }
    text_clear(buffer);
    file->pending = 0;
    return is_written;
}

bool line_file_end_line(struct line_file *file, struct error *error)
{
    text_add_char(&file->buffer, '\n');
    file->pending++;
    return file->buffer.length < BUFFER_SIZE || line_file_flush(file, error);
}

uint64_t line_file_size(const struct line_file *file)
{
    return file->is_regular && file->path ? file->written + file->buffer.length : 0;
}

/* Whether the name still means the file that is open. */
static bool is_in_place(const struct line_file *file)
{
    struct stat here, there;
    return fstat(file->descriptor, &here) == 0 && lstat(file->path, &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* The old one is complete and stays as it is; the new one takes its place. */
static bool go_on_in(struct line_file *file, int descriptor, struct error *error)
{
    bool is_whole = line_file_flush(file, error);
    if (is_whole && fdatasync(file->descriptor) != 0)
        is_whole = error_set_errno(error, "%s: not everything was written", file->name);
    close(file->descriptor);
    file->descriptor = descriptor;
    file->written = 0;
    return is_whole;
}

static int open_new(const struct line_file *file, struct error *error)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
    int descriptor = open(file->path, flags, 0600);
    if (descriptor < 0)
        error_set_errno(error, "%s: cannot be begun anew", file->name);
    else
        flock(descriptor, LOCK_EX | LOCK_NB);
    return descriptor;
}

enum line_file_turn line_file_turn(struct line_file *file, const char *aside, unsigned keep,
                                   struct error *error)
{
    if (!file->path || !file->is_regular || file->has_failed)
        return LINE_FILE_SAME;
    bool is_moved = !is_in_place(file);
    if (!is_moved && (!aside || line_file_size(file) == 0))
        return LINE_FILE_SAME;
    if (!is_moved && !aside_move(file->path, aside, error))
        return LINE_FILE_FAILED;
    int descriptor = open_new(file, error);
    if (descriptor < 0) {
        if (!is_moved)
            aside_move_back(file->path, aside);
        return LINE_FILE_FAILED;
    }
    bool is_whole = go_on_in(file, descriptor, error);
    if (aside && keep > 0)
        aside_keep_newest(file->path, keep);
    return is_whole ? LINE_FILE_NEW : LINE_FILE_FAILED;
}

uint64_t line_file_lost(const struct line_file *file)
{
    return file->lost;
}

/* Some file systems tell only now that there was no room. */
static bool settle(struct line_file *file, struct error *error)
{
    if (file->is_standard_output)
        return true;
    if (file->is_regular && fdatasync(file->descriptor) != 0)
        return error_set_errno(error, "%s: not everything was written", file->name);
    int descriptor = file->descriptor;
    file->descriptor = -1;
    if (close(descriptor) != 0 && errno != EINTR)
        return error_set_errno(error, "%s: not everything was written", file->name);
    return true;
}

bool line_file_close(struct line_file *file, struct error *error)
{
    if (!file)
        return true;
    bool is_whole = line_file_flush(file, error) && settle(file, error);
    dispose(file);
    return is_whole;
}
