/* SPDX-License-Identifier: Apache-2.0 */
#include "talk.h"

#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20, UDP_HEADER = 8 };

static struct talk new_talk(struct dpi *dpi, uint8_t protocol, struct endpoint client,
                            struct endpoint server)
{
    struct talk talk = {
        .dpi = dpi, .next = {1000, 5000}, .now_ns = NS_PER_S, .tcp_words = TCP_HEADER / 4};
    talk.flow.key.protocol = protocol;
    talk.flow.initiator = client;
    talk.flow.responder = server;
    talk.flow.is_watched = true;
    return talk;
}

static struct endpoint endpoint_at(const char *address, uint16_t port)
{
    struct endpoint endpoint = {.port = port};
    if (!address_parse(address, &endpoint.address))
        abort();
    return endpoint;
}

struct talk talk_new(struct dpi *dpi, uint8_t protocol, uint16_t client, uint16_t server)
{
    return new_talk(dpi, protocol, endpoint_at("192.0.2.2", client),
                    endpoint_at("198.51.100.1", server));
}

struct talk talk_new_ipv6(struct dpi *dpi, uint8_t protocol, uint16_t client, uint16_t server)
{
    return new_talk(dpi, protocol, endpoint_at("2001:db8::2", client),
                    endpoint_at("2001:db8:1::1", server));
}

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static size_t put_ip(uint8_t *bytes, const struct packet *packet, size_t ip_payload)
{
    if (packet->source.version == 6) {
        bytes[0] = 0x60;
        put16(bytes + 4, ip_payload);
        bytes[6] = packet->protocol;
        bytes[7] = packet->ttl;
        memcpy(bytes + 8, packet->source.bytes, 16);
        memcpy(bytes + 24, packet->destination.bytes, 16);
        return IPV6_HEADER;
    }
    bytes[0] = 0x45;
    put16(bytes + 2, IPV4_HEADER + ip_payload);
    bytes[8] = packet->ttl;
    bytes[9] = packet->protocol;
    memcpy(bytes + 12, packet->source.bytes, 4);
    memcpy(bytes + 16, packet->destination.bytes, 4);
    return IPV4_HEADER;
}

static size_t put_transport(uint8_t *at, const struct talk *talk, const struct packet *packet,
                            size_t length)
{
    put16(at, packet->source_port);
    put16(at + 2, packet->destination_port);
    if (packet->protocol == TRANSPORT_UDP) {
        put16(at + 4, UDP_HEADER + length + talk->udp_error);
        return UDP_HEADER;
    }
    put16(at + 4, packet->tcp_sequence >> 16);
    put16(at + 6, packet->tcp_sequence & 0xffff);
    put16(at + 8, packet->tcp_acknowledgement >> 16);
    put16(at + 10, packet->tcp_acknowledgement & 0xffff);
    at[12] = (uint8_t)(talk->tcp_words << 4);
    at[13] = packet->tcp_flags;
    put16(at + 14, packet->tcp_window);
    return TCP_HEADER;
}

static struct packet packet_from(const struct talk *talk, enum flow_direction direction,
                                 uint8_t flags)
{
    bool forward = direction == TO_RESPONDER;
    const struct endpoint *source = forward ? &talk->flow.initiator : &talk->flow.responder;
    const struct endpoint *destination = forward ? &talk->flow.responder : &talk->flow.initiator;
    return (struct packet){
        .time_ns = talk->now_ns,
        .source = source->address,
        .destination = destination->address,
        .source_port = source->port,
        .destination_port = destination->port,
        .protocol = talk->flow.key.protocol,
        .ttl = 64,
        .tcp_flags = flags,
        .tcp_sequence = talk->next[direction],
        .tcp_acknowledgement = talk->next[!direction],
        .tcp_window = 8192,
        .marks = talk->marks,
        .has_ports = true,
    };
}

