/* SPDX-License-Identifier: Apache-2.0
 *
 * Records of a classic pcap file as they lie in the source's block, for a reader who wants few of
 * them: passing over a record costs a few loads, and no frame is made of it. Inline, because the
 * time that watching a port costs is spent here.
 *
 *      0       4       8      12      16
 *     |seconds|  frac |captured| wire | bytes ...
 */
#ifndef PORTSCOPE_CAPTURE_RECORD_RUN_H
#define PORTSCOPE_CAPTURE_RECORD_RUN_H

#include "base/timestamp.h"
#include "model/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { RECORD_RUN_HEADER = 16 };

/* Byte order is this machine's. The reader moves `at` behind what it has taken. */
struct record_run {
    const uint8_t *at;
    const uint8_t *last; /* where the last header can begin: RECORD_RUN_HEADER before the end */
    uint64_t taken;      /* records */
    uint32_t ns_per_fraction;
    uint32_t captured_max; /* a record that claims more is damage */
    uint16_t link_type;
};

struct record {
    const uint8_t *bytes;
    uint32_t captured;
    uint64_t stamp; /* seconds above, fraction below: orders as time does */
};

/* The next record, if it is whole and possible; does not move. */
static inline bool record_run_peek(const struct record_run *run, struct record *record)
{
    ptrdiff_t room = run->last - run->at; /* for bytes behind the header */
    if (room < 0)
        return false;
    memcpy(&record->captured, run->at + 8, sizeof record->captured);
    if (record->captured > (size_t)room || record->captured > run->captured_max)
        return false;
    uint64_t stamp;
    memcpy(&stamp, run->at, sizeof stamp);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    stamp = stamp << 32 | stamp >> 32;
#endif
    record->stamp = stamp;
    record->bytes = run->at + RECORD_RUN_HEADER;
    return true;
}

static inline void record_run_pass(struct record_run *run, const struct record *record)
{
    run->at = record->bytes + record->captured;
    run->taken++;
}

static inline int64_t record_run_time(const struct record_run *run, uint64_t stamp)
{
    return (int64_t)(stamp >> 32) * NS_PER_S + (int64_t)(stamp & UINT32_MAX) * run->ns_per_fraction;
}

/* The record as a frame; before record_run_pass(). */
static inline struct frame record_run_frame(const struct record_run *run,
                                            const struct record *record)
{
    uint32_t wire;
    memcpy(&wire, run->at + 12, sizeof wire);
    return (struct frame){.bytes = {record->bytes, record->captured},
                          .time_ns = record_run_time(run, record->stamp),
                          .wire_length = wire > record->captured ? wire : record->captured,
                          .link_type = run->link_type};
}

#endif
