/* SPDX-License-Identifier: Apache-2.0 */
#include "app/service.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int service_open(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = name ? strlen(name) : 0;
    if (length < 2 || length >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@'))
        return -1;
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (notify >= 0 && connect(notify, (const struct sockaddr *)&address, size) != 0) {
        close(notify);
        notify = -1;
    }
    return notify;
}

void service_close(int notify)
{
    if (notify >= 0)
        close(notify);
}

void service_tell(int notify, const char *words)
{
    if (notify >= 0)
        (void)!send(notify, words, strlen(words), MSG_NOSIGNAL);
}
