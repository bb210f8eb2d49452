/* SPDX-License-Identifier: Apache-2.0
 *
 * What several sinks say of a record in the same words.
 */
#ifndef PORTSCOPE_OUTPUT_RECORD_WORDS_H
#define PORTSCOPE_OUTPUT_RECORD_WORDS_H

#include "base/text.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

enum { TRANSPORT_TEXT_SIZE = 12, UID_TEXT_SIZE = 16 };

/* "TCP", or the protocol's number written into `out`. */
const char *transport_text(uint8_t protocol, char out[TRANSPORT_TEXT_SIZE]);

/* A copy in lower case, cut to fit; returns `out`. */
const char *lower_case(const char *word, char *out, size_t size);

/* The flow's id as Zeek's uid: "C" and base 62; returns `out`. */
const char *uid_text(uint64_t flow_id, char out[UID_TEXT_SIZE]);

/* The detected protocol in lower case, without the application that runs on it ("tls" of
 * "TLS.Google"); "failed" when payload was inspected and gave no name; NULL when none was. */
const char *app_protocol(const struct detection *detection, char out[DETECTION_NAME_SIZE]);

/* Whether the detected name is more than a guess: corroborated, or what the port is for, or, where
 * no rule speaks of the port, what a dissector says. */
bool detection_is_sure(const struct flow_record *record);

/* "92", "91.126": nDPI's numbers, of the protocol and of what runs on it. */
void add_protocol_id(struct text *text, const struct detection *detection);

/* The name of one of nDPI's risks, "risk-60" where we have none. */
void add_risk(struct text *text, unsigned risk_id);

/* Bits a byte, with three decimals. */
void add_entropy(struct text *text, double bits);

/* The first payload bytes of one side, at most FLOW_FIRST_BYTES. */
struct span first_bytes(const struct flow *flow, enum flow_direction direction);

/* "192.0.2.1:395", "[2001:db8::1]:395"; no port when it is 0. */
void add_endpoint(struct text *text, const struct address *address, unsigned port);

/* text_add_printable() of a string. */
void add_printable(struct text *text, const char *string);

#endif
