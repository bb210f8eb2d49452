/* SPDX-License-Identifier: Apache-2.0
 *
 * Every packet is accounted for: read = decoded + filtered + unsupported + malformed + not IP. The
 * terms are counted where they happen; whether they balance is computed, never assumed.
 */
#ifndef PORTSCOPE_MODEL_TOTALS_H
#define PORTSCOPE_MODEL_TOTALS_H

#include "model/flow.h"
#include "model/packet.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOTALS_LINK_TYPES_MAX = 32 };

/* Bounds from birth: each cap's value, and how often it was hit. */
enum limit {
    LIMIT_MAX_FLOWS,       /* flow table full: the oldest idle flow was evicted */
    LIMIT_SAMPLES,         /* no room to keep first payload bytes */
    LIMIT_FRAGMENTS,       /* fragment cache full: the oldest entry was dropped */
    LIMIT_LAYERS,          /* more VLANs, labels, tunnels or extension headers than are read */
    LIMIT_DPI_PACKETS,     /* flows that reached the DPI packet budget */
    LIMIT_DPI_BYTES,       /* flows that reached the DPI byte budget */
    LIMIT_DPI_MEMORY,      /* flows not inspected because of the DPI memory ceiling */
    LIMIT_LINK_TYPES,      /* more distinct link types than are counted by name */
    LIMIT_INFLATE,         /* compressed inputs stopped at --max-inflate */
    LIMIT_HASH_CHAIN,      /* hash chains that reached their cap */
    LIMIT_DETECTOR_STATE,  /* detectors' tables: the entry touched longest ago was forgotten */
    LIMIT_FINDINGS,        /* findings of one detector: further ones are counted together */
    LIMIT_EVIDENCE_FRAMES, /* the pool of frames kept for the evidence: the oldest made room */
    LIMIT_EVIDENCE_BYTES,  /* evidence files in all: a finding went without its packets */
    LIMITS
};

/* Its key in outputs, and in words what hitting it means for the answer. */
const char *limit_name(enum limit limit);
const char *limit_effect(enum limit limit);

struct capture_totals {
    uint64_t packets_read;
    uint64_t bytes_read; /* captured bytes of frames */
    uint64_t filtered;   /* not on a watched port, or refused by --filter */
    uint64_t decoded;    /* became a packet that went to a flow */
    uint64_t malformed, not_ip, unsupported_link;

    /* Live only: kernel_received = packets_read + kernel_dropped + unread. */
    bool is_live;
    uint64_t kernel_received, kernel_dropped, unread;
    int64_t interface_dropped; /* -1: not known */
    int64_t now_ns;            /* when these totals were taken */

    uint32_t inputs, inputs_damaged;
    int64_t first_ns, last_ns; /* smallest and largest packet time */
};

struct totals {
    struct capture_totals capture;
    struct {
        uint16_t link_type;
        const char *name; /* "IEEE802_11"; filled by app/ for the outputs, else NULL */
        uint64_t packets;
    } unsupported[TOTALS_LINK_TYPES_MAX]; /* sorted by link type */
    uint32_t unsupported_count;

    /* Payload of TCP, seen and missed: acknowledged by the receiver, but not in the capture. An
     * estimate of what was lost on the way here, by the kernel's and the interface's drops too. */
    struct {
        uint64_t payload_bytes, missed_bytes, gaps;
    } tcp;

    uint64_t flows_created, flows_recorded;
    uint64_t flows_ended[FLOW_ENDS];
    uint64_t verdicts[VERDICTS];
    uint64_t decode_marks[32]; /* how many packets carried each enum packet_mark bit */

    uint64_t dpi_flows, dpi_packets, dpi_bytes, dpi_refused;
    uint64_t redissections, redissection_hits; /* attempts with another port; agreed answers */
    uint64_t redissection_packets;             /* shown to nDPI once more for all of that */
    uint64_t redissection_bounds; /* flows that could have been more things than tried */

    uint64_t limits_hit[LIMITS];
    uint64_t limit_values[LIMITS];
};

/* Whether the terms of capture add up, exactly; of a live one those of the kernel, too. */
bool totals_balance(const struct totals *totals);

/* The missed part of TCP's payload, 0 to 1. */
double totals_missed_part(const struct totals *totals);

/* Adds `more` (another lane's, another file's) to `totals`. Limit values are taken over. */
void totals_merge(struct totals *totals, const struct totals *more);

/* Counts a frame of a link type that is not decoded. */
void totals_count_link(struct totals *totals, uint16_t link_type, uint64_t packets);

#endif
