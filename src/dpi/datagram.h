/* SPDX-License-Identifier: Apache-2.0
 *
 * What nDPI gets to see of a packet. Nothing of the captured headers is copied: a plain IPv4 or
 * IPv6 header and a plain TCP or UDP header are written anew from the decoded fields, so lengths
 * are true, the data offset is 5, and there are no options or extension headers to walk.
 */
#ifndef PORTSCOPE_DPI_DATAGRAM_H
#define PORTSCOPE_DPI_DATAGRAM_H

#include "base/cursor.h"
#include "model/flow.h"
#include "model/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    DATAGRAM_MAX = 4096, /* above two segments merged by an interface; longer ones are clipped,
                            because buffers of nDPI grow with the packet */
    DATAGRAM_PAD = 512,  /* zero bytes behind it: dissectors of 4.2 scan past the end */
};

/* Everything that is written into the headers, and the payload (borrowed). */
struct datagram_fields {
    int64_t time_ns;
    struct endpoint source, destination;
    enum flow_direction direction;
    uint8_t protocol; /* of the transport; for other than TCP and UDP the payload is all of it */
    uint8_t ttl;
    uint8_t tcp_flags;
    uint32_t tcp_sequence, tcp_acknowledgement;
    uint16_t tcp_window;
    struct span payload;
    size_t wire_length; /* of the payload; more than there is when it was cut */
    bool is_gap_filled; /* what is missing of it is written as zeros */
};

struct datagram {
    uint8_t bytes[DATAGRAM_MAX + DATAGRAM_PAD];
    uint16_t length; /* of the IP packet */
    uint16_t payload_offset;
    bool is_cut; /* shorter than the packet was */
    int64_t time_ms;
    enum flow_direction direction;
};

/* Reads the fields of a packet; false when it must not be shown: a TCP header that lies, a UDP
 * length that cannot be, a later fragment. */
bool datagram_fields_of(const struct packet *packet, enum flow_direction direction,
                        struct datagram_fields *out);

/* Writes the packet and the padding behind it. */
void datagram_write(const struct datagram_fields *fields, struct datagram *out);

#endif
