/* SPDX-License-Identifier: Apache-2.0
 *
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), with comments. libpcap writes pcap alone, and
 * no library of the distributions writes pcapng.
 */
#ifndef PORTSCOPE_OUTPUT_PCAPNG_H
#define PORTSCOPE_OUTPUT_PCAPNG_H

#include "base/cursor.h"
#include "base/text.h"

#include <stdint.h>

/* Begins a file. Comments are printable text; NULL: none. */
void pcapng_add_section(struct text *file, const char *comment);

/* Interfaces are numbered from 0 in the order in which they come. */
void pcapng_add_interface(struct text *file, uint16_t link_type, const char *name,
                          const char *comment);

struct pcapng_packet {
    uint32_t interface;
    int64_t time_ns;
    struct span bytes;
    uint32_t wire_length;
};

void pcapng_add_packet(struct text *file, const struct pcapng_packet *packet, const char *comment);

/* What such a packet takes in the file. */
size_t pcapng_packet_size(size_t captured, const char *comment);

#endif
