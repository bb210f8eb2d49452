/* SPDX-License-Identifier: Apache-2.0
 *
 * One watched interface: its libpcap handle, its ring, its counters.
 */
#ifndef PORTSCOPE_CAPTURE_INTERFACE_PORT_H
#define PORTSCOPE_CAPTURE_INTERFACE_PORT_H

#include "capture/interface.h"

#include <pcap/pcap.h>

/* Blocks of the ring that are not full are handed over after this long. */
enum { INTERFACE_BLOCK_TIMEOUT_MS = 100 };

struct interface_port {
    char name[128]; /* printable */
    pcap_t *handle;
    int descriptor;
    uint16_t link_type;
    uint64_t ring_bytes;
    uint64_t received, delivered, dropped;
    int miss_files[2];     /* in /sys, kept open: a sandbox may close the way there */
    int64_t missed_before; /* what the files said at the start; -1: nothing */
    int64_t missed;

    /* During a read. */
    frame_fn *on_frame;
    void *context;
};

bool interface_port_open(struct interface_port *port, const char *name,
                         const struct interface_options *options, struct error *error);
void interface_port_close(struct interface_port *port);

enum interface_port_status { PORT_EMPTY, PORT_MORE, PORT_STOPPED, PORT_GONE };

/* Hands out what is in the ring, a batch at a time. */
enum interface_port_status interface_port_read(struct interface_port *port, frame_fn *on_frame,
                                               void *context, struct error *error);

/* Adds what the kernel counted since the last call. */
void interface_port_count(struct interface_port *port);

/* Opens the files that count what the interface itself missed, and the size of the ring. */
void interface_port_open_counters(struct interface_port *port, const char *name);
void interface_port_count_missed(struct interface_port *port);

#endif
