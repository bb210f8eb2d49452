/* SPDX-License-Identifier: Apache-2.0
 *
 * A flow: both directions of one conversation. The side that opened it is the initiator, the other
 * the responder; "to server" is from the initiator, whatever the ports say.
 */
#ifndef PORTSCOPE_MODEL_FLOW_H
#define PORTSCOPE_MODEL_FLOW_H

#include "base/address.h"
#include "base/siphash.h"
#include "model/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLOW_HISTORY_SIZE = 32,
    FLOW_SAMPLE_SIZE = 512,
    FLOW_MESSAGES_MAX = 8,
    FLOW_FIRST_BYTES = 16,
    FLOW_COMMUNITY_ID_SIZE = 40,
    FLOW_BEATS = 16,
};

struct endpoint {
    struct address address;
    uint8_t zero; /* explicit padding: keys are hashed and compared as bytes */
    uint16_t port;
};

/* What tells one flow from another. The endpoints stand in address order (then port), so both
 * directions have the same key; always made by flow_key_of(). */
struct flow_key {
    struct endpoint low, high;
    uint8_t protocol;
    uint8_t vlan_count;
    uint16_t vlans[PACKET_VLANS_MAX];
    uint16_t zero;
    struct tunnel tunnel;
};
_Static_assert(sizeof(struct flow_key) == 64, "a key has no hidden padding");

/* How the initiator was found, strongest first. It is decided once and kept. */
enum orientation {
    ORIENTED_BY_SYN,
    ORIENTED_BY_WATCHED_PORT, /* midstream: the watched port's side responds */
    ORIENTED_BY_FIRST_PACKET,
};

enum flow_direction { TO_RESPONDER, TO_INITIATOR, FLOW_DIRECTIONS };

/* Zeek's conn_state words (conn.log). */
enum connection_state {
    CONN_S0,
    CONN_S1,
    CONN_SF,
    CONN_REJ,
    CONN_S2,
    CONN_S3,
    CONN_RSTO,
    CONN_RSTR,
    CONN_RSTOS0,
    CONN_RSTRH,
    CONN_SH,
    CONN_SHR,
    CONN_OTH,
    CONN_STATES
};

enum flow_end {
    FLOW_OPEN, /* not ended yet */
    FLOW_CLOSED,
    FLOW_RESET,
    FLOW_IDLE,
    FLOW_ACTIVE_TIMEOUT,
    FLOW_REUSED, /* a new SYN on the same five-tuple */
    FLOW_EVICTED,
    FLOW_END_OF_INPUT,
    FLOW_ENDS
};

/* What limited a record; printed as words in `marks[]`. */
enum flow_mark {
    FLOW_MARK_MIDSTREAM = 1 << 0, /* TCP whose beginning was not seen */
    FLOW_MARK_TRUNCATED = 1 << 1, /* packets cut by the snaplen */
    FLOW_MARK_FRAGMENTS = 1 << 2,
    FLOW_MARK_FRAGMENT_OVERLAP = 1 << 3,
    FLOW_MARK_TINY_FRAGMENT = 1 << 4,
    FLOW_MARK_BAD_LENGTH = 1 << 5,
    FLOW_MARK_BAD_TCP_HEADER = 1 << 6,
    FLOW_MARK_EVICTED = 1 << 7,    /* ended early because the table was full */
    FLOW_MARK_DPI_BUDGET = 1 << 8, /* DPI stopped at its packet or byte budget */
    FLOW_MARK_DPI_CUT = 1 << 9,    /* DPI saw packets clipped or cut */
    FLOW_MARK_DPI_OFF = 1 << 10,   /* no DPI: memory ceiling or --no-dpi */
    FLOW_MARK_NO_SAMPLE = 1 << 11, /* no room to keep the first payload bytes */
    FLOW_MARK_TIME_BACKWARDS = 1 << 12,
    FLOW_MARK_CONTINUED = 1 << 13, /* goes on from a record ended by the active time-out */
    FLOW_MARK_TCP_GAP = 1 << 14,   /* payload missing between segments */
    FLOW_MARK_FRAGMENT_ORPHAN = 1 << 15,
};

