/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/listen.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 64 };

static bool refuse(const char *word, struct error *error)
{
    char shown[80];
    return error_usage(error,
                       "--listen: '%s' is no address and port; write 127.0.0.1:8154 or [::1]:8154",
                       text_printable(word, shown, sizeof shown));
}

static bool parse_port(const char *digits, uint16_t *out)
{
    char *end;
    if (*digits < '0' || *digits > '9')
        return false;
    errno = 0;
    unsigned long number = strtoul(digits, &end, 10);
    *out = (uint16_t)number;
    return *end == '\0' && errno == 0 && number <= UINT16_MAX;
}

bool listen_parse(const char *word, struct listen_place *out, struct error *error)
{
    char host[ADDRESS_TEXT_SIZE];
    bool has_brackets = word[0] == '[';
    const char *begin = word + has_brackets;
    const char *end = has_brackets ? strchr(word, ']') : strrchr(word, ':');
    const char *colon = has_brackets && end ? end + 1 : end;
    if (!end || *colon != ':' || (size_t)(end - begin) >= sizeof host)
        return refuse(word, error);
    snprintf(host, sizeof host, "%.*s", (int)(end - begin), begin);
    if (!address_parse(host, &out->address) || has_brackets != (out->address.version == 6) ||
        !parse_port(colon + 1, &out->port))
        return refuse(word, error);
    return true;
}

bool listen_is_loopback(const struct listen_place *place)
{
    static const uint8_t one[16] = {[15] = 1};
    const uint8_t *bytes = place->address.bytes;
    return place->address.version == 4 ? bytes[0] == 127 : memcmp(bytes, one, sizeof one) == 0;
}

const char *listen_text(const struct listen_place *place, char out[LISTEN_TEXT_SIZE])
{
    char words[ADDRESS_TEXT_SIZE];
    address_text(&place->address, words);
    snprintf(out, LISTEN_TEXT_SIZE, place->address.version == 6 ? "[%s]:%u" : "%s:%u", words,
             (unsigned)place->port);
    return out;
}

/* What bind() takes and getsockname() gives. */
union socket_name {
    struct sockaddr any;
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
};

static socklen_t name_of(const struct listen_place *place, union socket_name *name)
{
    memset(name, 0, sizeof *name);
    if (place->address.version == 4) {
        name->ip4.sin_family = AF_INET;
        name->ip4.sin_port = htons(place->port);
        memcpy(&name->ip4.sin_addr, place->address.bytes, 4);
        return sizeof name->ip4;
    }
    name->ip6.sin6_family = AF_INET6;
    name->ip6.sin6_port = htons(place->port);
    memcpy(&name->ip6.sin6_addr, place->address.bytes, 16);
    return sizeof name->ip6;
}

static void fail(const struct listen_place *place, struct error *error)
{
    char words[LISTEN_TEXT_SIZE];
    listen_text(place, words);
    if (errno == EADDRINUSE)
        error_set(error,
                  "--listen: %s is in use by another program; name another port, or 0 for any",
                  words);
    else
        error_set_errno(error, "--listen: %s cannot be listened on", words);
}

int listen_open(struct listen_place *place, struct error *error)
{
    const int yes = 1;
    union socket_name name;
    socklen_t length = name_of(place, &name);
    int file = socket(name.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Connections of the last run that still time out must not keep the next from starting. */
    if (file >= 0 && setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        (place->address.version == 4 ||
         setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == 0) &&
        bind(file, &name.any, length) == 0 && listen(file, BACKLOG) == 0 &&
        getsockname(file, &name.any, &length) == 0) {
        place->port = ntohs(place->address.version == 4 ? name.ip4.sin_port : name.ip6.sin6_port);
        return file;
    }
    fail(place, error);
    if (file >= 0)
        close(file);
    return -1;
}
