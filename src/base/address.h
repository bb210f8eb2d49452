/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTSCOPE_BASE_ADDRESS_H
#define PORTSCOPE_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_TEXT_SIZE = 46 }; /* INET6_ADDRSTRLEN */

/* An IPv4 or IPv6 address in network order. IPv4 fills the first four bytes, the rest is zero, so
 * two addresses are equal exactly when their bytes are. */
struct address {
    uint8_t bytes[16];
    uint8_t version; /* 4 or 6; 0 is "no address" */
};

/* `bytes` must hold 4 or 16 octets for version 4 or 6. */
struct address address_from_bytes(const uint8_t *bytes, uint8_t version);

/* Reads "192.0.2.1" or "2001:db8::1"; false when the word is neither. */
bool address_parse(const char *word, struct address *out);

/* Writes the usual text (RFC 5952 for IPv6) and returns `out`. */
const char *address_text(const struct address *address, char out[ADDRESS_TEXT_SIZE]);

/* Orders by version, then bytes in network order: <0, 0, >0 like memcmp. */
int address_compare(const struct address *a, const struct address *b);

/* An address and how many of its leading bits count. */
struct network {
    struct address address;
    uint8_t prefix_length;
};

/* Reads "10.0.0.0/8", "fd00::/8" or a plain address (a network of one); false otherwise. */
bool network_parse(const char *word, struct network *out);

bool network_contains(const struct network *network, const struct address *address);

#endif
