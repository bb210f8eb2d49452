/* SPDX-License-Identifier: Apache-2.0
 *
 * A conversation for tests: says bytes each way and shows each packet to the inspector, as the
 * decoder and the flow table would have prepared it.
 */
#ifndef PORTSCOPE_TESTS_TALK_H
#define PORTSCOPE_TESTS_TALK_H

#include "dpi/dpi.h"

enum { TALK_HEADERS_MAX = 80, TALK_PACKET_MAX = 65535 };

struct talk {
    struct dpi *dpi;
    struct flow flow;
    struct flow_sample sample;
    uint32_t next[FLOW_DIRECTIONS];
    int64_t now_ns;
    unsigned tcp_words; /* the data offset that the next headers claim */
    uint16_t udp_error; /* added to the UDP length that the next headers claim */
    uint32_t marks;     /* of the next packets */
    size_t snaplen;     /* 0: not cut */
};

/* A flow from a client's port to a server's. */
struct talk talk_new(struct dpi *dpi, uint8_t protocol, uint16_t client, uint16_t server);
struct talk talk_new_ipv6(struct dpi *dpi, uint8_t protocol, uint16_t client, uint16_t server);

void talk_handshake(struct talk *talk);
void talk_flags(struct talk *talk, enum flow_direction direction, uint8_t flags);
void talk_say(struct talk *talk, enum flow_direction direction, const void *bytes, size_t length);
void talk_say_words(struct talk *talk, enum flow_direction direction, const char *words);

/* Ends the flow. */
void talk_finish(struct talk *talk, struct detection *out);

/* A TLS client hello for `host`; returns its length. */
enum { TALK_HELLO_MAX = 512 };
size_t talk_tls_hello(const char *host, uint8_t out[TALK_HELLO_MAX]);

#endif