/* What the flow table would have counted before the packet is inspected. */
static void count(struct talk *talk, enum flow_direction direction, struct span payload,
                  size_t wire_length)
{
    struct flow_side *side = &talk->flow.sides[direction];
    struct flow_sample *sample = &talk->sample;
    size_t room = FLOW_SAMPLE_SIZE - sample->length[direction];
    size_t length = payload.length < room ? payload.length : room;
    side->packets++;
    side->payload_bytes += wire_length;
    if (length == 0)
        return;
    if (sample->length[direction] == 0)
        sample->first_packet[direction] = (uint32_t)flow_packets(&talk->flow);
    memcpy(sample->bytes[direction] + sample->length[direction], payload.at, length);
    sample->length[direction] = (uint16_t)(sample->length[direction] + length);
}

static void deliver(struct talk *talk, enum flow_direction direction, uint8_t flags,
                    struct span payload)
{
    /* On the heap at its exact size, so that an over-read shows. */
    size_t most = TALK_HEADERS_MAX + payload.length;
    uint8_t *bytes = calloc(1, most);
    struct packet packet = packet_from(talk, direction, flags);
    size_t transport = packet.protocol == TRANSPORT_TCP ? (size_t)TCP_HEADER : (size_t)UDP_HEADER;
    size_t at = put_ip(bytes, &packet, transport + payload.length);
    packet.transport_offset = (uint32_t)at;
    at += put_transport(bytes + at, talk, &packet, payload.length);
    if (payload.length > 0)
        memcpy(bytes + at, payload.at, payload.length);
    size_t length = at + payload.length;
    size_t kept = talk->snaplen > 0 && talk->snaplen < length ? talk->snaplen : length;

    uint8_t *exact = malloc(kept);
    memcpy(exact, bytes, kept);
    free(bytes);
    packet.ip_length = (uint32_t)length;
    packet.wire_length = (uint32_t)length;
    packet.network = (struct span){exact, kept};
    packet.payload = (struct span){exact + (at < kept ? at : kept), at < kept ? kept - at : 0};
    packet.payload_length = (uint32_t)payload.length;
    talk->flow.sample = &talk->sample;
    count(talk, direction, packet.payload, payload.length);
    dpi_inspect(talk->dpi, &talk->flow, &packet, direction);
    free(exact);
    talk->next[direction] += (uint32_t)payload.length;
    talk->now_ns += NS_PER_MS;
}

void talk_flags(struct talk *talk, enum flow_direction direction, uint8_t flags)
{
    deliver(talk, direction, flags, (struct span){0});
    if (flags & (TCP_SYN | TCP_FIN))
        talk->next[direction]++;
}

void talk_handshake(struct talk *talk)
{
    talk_flags(talk, TO_RESPONDER, TCP_SYN);
    talk_flags(talk, TO_INITIATOR, TCP_SYN | TCP_ACK);
    talk_flags(talk, TO_RESPONDER, TCP_ACK);
}

void talk_say(struct talk *talk, enum flow_direction direction, const void *bytes, size_t length)
{
    deliver(talk, direction, TCP_PSH | TCP_ACK, (struct span){bytes, length});
}

void talk_say_words(struct talk *talk, enum flow_direction direction, const char *words)
{
    talk_say(talk, direction, words, strlen(words));
}

void talk_finish(struct talk *talk, struct detection *out)
{
    talk->flow.sample = &talk->sample;
    dpi_finish(talk->dpi, &talk->flow, out);
}

/* RFC 8446 §4.1.2 and RFC 6066 §3: record, handshake, one cipher suite, one server name. */
size_t talk_tls_hello(const char *host, uint8_t out[TALK_HELLO_MAX])
{
    size_t name = strlen(host);
    size_t extensions = 9 + name;
    size_t body = 2 + 32 + 1 + 2 + 4 + 2 + 2 + extensions;
    memset(out, 0, TALK_HELLO_MAX);
    memcpy(out, "\x16\x03\x01", 3);
    put16(out + 3, 4 + body);
    out[5] = 1;
    put16(out + 7, body);
    uint8_t *at = out + 9;
    put16(at, 0x0303);
    for (size_t i = 0; i < 32; i++)
        at[2 + i] = (uint8_t)(i * 37 + 11);
    at += 2 + 32 + 1;
    memcpy(at, "\x00\x04\x13\x01\xc0\x2f\x01\x00", 8);
    at += 8;
    put16(at, extensions);
    put16(at + 4, 5 + name);
    put16(at + 6, 3 + name);
    put16(at + 9, name);
    memcpy(at + 11, host, name);
    return 9 + body;
}
