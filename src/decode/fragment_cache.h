/* SPDX-License-Identifier: Apache-2.0
 *
 * Remembers, for a while, which ports the fragments of a datagram belong to, and which bytes of it
 * were seen. Nothing is reassembled: no payload is kept, memory is fixed.
 */
#ifndef PORTSCOPE_DECODE_FRAGMENT_CACHE_H
#define PORTSCOPE_DECODE_FRAGMENT_CACHE_H

#include "base/siphash.h"
#include "model/packet.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAGMENT_RANGES_MAX = 16 };

/* The bytes of a datagram from `start` up to, not including, `end`. */
struct fragment_range {
    uint32_t start, end;
};

/* One fragment as it came. */
struct fragment_piece {
    struct fragment_range range;
    bool is_last;
    struct span bytes; /* as far as captured */
    int64_t time_ns;
};

/* What tells one datagram from another; hashed and compared as bytes. */
struct fragment_key {
    struct address source, destination;
    uint8_t protocol; /* 0 for IPv6, where later fragments may name another header (RFC 8200) */
    uint8_t vlan_count;
    uint32_t id;
    struct tunnel tunnel;
    uint16_t vlans[PACKET_VLANS_MAX];
};
_Static_assert(sizeof(struct fragment_key) == 60, "a key has no hidden padding");

/* A datagram of which at least one fragment was seen. */
struct fragment {
    struct fragment_key key;
    int64_t since_ns; /* time of the fragment seen first */
    uint32_t newer, older, next_in_bucket;
    uint32_t bucket;

    struct fragment_range ranges[FRAGMENT_RANGES_MAX]; /* seen so far, sorted, not touching */
    uint32_t range_count;
    uint32_t total; /* length of the datagram, 0 until its last fragment was seen */
    struct fragment_range last;
    uint64_t last_hash; /* of the bytes of `last`, to know a frame captured twice */

    uint8_t protocol; /* of the transport */
    bool has_first;   /* first fragment seen: `protocol` and the ports are valid */
    bool has_ports;
    uint16_t source_port, destination_port;
};

struct fragment_cache;

/* Holds `capacity` datagrams for 30 s of packet time. The caller frees it; `totals` is borrowed. */
struct fragment_cache *fragment_cache_new(size_t capacity, const struct siphash_key *key,
                                          struct totals *totals);
void fragment_cache_free(struct fragment_cache *cache); /* accepts NULL */

/* The datagram of this key, new when it is not known or was too long ago. When the cache is full
 * the one that rested longest makes room. Valid until the next call. */
struct fragment *fragment_cache_find_or_add(struct fragment_cache *cache,
                                            const struct fragment_key *key, int64_t now_ns);

/* Records a piece; true when it overlaps bytes that an earlier one brought. The same piece twice in
 * a row with the same bytes (a mirrored port) does not. */
bool fragment_add_piece(struct fragment_cache *cache, struct fragment *fragment,
                        const struct fragment_piece *piece);

#endif
