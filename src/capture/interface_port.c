/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/interface_port.h"

#include "base/timestamp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_LOCK_FILTER
#define SO_LOCK_FILTER 44
#endif

/* Frames that are handed out before the other interfaces have their turn. */
enum { TURN_FRAMES = 4096 };

/* Instructions of a filter; the longest of ours has some forty. */
enum { FILTER_MAX = 256 };

/* What can carry a watched port, by link type; which of it does, the decoder says. Ethernet's
 * length field (802.3, up to 1500) may stand before SNAP and IP. Keywords like "vlan" are avoided:
 * they move the offsets of all that follows. Other link types go unfiltered. */
static const struct coarse_filter {
    int link_type;
    const char *expression;
} coarse_filters[] = {
    {DLT_EN10MB, "(ip or ip6 or ether proto 0x8100 or ether proto 0x88a8 or ether proto 0x9100"
                 " or ether proto 0x8847 or ether proto 0x8848 or ether proto 0x8864"
                 " or ether proto 0x880b or ether proto 0x88e5 or ether proto 0x88e7"
                 " or ether proto 0x8903 or ether proto 0x8909 or ether proto 0x8926"
                 " or ether[12:2] <= 1500)"},
};

static const char *coarse_filter_of(int link_type)
{
    for (size_t i = 0; i < sizeof coarse_filters / sizeof coarse_filters[0]; i++) {
        if (coarse_filters[i].link_type == link_type)
            return coarse_filters[i].expression;
    }
    return NULL;
}

/* The direction is left to the kernel, too: frames that libpcap itself refuses would be counted as
 * received and never be seen. That includes the loopback interface, where every packet comes twice
 * and libpcap lets only the incoming one through. */
static const char *direction_filter(const struct interface_options *options, const char *name)
{
    const char *direction = options->direction ? options->direction : "inout";
    if (strcmp(direction, "out") == 0)
        return "outbound";
    if (strcmp(direction, "in") == 0 || strcmp(name, "lo") == 0)
        return "inbound";
    return strcmp(name, "any") == 0 ? "not (outbound and ifindex 1)" : NULL;
}

static bool fault(const struct interface_port *port, int status, struct error *error)
{
    if (status == PCAP_ERROR_NO_SUCH_DEVICE)
        return error_set(error, "there is no interface '%s'; portscope live -D lists them",
                         port->name);
    if (status == PCAP_ERROR_PERM_DENIED)
        return error_set(error, "%s: not allowed to watch; %s", port->name,
                         geteuid() == 0 ? "root has no CAP_NET_RAW here (a container gets it with "
                                          "--cap-add=NET_RAW)"
                                        : "run as root, or once: "
                                          "setcap cap_net_raw+ep /path/to/portscope");
    if (status == PCAP_ERROR_IFACE_NOT_UP)
        return error_set(error, "%s is down; ip link set %s up", port->name, port->name);
    const char *words = port->handle ? pcap_geterr(port->handle) : "";
    return error_set(error, "%s: cannot be watched: %s", port->name,
                     *words ? words : pcap_statustostr(status));
}

static bool set_link_type(struct interface_port *port, const char *word, struct error *error)
{
    int number = pcap_datalink_name_to_val(word);
    if (number < 0)
        return error_set(error, "-y: libpcap knows no link type '%s'", word);
    if (pcap_set_datalink(port->handle, number) != 0)
        return fault(port, PCAP_ERROR, error);
    return true;
}

/* Not by pcap_setfilter(): it would judge what is in the ring by then, and as much again as the
 * ring holds, in our process, where nobody knows a packet's direction, and refuse it all. */
