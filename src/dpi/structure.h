/* SPDX-License-Identifier: Apache-2.0
 *
 * Structural checks: small functions that say, from the specification alone, whether bytes can be
 * a protocol's message. They nominate what nDPI is asked about, and are evidence when it agrees.
 * None knows a port.
 */
#ifndef PORTSCOPE_DPI_STRUCTURE_H
#define PORTSCOPE_DPI_STRUCTURE_H

#include "dpi/conversation.h"

#include <stdbool.h>
#include <stdint.h>

/* True when the message has the protocol's form as far as it was captured. */
typedef bool structure_fits_fn(const struct message *message);

/* How much of the conversation must fit. A unit is a datagram, or a TCP direction's beginning. */
enum structure_rule {
    FITS_ANY,   /* one unit: its form cannot be met by chance */
    FITS_EVERY, /* all units */
    FITS_TWICE, /* all units, and there are at least two */
};

enum { STRUCTURE_TCP = 1 << 0, STRUCTURE_UDP = 1 << 1, STRUCTURE_IDS_MAX = 18 };

struct structure {
    const char *label;       /* for people: "SSH banner" */
    structure_fits_fn *fits; /* NULL: the magic is all there is */
    const char *magic;       /* what the message begins with */
    uint8_t magic_length;
    bool (*applies)(const struct conversation *conversation); /* may be NULL: always */
    enum structure_rule rule;
    uint8_t transports;
    /* nDPI's numbers of the protocols whose name this form supports, 0-terminated; a name with one
     * of them as master is supported too. */
    uint16_t ids[STRUCTURE_IDS_MAX];
    /* Where nDPI expects the protocol; 0: it recognises it anywhere. */
    uint16_t service_port, client_port;
    /* The form is all of the protocol: a name without it is not believed. */
    bool is_necessary;
    /* So special that it names the protocol by itself, where nDPI 4.2 does not know this form:
     * MySQL 8, LDAP's usual encodings, HTTP/2. */
    bool is_sufficient;
    /* May be NULL: never. What there is of the conversation has the form, but opens the way for
     * something else: the name is not detected yet. */
    bool (*is_open)(const struct conversation *conversation);
    /* Who is asked is not in this request, but may be told soon; NULL: it is in each. */
    bool (*names_late)(const struct conversation *conversation);
};

/* All of them; the earlier of two that both fit is the more special one. */
extern const struct structure structures[];
extern const size_t structure_count;

/* Whether one message has the form. */
bool structure_fits(const struct structure *structure, const struct message *message);

bool structure_covers(const struct structure *structure, uint16_t master_id,
                      uint16_t application_id);

/* Whether the conversation has the form; `witness` is the first unit that has it. */
bool structure_agrees(const struct structure *structure, const struct conversation *conversation,
                      const struct message **witness);

#endif
