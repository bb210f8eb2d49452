/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/interface.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "capture/interface_port.h"
#include "capture/steady_clock.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct interfaces {
    struct interface_port ports[INTERFACES_MAX];
    size_t count;
    struct steady_clock clock;
};

static int64_t clock_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct interfaces *interfaces_open(const struct interface_options *options, struct error *error)
{
    if (options->count > INTERFACES_MAX) {
        error_set(error, "more than %d interfaces; watch 'any'", INTERFACES_MAX);
        return NULL;
    }
    struct interfaces *interfaces = memory_new(1, sizeof *interfaces);
    for (size_t i = 0; i < options->count; i++) {
        if (!interface_port_open(&interfaces->ports[i], options->names[i], options, error)) {
            interfaces_close(interfaces);
            return NULL;
        }
        interfaces->count++;
    }
    steady_clock_start(&interfaces->clock, clock_ns(CLOCK_REALTIME), clock_ns(CLOCK_BOOTTIME));
    return interfaces;
}

void interfaces_close(struct interfaces *interfaces)
{
    if (!interfaces)
        return;
    for (size_t i = 0; i < interfaces->count; i++)
        interface_port_close(&interfaces->ports[i]);
    free(interfaces);
}

/* A block that is not full is handed over when its time has come, also when its interface is gone;
 * without the wait the last frames would stay in the ring. */
static void drain(struct interface_port *port, frame_fn *on_frame, void *context)
{
    struct timespec wait = {.tv_nsec = 2 * INTERFACE_BLOCK_TIMEOUT_MS * NS_PER_MS};
    nanosleep(&wait, NULL);
    while (interface_port_read(port, on_frame, context, NULL) == PORT_MORE)
        continue;
}

/* One turn for each interface. */
static enum interfaces_status read_all(struct interfaces *interfaces, frame_fn *on_frame,
                                       void *context, struct error *error)
{
    enum interfaces_status status = INTERFACES_IDLE;
    for (size_t i = 0; i < interfaces->count; i++) {
        switch (interface_port_read(&interfaces->ports[i], on_frame, context, error)) {
        case PORT_EMPTY:
            break;
        case PORT_MORE:
            status = INTERFACES_READ;
            break;
        case PORT_STOPPED:
            return INTERFACES_READ;
        case PORT_GONE:
            drain(&interfaces->ports[i], on_frame, context);
            return INTERFACES_GONE;
        }
    }
    return status;
}

enum interfaces_status interfaces_read(struct interfaces *interfaces, int64_t wait_ns,
                                       frame_fn *on_frame, void *context, struct error *error)
{
    enum interfaces_status status = read_all(interfaces, on_frame, context, error);
    if (status != INTERFACES_IDLE)
        return status;
    struct pollfd waits[INTERFACES_MAX];
    for (size_t i = 0; i < interfaces->count; i++)
        waits[i] = (struct pollfd){.fd = interfaces->ports[i].descriptor, .events = POLLIN};
    if (poll(waits, (nfds_t)interfaces->count, (int)(wait_ns / NS_PER_MS)) <= 0)
        return INTERFACES_IDLE;
    return read_all(interfaces, on_frame, context, error);
}

struct interface_clock interfaces_clock(struct interfaces *interfaces)
{
    int64_t now_ns =
        steady_clock_read(&interfaces->clock, clock_ns(CLOCK_REALTIME), clock_ns(CLOCK_BOOTTIME));
    return (struct interface_clock){now_ns, interfaces->clock.step_ns};
}

struct interface_counts interfaces_counts(struct interfaces *interfaces)
{
    struct interface_counts counts = {0};
    for (size_t i = 0; i < interfaces->count; i++) {
        struct interface_port *port = &interfaces->ports[i];
        interface_port_count(port);
        interface_port_count_missed(port);
        counts.received += port->received;
        counts.delivered += port->delivered;
        counts.dropped += port->dropped;
        if (port->missed < 0)
            counts.missed = -1;
        else if (counts.missed >= 0)
            counts.missed += port->missed;
    }
    /* Frames that came between activation and the filter are counted and then refused by it. */
    uint64_t known = counts.delivered + counts.dropped;
    counts.unread = counts.received > known ? counts.received - known : 0;
    return counts;
}

uint64_t interfaces_ring_bytes(const struct interfaces *interfaces)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < interfaces->count; i++)
        sum += interfaces->ports[i].ring_bytes;
    return sum;
}
