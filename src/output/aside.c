/* SPDX-License-Identifier: Apache-2.0 */
#include "output/aside.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ASIDE_LENGTH = sizeof "20261120T091500.123456Z" - 1 };

const char *aside_of(int64_t time_ns, char out[ASIDE_SIZE])
{
    char words[TIMESTAMP_TEXT_SIZE];
    size_t length = 0;
    timestamp_rfc3339(time_ns, words);
    for (const char *c = words; *c != '\0' && length < ASIDE_SIZE - 1; c++) {
        if (*c != '-' && *c != ':')
            out[length++] = *c;
    }
    out[length] = '\0';
    return out;
}

static char *path_aside(const char *path, const char *aside)
{
    struct text text = {0};
    text_add(&text, path);
    text_add_char(&text, '.');
    text_add(&text, aside);
    return text.data;
}

/* A rename that refuses to replace. */
static bool move(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
}

bool aside_move(const char *path, const char *aside, struct error *error)
{
    char shown[300];
    char *to = path_aside(path, aside);
    bool is_moved = move(path, to) || error_set_errno(error, "%s: cannot be set aside",
                                                      text_printable(path, shown, sizeof shown));
    free(to);
    return is_moved;
}

void aside_move_back(const char *path, const char *aside)
{
    char *from = path_aside(path, aside);
    move(from, path);
    free(from);
}

static bool is_aside(const char *name, const char *base)
{
    size_t length = strlen(base);
    const char *tail = name + length + 1;
    return strncmp(name, base, length) == 0 && name[length] == '.' &&
           strlen(tail) == ASIDE_LENGTH && tail[8] == 'T' && tail[ASIDE_LENGTH - 1] == 'Z' &&
           strspn(tail, "0123456789T.Z") == ASIDE_LENGTH;
}

static int newest_first(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*right, *left);
}

static void remove_behind(int folder, char **names, size_t count, size_t keep)
{
    if (count > 0)
        qsort(names, count, sizeof *names, newest_first);
    for (size_t i = 0; i < count; i++) {
        if (i >= keep)
            unlinkat(folder, names[i], 0);
        free(names[i]);
    }
    free(names);
}

void aside_keep_newest(const char *path, unsigned keep)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    char *folder = slash ? memory_string_n(path, slash == path ? 1 : (size_t)(slash - path))
                         : memory_string(".");
    char **names = NULL;
    size_t count = 0;
    DIR *listing = opendir(folder);
    for (const struct dirent *entry; listing && (entry = readdir(listing));) {
        if (!is_aside(entry->d_name, base))
            continue;
        names = memory_resize(names, count + 1, sizeof *names);
        names[count++] = memory_string(entry->d_name);
    }
    remove_behind(listing ? dirfd(listing) : -1, names, count, keep);
    if (listing)
        closedir(listing);
    free(folder);
}
