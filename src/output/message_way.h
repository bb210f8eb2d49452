/* SPDX-License-Identifier: Apache-2.0
 *
 * Where short messages go: lines into a file or to standard output, or datagrams to
 * udp://HOST:PORT.
 */
#ifndef PORTSCOPE_OUTPUT_MESSAGE_WAY_H
#define PORTSCOPE_OUTPUT_MESSAGE_WAY_H

#include "output/line_file.h"
#include "output/sink.h"

enum { MESSAGE_SIZE_MAX = 2048 }; /* of a datagram: what RFC 5424 says receivers should take */

struct message_way;

/* NULL with a sentence. A host's name is looked up now, never later. */
struct message_way *message_way_open(const struct sink_options *options, struct error *error);
bool message_way_is_network(const struct message_way *way);

/* Where the message is written, without a newline; then sent. */
struct text *message_way_text(struct message_way *way);
bool message_way_send(struct message_way *way, struct error *error);

bool message_way_flush(struct message_way *way, struct error *error);
uint64_t message_way_lost(const struct message_way *way);
bool message_way_close(struct message_way *way, struct error *error); /* accepts NULL */

#endif
