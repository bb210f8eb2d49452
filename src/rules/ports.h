/* SPDX-License-Identifier: Apache-2.0
 *
 * "154", "154/tcp", "8154,9000/udp".
 */
#ifndef PORTSCOPE_RULES_PORTS_H
#define PORTSCOPE_RULES_PORTS_H

#include "base/error.h"
#include "model/rulebook.h"

/* The number of a port; false with a sentence when the word is none. */
bool port_parse(const char *word, uint16_t *port, struct error *error);

/* "tcp" as enum service_transport; 0 when the word is none of the four. */
uint8_t transport_parse(const char *word);

/* "tcp/udp" in the order of the bits, into `out`; returns `out`. */
enum { TRANSPORTS_TEXT_SIZE = 24 };
const char *transports_text(uint8_t transports, char out[TRANSPORTS_TEXT_SIZE]);

/* PORT[/PROTO]; without PROTO `transports` is all four. */
bool port_word_parse(const char *word, uint16_t *port, uint8_t *transports, struct error *error);

/* Adds PORT[/PROTO],... to the set; an error names the entry. */
bool watch_parse(const char *words, struct port_set *watched, struct error *error);

#endif
