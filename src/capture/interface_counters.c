/* SPDX-License-Identifier: Apache-2.0
 *
 * What only files tell: how many frames the interface itself missed (/sys), and how large a ring
 * the kernel gave (/proc). They are opened before the sandbox closes the way to them.
 */
#include "capture/interface_port.h"

#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A number in a file of /sys; false when it cannot be read. */
static bool read_number(int file, uint64_t *out)
{
    char text[32];
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    if (length <= 0)
        return false;
    text[length] = '\0';
    *out = strtoull(text, NULL, 10);
    return true;
}

/* The /sys of another network namespace may have an interface of the same name. */
static bool is_ours(int directory, const char *name)
{
    uint64_t index = 0;
    int file = openat(directory, "ifindex", O_RDONLY | O_CLOEXEC);
    bool is_read = file >= 0 && read_number(file, &index);
    if (file >= 0)
        close(file);
    return is_read && index == if_nametoindex(name);
}

static int64_t read_missed(const struct interface_port *port)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < 2; i++) {
        uint64_t count;
        if (port->miss_files[i] < 0 || !read_number(port->miss_files[i], &count))
            return -1;
        sum += count;
    }
    return (int64_t)sum;
}

static void open_miss_files(struct interface_port *port, const char *name)
{
    static const char *const files[] = {"statistics/rx_missed_errors", "statistics/rx_fifo_errors"};
    char path[160];
    snprintf(path, sizeof path, "/sys/class/net/%s", name);
    int directory = strchr(name, '/') ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return;
    for (size_t i = 0; i < 2 && is_ours(directory, name); i++)
        port->miss_files[i] = openat(directory, files[i], O_RDONLY | O_CLOEXEC);
    close(directory);
}

/* The ring is the mapping of the socket, which /proc names by its inode. */
static uint64_t mapped_bytes(int descriptor)
{
    struct stat facts;
    char mark[40];
    char line[512];
    uint64_t sum = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps || fstat(descriptor, &facts) != 0) {
        if (maps)
            fclose(maps);
        return 0;
    }
    snprintf(mark, sizeof mark, "socket:[%ju]", (uintmax_t)facts.st_ino);
    while (fgets(line, sizeof line, maps)) {
        char *end;
        uint64_t from = strtoull(line, &end, 16);
        if (strstr(line, mark) && *end == '-')
            sum += strtoull(end + 1, NULL, 16) - from;
    }
    fclose(maps);
    return sum;
}

void interface_port_open_counters(struct interface_port *port, const char *name)
{
    port->ring_bytes = mapped_bytes(pcap_fileno(port->handle));
    open_miss_files(port, name);
    port->missed_before = read_missed(port);
    port->missed = port->missed_before < 0 ? -1 : 0;
}

void interface_port_count_missed(struct interface_port *port)
{
    int64_t now = read_missed(port);
    /* Not readable any more, or begun anew: the last answer stands. */
    if (port->missed_before >= 0 && now >= port->missed_before + port->missed)
        port->missed = now - port->missed_before;
}
