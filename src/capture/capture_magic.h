/* SPDX-License-Identifier: Apache-2.0
 *
 * What a file is, told by its first bytes and never by its name.
 */
#ifndef PORTSCOPE_CAPTURE_CAPTURE_MAGIC_H
#define PORTSCOPE_CAPTURE_CAPTURE_MAGIC_H

#include "base/cursor.h"
#include "capture/codec.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAGIC_BYTES = 4 };

/* A variant of classic pcap. */
struct pcap_variant {
    uint32_t magic; /* its first four bytes, read in network order */
    bool is_big_endian;
    uint32_t ns_per_fraction;    /* 1000: microseconds, 1: nanoseconds */
    uint32_t record_header_size; /* 16, or 24 in Kuznetsov's modified pcap */
};

/* NULL when the bytes do not begin a classic pcap file. */
const struct pcap_variant *pcap_variant_of(struct span start);

bool is_pcapng(struct span start);

bool is_capture(struct span start);

/* How the bytes are compressed; NULL when they are not (in a way that we unpack). */
const struct codec *codec_of(struct span start);

/* What else a user may have taken for a capture: name and remedy. */
struct other_format {
    const char *magic; /* MAGIC_BYTES of it, or fewer */
    size_t magic_length;
    const char *name, *remedy;
};

/* NULL when the bytes are of nothing known. */
const struct other_format *other_format_of(struct span start);

#endif
