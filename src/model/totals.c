/* SPDX-License-Identifier: Apache-2.0 */
#include "model/totals.h"

#include <string.h>

static const struct {
    const char *name, *effect;
} limits[LIMITS] = {
    [LIMIT_MAX_FLOWS] = {"max_flows", "the flow idle the longest ended early"},
    [LIMIT_SAMPLES] = {"samples", "first payload bytes were not kept"},
    [LIMIT_FRAGMENTS] = {"fragments", "later fragments may lack their ports"},
    [LIMIT_LAYERS] = {"layers", "what lies deeper was not read"},
    [LIMIT_DPI_PACKETS] = {"dpi_packets", "later packets of the flow were not inspected"},
    [LIMIT_DPI_BYTES] = {"dpi_bytes", "later payload of the flow was not inspected"},
    [LIMIT_DPI_MEMORY] = {"dpi_memory", "the flow was not inspected"},
    [LIMIT_LINK_TYPES] = {"link_types", "the link type is not listed"},
    [LIMIT_INFLATE] = {"inflate", "the rest of the compressed capture was not read"},
    [LIMIT_HASH_CHAIN] = {"hash_chain", "many flows share one hash"},
    [LIMIT_DETECTOR_STATE] = {"detector_state", "what was touched longest ago was forgotten"},
    [LIMIT_EVIDENCE_FRAMES] = {"evidence_frames", "evidence files may lack packets"},
    [LIMIT_EVIDENCE_BYTES] = {"evidence_bytes", "findings went without their packets, or some"},
    [LIMIT_FINDINGS] = {"findings", "further findings were counted together"},
};

const char *limit_name(enum limit limit)
{
    return limits[limit].name;
}

const char *limit_effect(enum limit limit)
{
    return limits[limit].effect;
}

bool totals_balance(const struct totals *totals)
{
    const struct capture_totals *capture = &totals->capture;
    if (capture->is_live && capture->kernel_received !=
                                capture->packets_read + capture->kernel_dropped + capture->unread)
        return false;
    return capture->packets_read == capture->decoded + capture->filtered +
                                        capture->unsupported_link + capture->malformed +
                                        capture->not_ip;
}

double totals_missed_part(const struct totals *totals)
{
    double missed = (double)totals->tcp.missed_bytes;
    return missed > 0 ? missed / ((double)totals->tcp.payload_bytes + missed) : 0;
}

void totals_count_link(struct totals *totals, uint16_t link_type, uint64_t packets)
{
    uint32_t at = 0;
    while (at < totals->unsupported_count && totals->unsupported[at].link_type < link_type)
        at++;
    bool is_known =
        at < totals->unsupported_count && totals->unsupported[at].link_type == link_type;
    if (is_known) {
        totals->unsupported[at].packets += packets;
        return;
    }
    if (totals->unsupported_count == TOTALS_LINK_TYPES_MAX) {
        totals->limits_hit[LIMIT_LINK_TYPES]++;
        return;
    }
    memmove(&totals->unsupported[at + 1], &totals->unsupported[at],
            (totals->unsupported_count - at) * sizeof totals->unsupported[0]);
    totals->unsupported[at].link_type = link_type;
    totals->unsupported[at].packets = packets;
    totals->unsupported_count++;
}

static void add_each(uint64_t *sums, const uint64_t *more, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sums[i] += more[i];
}

static void merge_times(struct capture_totals *capture, const struct capture_totals *more)
{
    if (more->packets_read == 0)
        return;
    bool is_first = capture->packets_read == 0;
    if (is_first || more->first_ns < capture->first_ns)
        capture->first_ns = more->first_ns;
    if (is_first || more->last_ns > capture->last_ns)
        capture->last_ns = more->last_ns;
}

static void merge_capture(struct capture_totals *capture, const struct capture_totals *more)
{
    merge_times(capture, more);
    capture->packets_read += more->packets_read;
    capture->bytes_read += more->bytes_read;
    capture->filtered += more->filtered;
    capture->decoded += more->decoded;
    capture->malformed += more->malformed;
    capture->not_ip += more->not_ip;
    capture->unsupported_link += more->unsupported_link;
    capture->is_live |= more->is_live;
    capture->kernel_received += more->kernel_received;
    capture->kernel_dropped += more->kernel_dropped;
    capture->unread += more->unread;
    if (more->interface_dropped < 0)
        capture->interface_dropped = -1;
    else if (capture->interface_dropped >= 0)
        capture->interface_dropped += more->interface_dropped;
    capture->inputs += more->inputs;
    capture->inputs_damaged += more->inputs_damaged;
}

void totals_merge(struct totals *totals, const struct totals *more)
{
    merge_capture(&totals->capture, &more->capture);
    for (uint32_t i = 0; i < more->unsupported_count; i++)
        totals_count_link(totals, more->unsupported[i].link_type, more->unsupported[i].packets);
    totals->tcp.payload_bytes += more->tcp.payload_bytes;
    totals->tcp.missed_bytes += more->tcp.missed_bytes;
    totals->tcp.gaps += more->tcp.gaps;
    totals->flows_created += more->flows_created;
    totals->flows_recorded += more->flows_recorded;
    add_each(totals->flows_ended, more->flows_ended, FLOW_ENDS);
    add_each(totals->verdicts, more->verdicts, VERDICTS);
    add_each(totals->decode_marks, more->decode_marks, 32);
    totals->dpi_flows += more->dpi_flows;
    totals->dpi_packets += more->dpi_packets;
    totals->dpi_bytes += more->dpi_bytes;
    totals->dpi_refused += more->dpi_refused;
    totals->redissections += more->redissections;
    totals->redissection_hits += more->redissection_hits;
    totals->redissection_packets += more->redissection_packets;
    totals->redissection_bounds += more->redissection_bounds;
    add_each(totals->limits_hit, more->limits_hit, LIMITS);
    for (size_t i = 0; i < LIMITS; i++) {
        if (more->limit_values[i] > totals->limit_values[i])
            totals->limit_values[i] = more->limit_values[i];
    }
}
