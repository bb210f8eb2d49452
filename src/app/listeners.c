/* SPDX-License-Identifier: Apache-2.0
 *
 * sock_diag(7): a request for all sockets of a family and a protocol, answered by messages of one
 * socket each, which are copied out of the buffer before they are looked at.
 */
#include "app/listeners.h"

#include "base/memory.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_SIZE = 64 * 1024, STATE_CLOSED = 7, STATE_LISTEN = 10 };

/* What is asked for. UDP has no listening state: a socket without a peer is "closed". */
static const struct question {
    uint8_t family, protocol;
    uint32_t state;
} questions[] = {
    {AF_INET, IPPROTO_TCP, STATE_LISTEN},
    {AF_INET6, IPPROTO_TCP, STATE_LISTEN},
    {AF_INET, IPPROTO_UDP, STATE_CLOSED},
    {AF_INET6, IPPROTO_UDP, STATE_CLOSED},
};

static bool ask(int netlink, const struct question *question)
{
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } message = {
        .header = {.nlmsg_len = sizeof message,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .request = {.sdiag_family = question->family,
                    .sdiag_protocol = question->protocol,
                    .idiag_states = UINT32_C(1) << question->state},
    };
    return send(netlink, &message, sizeof message, 0) == (ssize_t)sizeof message;
}

static void add(struct listeners *listeners, const struct inet_diag_msg *socket, uint8_t protocol)
{
    if (listeners->count == LISTENERS_MAX) {
        listeners->is_cut = true;
        return;
    }
    uint8_t bytes[16];
    memcpy(bytes, socket->id.idiag_src, sizeof bytes);
    listeners->all[listeners->count++] = (struct listener){
        .address = address_from_bytes(bytes, socket->idiag_family == AF_INET ? 4 : 6),
        .port = ntohs(socket->id.idiag_sport),
        .protocol = protocol,
        .socket = socket->idiag_inode,
        .user_id = socket->idiag_uid,
    };
}

enum answer { ANSWER_MORE, ANSWER_END, ANSWER_FAULT };

static enum answer read_message(struct listeners *listeners, const struct question *question,
                                const struct port_set *ports, const uint8_t *bytes, size_t length)
{
    struct nlmsghdr header;
    struct inet_diag_msg socket;
    memcpy(&header, bytes, sizeof header);
    if (header.nlmsg_type == NLMSG_DONE)
        return ANSWER_END;
    if (header.nlmsg_type == NLMSG_ERROR)
        return ANSWER_FAULT;
    if (length < NLMSG_HDRLEN + sizeof socket)
        return ANSWER_MORE;
    memcpy(&socket, bytes + NLMSG_HDRLEN, sizeof socket);
    if (port_set_has(ports, ntohs(socket.id.idiag_sport)))
        add(listeners, &socket, question->protocol);
    return ANSWER_MORE;
}

static enum answer read_answer(struct listeners *listeners, const struct question *question,
                               const struct port_set *ports, const uint8_t *bytes, size_t length)
{
    enum answer answer = ANSWER_MORE;
    while (answer == ANSWER_MORE && length >= sizeof(struct nlmsghdr)) {
        struct nlmsghdr header;
        memcpy(&header, bytes, sizeof header);
        if (header.nlmsg_len < sizeof header || header.nlmsg_len > length)
            return ANSWER_FAULT;
        answer = read_message(listeners, question, ports, bytes, header.nlmsg_len);
        size_t step = NLMSG_ALIGN((size_t)header.nlmsg_len);
        step = step < length ? step : length;
        bytes += step;
        length -= step;
    }
    return answer;
}

static bool find(struct listeners *listeners, int netlink, const struct question *question,
                 const struct port_set *ports)
{
    uint8_t *buffer = memory_new(1, ANSWER_SIZE);
    enum answer answer = ask(netlink, question) ? ANSWER_MORE : ANSWER_FAULT;
    while (answer == ANSWER_MORE) {
        ssize_t length = recv(netlink, buffer, ANSWER_SIZE, 0);
        if (length < 0 && errno == EINTR)
            continue;
        answer = length > 0 ? read_answer(listeners, question, ports, buffer, (size_t)length)
                            : ANSWER_FAULT;
    }
    free(buffer);
    return answer == ANSWER_END;
}

static int compare(const void *left, const void *right)
{
    const struct listener *a = left, *b = right;
    if (a->port != b->port)
        return a->port < b->port ? -1 : 1;
    if (a->protocol != b->protocol)
        return a->protocol < b->protocol ? -1 : 1;
    return address_compare(&a->address, &b->address);
}

bool listeners_find(struct listeners *listeners, const struct port_set *ports, struct error *error)
{
    *listeners = (struct listeners){0};
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    bool is_found = netlink >= 0;
    for (size_t i = 0; is_found && i < sizeof questions / sizeof questions[0]; i++)
        is_found = find(listeners, netlink, &questions[i], ports);
    if (netlink >= 0)
        close(netlink);
    if (!is_found)
        return error_set_errno(error, "the kernel does not list its sockets (sock_diag)");
    qsort(listeners->all, listeners->count, sizeof listeners->all[0], compare);
    return true;
}
