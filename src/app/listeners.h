/* SPDX-License-Identifier: Apache-2.0
 *
 * Which sockets of this host wait on a port, and whose they are: from the kernel (sock_diag) and
 * /proc. Nothing is started and nothing is changed.
 */
#ifndef PORTSCOPE_APP_LISTENERS_H
#define PORTSCOPE_APP_LISTENERS_H

#include "base/address.h"
#include "base/error.h"
#include "model/rulebook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LISTENERS_MAX = 1024 };

struct listener {
    struct address address;
    uint16_t port;
    uint8_t protocol; /* 6 or 17 */
    uint32_t socket;  /* inode */
    uint32_t user_id; /* who made the socket */

    /* Of the first process that has it open; 0: not found, or not ours to see. */
    int process;
    unsigned processes; /* how many have it */
    char user[64], name[64], command[256];
    char unit[128]; /* systemd unit or container; "": not known */
};

struct listeners {
    struct listener all[LISTENERS_MAX]; /* by port, protocol, address */
    size_t count;
    bool is_cut;               /* there were more */
    unsigned hidden_processes; /* whose sockets this user may not see */
};

/* TCP sockets that listen and UDP sockets without a peer, on these ports. */
bool listeners_find(struct listeners *listeners, const struct port_set *ports, struct error *error);

/* Fills in who they are. */
void listeners_find_processes(struct listeners *listeners);

#endif
