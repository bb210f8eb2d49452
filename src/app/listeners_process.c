/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose sockets they are: /proc/PID/fd links to "socket:[INODE]". Without rights over other users'
 * processes only one's own can be seen; the others are counted.
 */
#include "app/listeners.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4096 };

/* Reads a small file of /proc; returns its length, terminated. */
static size_t read_file(int process, const char *name, char out[FILE_MAX])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, out, FILE_MAX - 1) : 0;
    if (file >= 0)
        close(file);
    length = length > 0 ? length : 0;
    out[length] = '\0';
    return (size_t)length;
}

static void copy_printable(const char *bytes, size_t length, char *out, size_t size)
{
    struct text text = {0};
    text_add_printable(&text, (struct span){(const uint8_t *)bytes, length});
    snprintf(out, size, "%s", text_words(&text));
    text_free(&text);
}

/* Arguments are terminated by zeros. */
static void read_command(struct listener *listener)
{
    char bytes[FILE_MAX];
    size_t length = read_file(listener->process, "cmdline", bytes);
    while (length > 0 && bytes[length - 1] == '\0')
        length--;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\0')
            bytes[i] = ' ';
    }
    copy_printable(bytes, length, listener->command, sizeof listener->command);
}

static void read_name(struct listener *listener)
{
    char bytes[FILE_MAX];
    size_t length = read_file(listener->process, "comm", bytes);
    copy_printable(bytes, length > 0 ? length - 1 : 0, listener->name, sizeof listener->name);
}

/* The deepest part of the cgroup that ends as units and containers do:
 * "0::/system.slice/sshd.service", ".../docker-0123.scope". */
static void read_unit(struct listener *listener)
{
    char bytes[FILE_MAX];
    read_file(listener->process, "cgroup", bytes);
    const char *found = NULL;
    size_t length = 0;
    for (const char *part = strchr(bytes, '/'); part; part = strchr(part + 1, '/')) {
        size_t size = strcspn(part + 1, "/\n");
        const char *end = part + 1 + size;
        bool is_unit = (size > 8 && memcmp(end - 8, ".service", 8) == 0) ||
                       (size > 6 && memcmp(end - 6, ".scope", 6) == 0);
        if (is_unit) {
            found = part + 1;
            length = size;
        }
    }
    if (found)
        copy_printable(found, length, listener->unit, sizeof listener->unit);
}

static void describe(struct listener *listener, int process)
{
    if (listener->processes++ > 0)
        return;
    listener->process = process;
    read_name(listener);
    read_command(listener);
    read_unit(listener);
}

/* "socket:[12345]" -> 12345; 0: no socket. */
static uint32_t socket_of(int folder, const char *name)
{
    static const char mark[] = "socket:[";
    char target[64];
    ssize_t length = readlinkat(folder, name, target, sizeof target - 1);
    if (length <= (ssize_t)sizeof mark)
        return 0;
    target[length] = '\0';
    if (memcmp(target, mark, sizeof mark - 1) != 0)
        return 0;
    return (uint32_t)strtoul(target + sizeof mark - 1, NULL, 10);
}

static void match(struct listeners *listeners, uint32_t socket, int process)
{
    for (size_t i = 0; socket != 0 && i < listeners->count; i++) {
        if (listeners->all[i].socket == socket)
            describe(&listeners->all[i], process);
    }
}

static void look_into(struct listeners *listeners, int process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", process);
    DIR *folder = opendir(path);
    if (!folder) {
        listeners->hidden_processes += errno == EACCES || errno == EPERM;
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder));)
        match(listeners, socket_of(dirfd(folder), entry->d_name), process);
    closedir(folder);
}

static void name_user(struct listener *listener)
{
    const struct passwd *user = getpwuid(listener->user_id);
    if (user)
        text_printable(user->pw_name, listener->user, sizeof listener->user);
    else
        snprintf(listener->user, sizeof listener->user, "%u", (unsigned)listener->user_id);
}

void listeners_find_processes(struct listeners *listeners)
{
    DIR *all = opendir("/proc");
    for (const struct dirent *entry; all && listeners->count > 0 && (entry = readdir(all));) {
        int process = (int)strtol(entry->d_name, NULL, 10);
        if (process > 0)
            look_into(listeners, process);
    }
    if (all)
        closedir(all);
    for (size_t i = 0; i < listeners->count; i++)
        name_user(&listeners->all[i]);
}
