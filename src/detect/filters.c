/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/filters.h"

#include "base/text.h"

#include <stdio.h>

/* libpcap has no word for DCCP's ports. */
static const struct {
    uint8_t protocol;
    const char *wireshark; /* what stands before ".port" */
    const char *libpcap;
} transports[] = {
    {TRANSPORT_TCP, "tcp", "tcp port"},
    {TRANSPORT_UDP, "udp", "udp port"},
    {TRANSPORT_SCTP, "sctp", "sctp port"},
    {TRANSPORT_DCCP, "dccp", NULL},
};

enum { TRANSPORTS = sizeof transports / sizeof transports[0] };

static void add_and(struct text *text, const char *word)
{
    if (text->length > 0)
        text_add(text, word);
}

static void add_address(struct text *display, struct text *capture, const struct address *address)
{
    char words[ADDRESS_TEXT_SIZE];
    if (address->version == 0)
        return;
    address_text(address, words);
    add_and(display, " && ");
    text_addf(display, "%s.addr == %s", address->version == 6 ? "ipv6" : "ip", words);
    add_and(capture, " and ");
    text_addf(capture, "host %s", words);
}

static void add_any_transport(struct text *display, struct text *capture, uint16_t port)
{
    add_and(display, " && ");
    text_addf(display, "(tcp.port == %u || udp.port == %u)", port, port);
    add_and(capture, " and ");
    text_addf(capture, "port %u", port);
}

static void add_port(struct text *display, struct text *capture, const struct subject *subject)
{
    if (subject->port == 0)
        return;
    for (size_t i = 0; i < TRANSPORTS; i++) {
        if (transports[i].protocol != subject->protocol)
            continue;
        add_and(display, " && ");
        text_addf(display, "%s.port == %u", transports[i].wireshark, subject->port);
        add_and(capture, " and ");
        if (transports[i].libpcap)
            text_addf(capture, "%s %u", transports[i].libpcap, subject->port);
        else
            text_addf(capture, "ip proto %u", subject->protocol);
        return;
    }
    add_any_transport(display, capture, subject->port);
}

void filters_write(const struct subject *subject, struct finding *finding)
{
    struct text display = {0}, capture = {0};
    add_address(&display, &capture, &subject->client);
    add_address(&display, &capture, &subject->server);
    add_port(&display, &capture, subject);
    snprintf(finding->display_filter, sizeof finding->display_filter, "%s", text_words(&display));
    snprintf(finding->capture_filter, sizeof finding->capture_filter, "%s", text_words(&capture));
    text_free(&display);
    text_free(&capture);
}
