/* SPDX-License-Identifier: Apache-2.0 */
#include "output/message_way.h"

#include "base/memory.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char udp_prefix[] = "udp://";

struct message_way {
    struct line_file *file; /* NULL: network */
    int socket;
    struct text datagram;
    uint64_t lost;
};

/* "HOST:PORT" or "[ADDRESS]:PORT" into two words; false when it is neither. */
static bool divide(char *word, const char **host, const char **port)
{
    char *colon = strrchr(word, ':');
    if (!colon || colon == word || colon[1] == '\0')
        return false;
    *colon = '\0';
    *port = colon + 1;
    *host = word;
    if (*word == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        *host = word + 1;
        return true;
    }
    return strchr(word, ':') == NULL;
}

static int connect_any(const struct addrinfo *all)
{
    for (const struct addrinfo *one = all; one; one = one->ai_next) {
        int made = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                          one->ai_protocol);
        if (made >= 0 && connect(made, one->ai_addr, one->ai_addrlen) == 0)
            return made;
        if (made >= 0)
            close(made);
    }
    return -1;
}

static int open_socket(const char *target, struct error *error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_family = AF_UNSPEC};
    struct addrinfo *all = NULL;
    char shown[200];
    char *word = memory_string(target + strlen(udp_prefix));
    const char *host, *port;
    int made = -1;
    text_printable(target, shown, sizeof shown);
    if (!divide(word, &host, &port))
        error_set(error, "'%s' is not udp://HOST:PORT", shown);
    else if (getaddrinfo(host, port, &hints, &all) != 0)
        error_set(error, "%s: no such host or port", shown);
    else if ((made = connect_any(all)) < 0)
        error_set_errno(error, "%s: cannot be reached", shown);
    if (all)
        freeaddrinfo(all);
    free(word);
    return made;
}

struct message_way *message_way_open(const struct sink_options *options, struct error *error)
{
    bool is_network =
        options->target && strncmp(options->target, udp_prefix, strlen(udp_prefix)) == 0;
    struct line_file *file = NULL;
    int socket = -1;
    if (is_network)
        socket = open_socket(options->target, error);
    else
        file = line_file_open(options->target, options->may_overwrite, error);
    if (!file && socket < 0)
        return NULL;
    struct message_way *way = memory_new(1, sizeof *way);
    way->file = file;
    way->socket = socket;
    return way;
}

bool message_way_is_network(const struct message_way *way)
{
    return way->file == NULL;
}

struct text *message_way_text(struct message_way *way)
{
    return way->file ? line_file_text(way->file) : &way->datagram;
}

bool message_way_send(struct message_way *way, struct error *error)
{
    if (way->file)
        return line_file_end_line(way->file, error);
    size_t length =
        way->datagram.length < MESSAGE_SIZE_MAX ? way->datagram.length : MESSAGE_SIZE_MAX;
    ssize_t sent = send(way->socket, text_words(&way->datagram), length, MSG_NOSIGNAL);
    /* A refusal tells of the datagram before this one: that one was lost, this one is sent. */
    if (sent < 0 && errno == ECONNREFUSED) {
        way->lost++;
        sent = send(way->socket, text_words(&way->datagram), length, MSG_NOSIGNAL);
    }
    text_clear(&way->datagram);
    if (sent >= 0)
        return true;
    way->lost++;
    return error_set_errno(error, "a message could not be sent");
}

bool message_way_flush(struct message_way *way, struct error *error)
{
    return !way->file || line_file_flush(way->file, error);
}

uint64_t message_way_lost(const struct message_way *way)
{
    return way->file ? line_file_lost(way->file) : way->lost;
}

bool message_way_close(struct message_way *way, struct error *error)
{
    if (!way)
        return true;
    bool is_whole = !way->file || line_file_close(way->file, error);
    if (way->socket >= 0)
        close(way->socket);
    text_free(&way->datagram);
    free(way);
    return is_whole;
}
