/* SPDX-License-Identifier: Apache-2.0 */
#include "sight_lane.h"

#include "base/memory.h"
#include "classify/classify.h"
#include "flow/flow_table.h"
#include "sight_flows.h"

#include <stdlib.h>
#include <time.h>

enum { ETHERNET_HEADER = 14 };

struct sight_lane {
    const struct rulebook *rulebook;
    bool is_watching;
    struct totals totals;
    struct dpi *dpi;
    struct flow_table *table;
    struct sight_result result;
};

static double cpu_us_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* When ports are reused within a flow, its first part is what is judged. */
static void judge(void *context, struct flow *flow, int64_t due_ns)
{
    (void)due_ns;
    struct sight_lane *lane = context;
    struct sight_result result = {.cpu_us = lane->result.cpu_us};
    struct classification classification;
    double before = cpu_us_now();
    dpi_finish(lane->dpi, flow, &result.detection);
    result.cpu_us += cpu_us_now() - before;
    classify_flow(lane->rulebook, flow, &result.detection, &classification);
    result.verdict = classification.verdict;
    result.is_detected = detection_is_named(&result.detection) &&
                         result.detection.evidence != EVIDENCE_NONE &&
                         !rulebook_unmet_evidence(lane->rulebook, &result.detection);
    if (!detection_is_named(&lane->result.detection))
        lane->result = result;
}

struct sight_lane *sight_lane_open(const struct rulebook *rulebook, bool is_watching,
                                   struct error *error)
{
    struct sight_lane *lane = memory_new(1, sizeof *lane);
    struct dpi_options dpi_options = {0};
    struct flow_table_options table_options = {
        .max_flows = 64,
        .timeouts = flow_timeouts_default(),
        .key = {{5, 6}},
        .watched = is_watching ? &rulebook->watched : NULL,
    };
    lane->rulebook = rulebook;
    lane->is_watching = is_watching;
    lane->dpi = dpi_open(&dpi_options, &lane->totals, error);
    lane->table = flow_table_new(&table_options, &lane->totals, judge, lane);
    if (lane->dpi)
        return lane;
    sight_lane_close(lane);
    return NULL;
}

void sight_lane_close(struct sight_lane *lane)
{
    if (!lane)
        return;
    flow_table_free(lane->table);
    dpi_close(lane->dpi);
    free(lane);
}

static bool is_service(const struct sight_flow *flow, const struct address *address, uint16_t port)
{
    return port == flow->service.port && address_compare(address, &flow->service.address) == 0;
}

static void move_port(const struct sight_flow *flow, struct packet *packet, uint16_t port)
{
    if (is_service(flow, &packet->destination, packet->destination_port))
        packet->destination_port = port;
    else
        packet->source_port = port;
}

/* False when nothing of the transport header is left. */
static bool cut(struct packet *packet, size_t snaplen)
{
    size_t kept = snaplen - ETHERNET_HEADER;
    size_t payload_at = packet->payload.at ? (size_t)(packet->payload.at - packet->network.at)
                                           : packet->network.length;
    if (packet->network.length <= kept)
        return true;
    packet->marks |= PACKET_TRUNCATED;
    packet->network.length = kept;
    if (payload_at > kept)
        return false;
    if (packet->payload.length > kept - payload_at)
        packet->payload.length = kept - payload_at;
    return true;
}

static void play_packet(struct sight_lane *lane, const struct packet *packet)
{
    struct flow *flow = flow_table_find_or_add(lane->table, packet, packet->time_ns);
    enum flow_direction direction =
        flow_table_add_packet(lane->table, flow, packet, packet->time_ns);
    double before = cpu_us_now();
    dpi_inspect(lane->dpi, flow, packet, direction);
    lane->result.cpu_us += cpu_us_now() - before;
}

struct sight_result sight_lane_play(struct sight_lane *lane, const struct sight_flow *flow,
                                    const struct sight_play *play)
{
    size_t payloads = 0;
    lane->result = (struct sight_result){0};
    for (size_t i = 0; i < flow->count; i++) {
        struct packet packet = flow->packets[i];
        if (play->port)
            move_port(flow, &packet, play->port);
        if (play->snaplen && !cut(&packet, play->snaplen))
            continue;
        play_packet(lane, &packet);
        payloads += packet.payload_length > 0;
        if (play->payloads_max && payloads >= play->payloads_max)
            break;
    }
    flow_table_drain(lane->table, FLOW_END_OF_INPUT);
    return lane->result;
}