/* What one direction sent. */
struct flow_side {
    uint64_t packets;
    uint64_t ip_bytes;      /* IP total lengths */
    uint64_t wire_bytes;    /* whole frames */
    uint64_t payload_bytes; /* as the headers say, retransmissions included */
    uint64_t payload_packets;
    uint64_t missed_bytes; /* TCP: acknowledged by the other side, and never seen */
    int64_t first_ns, last_ns;
    /* Both valid when has_tcp_next: behind the highest byte seen (SYN and FIN count as one), and
     * the number of the SYN, or the one that it would have had before the first byte seen. */
    uint32_t tcp_next, tcp_first;
    bool has_tcp_next;
    uint8_t tcp_flags; /* all flags seen, or-ed */
    uint8_t ttl_min, ttl_max;
};

/* The first payload bytes of both directions, TCP in sequence order, and the first message sizes.
 * From a bounded pool; a flow may have none (FLOW_MARK_NO_SAMPLE). */
struct flow_sample {
    uint8_t bytes[FLOW_DIRECTIONS][FLOW_SAMPLE_SIZE];
    uint16_t length[FLOW_DIRECTIONS];
    uint16_t message_size[FLOW_MESSAGES_MAX]; /* first payload sizes in order of appearance */
    uint8_t message_from[FLOW_MESSAGES_MAX];  /* enum flow_direction */
    uint8_t message_count;
    /* number (from 1) of the packet that brought the first byte each way, 0: none yet; counted
     * over all records of a flow that an active time-out divided */
    uint32_t first_packet[FLOW_DIRECTIONS];
};

struct trail;    /* see model/trail.h */
struct dpi_flow; /* owned by dpi/, opaque elsewhere */

struct flow {
    struct flow_key key;
    struct endpoint initiator, responder;
    enum orientation orientation;
    /* The same for the same frames on every run, whatever the lanes; below 2^53, so that readers
     * that keep JSON numbers as doubles have it exactly. */
    uint64_t id;

    int64_t first_ns, last_ns; /* smallest and largest packet time */
    struct flow_side sides[FLOW_DIRECTIONS];

    enum connection_state state; /* set when the flow ends */
    enum flow_end end;
    char history[FLOW_HISTORY_SIZE]; /* as Zeek writes it, terminated */
    uint32_t marks;                  /* enum flow_mark */
    /* UDP has no connections: when the initiator spoke again after a second or more, in
     * milliseconds behind its first packet; a ring of the latest. */
    uint32_t beats_ms[FLOW_BEATS];
    uint32_t beat_count;
    bool is_watched;     /* a watched port is on one of its sides */
    uint8_t shown_early; /* live: what of it was shown before its end */

    struct flow_sample *sample; /* may be NULL */
    struct trail *trail;        /* its frames, kept for the evidence; NULL: none */
    struct dpi_flow *dpi;       /* may be NULL: not begun, or freed at the verdict */
};

/* The key of a packet's flow; the same for both directions. */
struct flow_key flow_key_of(const struct packet *packet);

bool flow_key_equal(const struct flow_key *a, const struct flow_key *b);

/* Of all of the key; nobody without `key` can choose flows that share it. */
uint64_t flow_key_hash(const struct flow_key *flow, const struct siphash_key *key);

/* Where a packet belongs: found once, for whoever chooses a lane and for its table. */
struct flow_place {
    struct flow_key key;
    uint64_t hash;
};

struct flow_place flow_place_of(const struct packet *packet, const struct siphash_key *key);

/* Which way `packet` travels in `flow`. */
enum flow_direction flow_direction_of(const struct flow *flow, const struct packet *packet);

/* Whether the responder took part: a SYN-ACK, or data. */
bool flow_is_answered(const struct flow *flow);

uint64_t flow_packets(const struct flow *flow);
uint64_t flow_payload_bytes(const struct flow *flow);
/* From the first to the last packet; 0 when time ran backwards, never more than an int64_t holds.
 */
int64_t flow_duration_ns(const struct flow *flow);

/* Words of the output contract: "SF", "idle", "midstream", "tcp". */
const char *connection_state_name(enum connection_state state);
const char *flow_end_name(enum flow_end end);
/* The name of one mark (a single bit), NULL for a bit without one. */
const char *flow_mark_name(uint32_t mark);
/* "TCP", "UDP", ...; NULL for a protocol without a name here. */
const char *transport_name(uint8_t protocol);
/* Whether the protocol has ports at all (TCP, UDP, SCTP, DCCP). */
bool transport_has_ports(uint8_t protocol);

/* community-id v1 with start value 0, "1:...". Returns `out`. */
const char *flow_community_id(const struct flow *flow, char out[FLOW_COMMUNITY_ID_SIZE]);

#endif
