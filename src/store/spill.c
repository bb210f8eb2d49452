/* SPDX-License-Identifier: Apache-2.0 */
#include "store/spill.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* "0000000000000042-0.rows": number of the batch, number of its table. */
enum { NAME_LENGTH = 23, NUMBER_DIGITS = 16 };

struct spill {
    int folder;
    uint64_t next, size;
};

static bool is_batch(const char *name)
{
    return strlen(name) == NAME_LENGTH && strspn(name, "0123456789abcdef") == NUMBER_DIGITS &&
           name[NUMBER_DIGITS] == '-' && strcmp(name + NUMBER_DIGITS + 2, ".rows") == 0;
}

/* The first batch by number; false when there is none. Counts them on the way. */
static bool find(struct spill *spill, char out[SPILL_NAME_SIZE])
{
    int copy = openat(spill->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *entry;
    struct stat facts;
    bool is_found = false;
    spill->size = 0;
    while (folder && (entry = readdir(folder))) {
        if (!is_batch(entry->d_name))
            continue;
        uint64_t number = strtoull(entry->d_name, NULL, 16);
        if (number >= spill->next)
            spill->next = number + 1;
        if (fstatat(spill->folder, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
            spill->size += (uint64_t)facts.st_size;
        if (!is_found || strcmp(entry->d_name, out) < 0)
            snprintf(out, SPILL_NAME_SIZE, "%.23s", entry->d_name);
        is_found = true;
    }
    if (folder)
        closedir(folder);
    return is_found;
}

struct spill *spill_open(const char *path, struct error *error)
{
    char shown[400], name[SPILL_NAME_SIZE];
    text_printable(path, shown, sizeof shown);
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        error_set_errno(error, "spill folder %s cannot be made", shown);
        return NULL;
    }
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) {
        error_set_errno(error, "spill folder %s cannot be opened", shown);
        return NULL;
    }
    struct spill *spill = memory_new(1, sizeof *spill);
    spill->folder = folder;
    find(spill, name);
    return spill;
}

void spill_close(struct spill *spill)
{
    if (!spill)
        return;
    close(spill->folder);
    free(spill);
}

static bool write_all(int file, const struct text *rows)
{
    size_t done = 0;
    while (done < rows->length) {
        ssize_t length = write(file, rows->data + done, rows->length - done);
        if (length < 0 && errno != EINTR)
            return false;
        done += length > 0 ? (size_t)length : 0;
    }
    return fsync(file) == 0;
}

/* Written under another name first: a batch is there as a whole or not at all. */
bool spill_put(struct spill *spill, unsigned table, const struct text *rows, struct error *error)
{
    static const char part[] = "part";
    char name[SPILL_NAME_SIZE];
    if (spill->size + rows->length > SPILL_MAX)
        return error_set(error, "the spill is full (%d bytes)", SPILL_MAX);
    int file =
        openat(spill->folder, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return error_set_errno(error, "the spill cannot be written");
    bool is_written = write_all(file, rows);
    snprintf(name, sizeof name, "%016" PRIx64 "-%u.rows", spill->next, table);
    if (close(file) != 0 || !is_written || renameat(spill->folder, part, spill->folder, name) != 0)
        return error_set_errno(error, "the spill cannot be written");
    spill->next++;
    spill->size += rows->length;
    return true;
}

static bool read_all(int file, struct text *rows)
{
    ssize_t length;
    text_clear(rows);
    while ((length = read(file, text_room(rows, 1 << 16), 1 << 16)) > 0)
        text_added(rows, (size_t)length);
    return length == 0;
}

bool spill_oldest(struct spill *spill, char name[SPILL_NAME_SIZE], unsigned *table,
                  struct text *rows)
{
    if (!find(spill, name))
        return false;
    int file = openat(spill->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return false;
    bool is_read = read_all(file, rows);
    close(file);
    *table = (unsigned)(name[NUMBER_DIGITS + 1] - '0');
    return is_read;
}

void spill_remove(struct spill *spill, const char *name)
{
    struct stat facts;
    if (fstatat(spill->folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
        unlinkat(spill->folder, name, 0) == 0)
        spill->size -=
            (uint64_t)facts.st_size < spill->size ? (uint64_t)facts.st_size : spill->size;
}

uint64_t spill_size(const struct spill *spill)
{
    return spill->size;
}
