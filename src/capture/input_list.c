/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/input_list.h"

#include "base/memory.h"
#include "base/text.h"
#include "capture/capture_magic.h"
#include "capture/path_fault.h"
#include "capture/stream.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = 256 };

static void add(struct input_list *list, const char *path)
{
    list->paths = memory_resize(list->paths, list->count + 1, sizeof *list->paths);
    list->paths[list->count++] = memory_string(path);
}

/* The first bytes of a file, unpacked if compressed; fewer when there are no more. */
static size_t read_start(int fd, const char *path, uint8_t *out, size_t size)
{
    struct source_options unbounded = {0};
    struct stream *stream = stream_open(fd, path, &unbounded, NULL);
    enum stream_status status = stream ? STREAM_BYTES : STREAM_FAILED;
    size_t length = 0;
    while (length < size && (status == STREAM_BYTES || status == STREAM_INTERRUPTED)) {
        size_t more;
        status = stream_read(stream, out + length, size - length, &more, NULL);
        length += more;
    }
    stream_close(stream);
    return length;
}

/* Whether a regular file in a directory is to be read. One that cannot be opened is: opening it
 * again will say why, and nothing that may be a capture is passed over in silence. */
static bool is_wanted(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return true;
    uint8_t start[MAGIC_BYTES];
    size_t length = read_start(fd, path, start, sizeof start);
    return is_capture((struct span){start, length});
}

static bool add_directory(struct input_list *list, const char *path, struct error *error);

/* One entry of a directory. Links to files count as files; links to directories are not followed,
 * so that no loop of them can trap us. FIFOs and devices are never opened. */
static bool add_entry(struct input_list *list, const char *path, struct error *error)
{
    struct stat entry, target;
    if (lstat(path, &entry) != 0 || stat(path, &target) != 0) {
        list->skipped++; /* a link to nothing, or gone since it was listed */
        return true;
    }
    if (S_ISDIR(entry.st_mode))
        return add_directory(list, path, error);
    if (S_ISREG(target.st_mode) && is_wanted(path))
        add(list, path);
    else
        list->skipped++;
    return true;
}

static int is_not_dot(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* alphasort() would depend on the locale */
}

static bool add_directory(struct input_list *list, const char *path, struct error *error)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_not_dot, by_name);
    if (count < 0)
        return path_fault(error, path, "listed");
    size_t length = strlen(path);
    const char *slash = length > 0 && path[length - 1] == '/' ? "" : "/";
    bool is_ok = true;
    struct text name = {0};
    for (int i = 0; i < count; i++) {
        text_clear(&name);
        text_addf(&name, "%s%s%s", path, slash, entries[i]->d_name);
        is_ok = is_ok && add_entry(list, text_words(&name), error);
        free(entries[i]);
    }
    free(entries);
    text_free(&name);
    return is_ok;
}

bool input_list_add(struct input_list *list, const char *path, struct error *error)
{
    struct stat status;
    if (strcmp(path, "-") == 0) {
        add(list, path);
        return true;
    }
    if (stat(path, &status) != 0)
        return path_fault(error, path, "opened");
    if (!S_ISDIR(status.st_mode)) {
        add(list, path);
        return true;
    }
    size_t before = list->count;
    if (!add_directory(list, path, error))
        return false;
    if (list->count > before)
        return true;
    char name[NAME_SIZE];
    return error_set(error, "%s: holds no capture (pcap or pcapng, also in gzip or zstd)",
                     text_printable(path, name, sizeof name));
}

void input_list_free(struct input_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (struct input_list){0};
}
