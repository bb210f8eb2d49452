/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/interface.h"

#include "base/address.h"

#include <netinet/in.h>
#include <pcap/pcap.h>
#include <string.h>

static void add_address(struct text *out, const struct sockaddr *socket_address)
{
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
    struct address address = {0};
    char text[ADDRESS_TEXT_SIZE];
    if (socket_address && socket_address->sa_family == AF_INET) {
        memcpy(&ip4, socket_address, sizeof ip4);
        address = address_from_bytes((const uint8_t *)&ip4.sin_addr, 4);
    } else if (socket_address && socket_address->sa_family == AF_INET6) {
        memcpy(&ip6, socket_address, sizeof ip6);
        address = address_from_bytes(ip6.sin6_addr.s6_addr, 6);
    } else {
        return;
    }
    text_addf(out, "  %s", address_text(&address, text));
}

static const char *state_of(const pcap_if_t *interface)
{
    if (!(interface->flags & PCAP_IF_UP))
        return "down";
    return interface->flags & PCAP_IF_RUNNING ? "up" : "up, no link";
}

/* What libpcap can open beside interfaces (USB, D-Bus, netfilter) carries no port. */
static bool is_network(const pcap_if_t *interface)
{
    static const char *const others[] = {"usbmon", "bluetooth", "dbus-", "nflog", "nfqueue"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strncmp(interface->name, others[i], strlen(others[i])) == 0)
            return false;
    }
    return true;
}

bool interfaces_list(struct text *out, struct error *error)
{
    char words[PCAP_ERRBUF_SIZE];
    pcap_if_t *all;
    if (pcap_findalldevs(&all, words) != 0)
        return error_set(error, "the interfaces cannot be listed: %s", words);
    for (const pcap_if_t *each = all; each; each = each->next) {
        if (!is_network(each))
            continue;
        char name[128];
        text_addf(out, "%-16s %-12s", text_printable(each->name, name, sizeof name),
                  state_of(each));
        for (const pcap_addr_t *address = each->addresses; address; address = address->next)
            add_address(out, address->addr);
        text_add_char(out, '\n');
    }
    pcap_freealldevs(all);
    return true;
}