static bool compile_and_set(struct interface_port *port, const char *expression)
{
    struct bpf_program program;
    if (pcap_compile(port->handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return false;
    struct sock_filter code[FILTER_MAX];
    const struct sock_fprog filter = {.len = (unsigned short)program.bf_len, .filter = code};
    bool fits = program.bf_len <= FILTER_MAX;
    for (unsigned i = 0; fits && i < program.bf_len; i++) {
        const struct bpf_insn *each = &program.bf_insns[i];
        code[i] = (struct sock_filter){each->code, each->jt, each->jf, each->k};
    }
    pcap_freecode(&program);
    return fits && setsockopt(pcap_fileno(port->handle), SOL_SOCKET, SO_ATTACH_FILTER, &filter,
                              sizeof filter) == 0;
}

static bool set_filter(struct interface_port *port, const struct interface_options *options,
                       const char *name, struct error *error)
{
    const char *coarse = coarse_filter_of(pcap_datalink(port->handle));
    const char *direction = direction_filter(options, name);
    char both[1024];
    snprintf(both, sizeof both, "%s%s%s", direction ? direction : "",
             direction && coarse ? " and " : "", coarse ? coarse : "");
    if (both[0] == '\0' || compile_and_set(port, both))
        return true;
    /* Without the coarse filter more is read, and the answer is the same. */
    return !direction || compile_and_set(port, direction) || fault(port, PCAP_ERROR, error);
}

static bool activate(struct interface_port *port, const struct interface_options *options,
                     struct error *error)
{
    int buffer = options->buffer_bytes < INT32_MAX ? (int)options->buffer_bytes : INT32_MAX;
    pcap_set_snaplen(port->handle, (int)options->snaplen);
    pcap_set_promisc(port->handle, options->is_promiscuous);
    pcap_set_timeout(port->handle, INTERFACE_BLOCK_TIMEOUT_MS);
    pcap_set_buffer_size(port->handle, buffer);
    pcap_set_tstamp_precision(port->handle, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(port->handle);
    if (status < 0)
        return fault(port, status, error);
    if (options->link_type && !set_link_type(port, options->link_type, error))
        return false;
    char words[PCAP_ERRBUF_SIZE];
    if (pcap_setnonblock(port->handle, 1, words) != 0)
        return error_set(error, "%s: cannot be watched: %s", port->name, words);
    port->descriptor = pcap_get_selectable_fd(port->handle);
    return true;
}

/* From here on nobody, not even we, can widen what the kernel hands out. */
static bool lock_filter(struct interface_port *port, struct error *error)
{
    int on = 1;
    if (setsockopt(pcap_fileno(port->handle), SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on) == 0)
        return true;
    return error_set_errno(error, "%s: the filter cannot be locked", port->name);
}

/* libpcap's number for raw IP differs from the one in files; all else that an interface of Linux
 * can have is the same (tcpdump.org/linktypes). */
static uint16_t link_type_of(int datalink)
{
    enum { LINKTYPE_RAW = 101 };
    return datalink == DLT_RAW ? LINKTYPE_RAW : (uint16_t)datalink;
}

bool interface_port_open(struct interface_port *port, const char *name,
                         const struct interface_options *options, struct error *error)
{
    char words[PCAP_ERRBUF_SIZE];
    *port = (struct interface_port){.descriptor = -1, .miss_files = {-1, -1}, .missed = -1};
    text_printable(name, port->name, sizeof port->name);
    port->handle = pcap_create(name, words);
    if (!port->handle)
        return error_set(error, "%s: cannot be watched: %s", port->name, words);
    if (!activate(port, options, error) || !set_filter(port, options, name, error) ||
        !lock_filter(port, error)) {
        interface_port_close(port);
        return false;
    }
    port->link_type = link_type_of(pcap_datalink(port->handle));
    interface_port_open_counters(port, name);
    return true;
}

void interface_port_close(struct interface_port *port)
{
    for (size_t i = 0; i < 2; i++) {
        if (port->miss_files[i] >= 0)
            close(port->miss_files[i]);
    }
    if (port->handle)
        pcap_close(port->handle);
    *port = (struct interface_port){.miss_files = {-1, -1}};
}

static void hand_out(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct interface_port *port = (struct interface_port *)(void *)user;
    struct frame frame = {
        .bytes = {bytes, header->caplen},
        .time_ns = (int64_t)header->ts.tv_sec * NS_PER_S + header->ts.tv_usec,
        .wire_length = header->len > header->caplen ? header->len : header->caplen,
        .link_type = port->link_type,
    };
    port->delivered++;
    if (!port->on_frame(port->context, &frame))
        pcap_breakloop(port->handle);
}

enum interface_port_status interface_port_read(struct interface_port *port, frame_fn *on_frame,
                                               void *context, struct error *error)
{
    port->on_frame = on_frame;
    port->context = context;
    int count = pcap_dispatch(port->handle, TURN_FRAMES, hand_out, (u_char *)port);
    if (count == PCAP_ERROR_BREAK)
        return PORT_STOPPED;
    if (count >= 0)
        return count > 0 ? PORT_MORE : PORT_EMPTY;
    error_set(error, "%s: %s", port->name, pcap_geterr(port->handle));
    return PORT_GONE;
}

/* Reading resets the kernel's counters, so that their 32 bits hold what came since the last time.
 * libpcap's own pcap_stats() would open two files of /sys each time, and wraps when they are gone.
 */
void interface_port_count(struct interface_port *port)
{
    struct tpacket_stats_v3 since;
    socklen_t size = sizeof since;
    if (getsockopt(pcap_fileno(port->handle), SOL_PACKET, PACKET_STATISTICS, &since, &size) != 0)
        return;
    port->received += since.tp_packets;
    port->dropped += since.tp_drops;
}
