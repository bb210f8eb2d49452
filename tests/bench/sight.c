/* SPDX-License-Identifier: Apache-2.0
 *
 * What is still named on a foreign port, and what is invented there:
 *
 *     sight [--each] FOLDER|FILE [MORE ...]
 *
 * MORE are captures that only the cut flows are measured over. --each names every flow that loses
 * its name.
 */
#include "base/memory.h"
#include "opaque.h"
#include "rules/rules.h"
#include "sight_flows.h"
#include "sight_lane.h"
#include "sight_partial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPAQUE_FLOWS = 2000, /* of each family, over TCP and as many over UDP, of each seed */
    OPAQUE_SEEDS = 3,
    OPAQUE_MESSAGES = 12,
    OPAQUE_HEADERS = 20 + 20,
    PROTOCOLS_MAX = 512,
    COSTS_MAX = 2 * OPAQUE_FLOWS * OPAQUE_SEEDS * OPAQUE_FAMILIES,
};

struct tally {
    char name[DETECTION_NAME_SIZE];
    unsigned before, alone, kept;
};

struct bench {
    struct rulebook *rulebook;
    struct sight sight;
    struct sight_flows flows[2]; /* all figures are of the first; both are cut */
    struct tally tallies[PROTOCOLS_MAX];
    size_t tally_count;
    double *costs;
    size_t cost_count;
    bool is_talkative;
};

static struct tally *tally_of(struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->tally_count; i++) {
        if (strcmp(bench->tallies[i].name, name) == 0)
            return &bench->tallies[i];
    }
    struct tally *tally = &bench->tallies[bench->tally_count];
    if (bench->tally_count + 1 < PROTOCOLS_MAX)
        bench->tally_count++;
    *tally = (struct tally){0};
    snprintf(tally->name, sizeof tally->name, "%s", name);
    return tally;
}

static bool is_same_name(const struct sight_result *a, const struct sight_result *b)
{
    return strcmp(a->detection.name, b->detection.name) == 0;
}

static void print_loss(const struct sight_flow *flow, const struct sight_result *native,
                       const struct sight_result *by_us)
{
    printf("  lost: %s %s:%u %s, now %s %s: %s\n", strrchr(flow->file, '/') + 1,
           flow->packets[0].protocol == TRANSPORT_TCP ? "tcp" : "udp", flow->service.port,
           native->detection.name, verdict_name(by_us->verdict), by_us->detection.name,
           by_us->detection.why);
}

static void measure_moved(struct bench *bench)
{
    unsigned before = 0, alone = 0, kept = 0;
    for (size_t i = 0; i < bench->flows[0].count; i++) {
        const struct sight_flow *flow = &bench->flows[0].items[i];
        struct sight_play moved = {.port = sight_port(i)};
        struct sight_result native =
            sight_lane_play(bench->sight.alone, flow, &(struct sight_play){0});
        if (!detection_is_named(&native.detection))
            continue;
        struct sight_result by_ndpi = sight_lane_play(bench->sight.alone, flow, &moved);
        struct sight_result by_us = sight_lane_play(bench->sight.ours, flow, &moved);
        struct tally *tally = tally_of(bench, native.detection.name);
        bool is_kept = by_us.is_detected && is_same_name(&native, &by_us);
        if (!is_kept && bench->is_talkative)
            print_loss(flow, &native, &by_us);
        before++, tally->before++;
        alone += is_same_name(&native, &by_ndpi), tally->alone += is_same_name(&native, &by_ndpi);
        kept += is_kept, tally->kept += is_kept;
    }
    printf("moved to 154, 155, 395: %zu flows, %u named on their own port\n", bench->flows[0].count,
           before);
    printf("  %-52s %8.2f\n", "nDPI alone keeps the name of, %", sight_percent(alone, before));
    sight_judge(&bench->sight, "detected with evidence under the same name, %",
                sight_percent(kept, before), false, 97);
}

static void print_losses(const struct bench *bench)
{
    printf("losses by protocol: named before, by nDPI alone, by us\n");
    for (size_t i = 0; i < bench->tally_count; i++) {
        const struct tally *tally = &bench->tallies[i];
        if (tally->kept < tally->before)
            printf("  %-40s %5u %5u %5u\n", tally->name, tally->before, tally->alone, tally->kept);
    }
}

static struct packet packet_between(uint8_t protocol, uint16_t port, unsigned number, bool forward)
{
    struct endpoint client = {.address = {{192, 0, 2, 2}, 4}, .port = (uint16_t)(20000 + number)};
    struct endpoint server = {.address = {{198, 51, 100, 1}, 4}, .port = port};
    const struct endpoint *source = forward ? &client : &server;
    const struct endpoint *destination = forward ? &server : &client;
    return (struct packet){
        .time_ns = INT64_C(1700000000000000000),
        .source = source->address,
        .destination = destination->address,
        .source_port = source->port,
        .destination_port = destination->port,
        .protocol = protocol,
        .ttl = 64,
        .tcp_window = 8192,
        .has_ports = true,
    };
}

/* Three steps of a handshake, or none; then messages, one each way in turn. */
static struct sight_flow private_flow(struct opaque_flow *opaque, uint8_t protocol, uint16_t port,
                                      unsigned number,
                                      uint8_t (*bytes)[OPAQUE_HEADERS + OPAQUE_MESSAGE_MAX],
                                      struct packet *packets)
{
    size_t steps = protocol == TRANSPORT_TCP ? 3 : 0;
    uint32_t next[FLOW_DIRECTIONS] = {1000, 5000};
    for (size_t i = 0; i < steps + OPAQUE_MESSAGES; i++) {
        bool is_step = i < steps;
        bool forward = is_step ? i != 1 : (i - steps) % 2 == 0;
        struct packet packet = packet_between(protocol, port, number, forward);
        memset(bytes[i], 0, OPAQUE_HEADERS);
        bytes[i][20 + 12] = 5 << 4;
        size_t header = protocol == TRANSPORT_TCP ? 20 : 8;
        size_t length = is_step ? 0 : opaque_message(opaque, bytes[i] + 20 + header);
        if (protocol == TRANSPORT_UDP) {
            bytes[i][20 + 4] = (uint8_t)((8 + length) >> 8);
            bytes[i][20 + 5] = (uint8_t)(8 + length);
        }
        packet.tcp_flags = !is_step ? TCP_PSH | TCP_ACK
                           : i == 0 ? TCP_SYN
                           : i == 1 ? TCP_SYN | TCP_ACK
                                    : TCP_ACK;
        packet.tcp_sequence = next[!forward];
        packet.tcp_acknowledgement = next[forward];
        next[!forward] += (uint32_t)length + (is_step && i < 2);
        packet.network = (struct span){bytes[i], 20 + header + length};
        packet.transport_offset = 20;
        packet.payload = (struct span){bytes[i] + 20 + header, length};
        packet.payload_length = (uint32_t)length;
        packet.ip_length = packet.wire_length = (uint32_t)packet.network.length;
        packets[i] = packet;
    }
    return (struct sight_flow){.packets = packets,
                               .count = steps + OPAQUE_MESSAGES,
                               .service = {.address = {{198, 51, 100, 1}, 4}, .port = port}};
}

static void measure_family(struct bench *bench, enum opaque_family family)
{
    static uint8_t bytes[SIGHT_PACKETS_MAX][OPAQUE_HEADERS + OPAQUE_MESSAGE_MAX];
    static struct packet packets[SIGHT_PACKETS_MAX];
    unsigned flows = 0, alone = 0, invented = 0, guessed = 0;
    for (unsigned seed = 0; seed < OPAQUE_SEEDS; seed++) {
        for (unsigned i = 0; i < 2 * OPAQUE_FLOWS; i++, flows++) {
            uint8_t protocol = i % 2 ? TRANSPORT_UDP : TRANSPORT_TCP;
            struct opaque_flow opaque = opaque_flow_new(family, seed * 1000000u + i);
            struct sight_flow flow =
                private_flow(&opaque, protocol, sight_port(i), i, bytes, packets);
            struct sight_play play = {0};
            struct sight_result by_ndpi = sight_lane_play(bench->sight.alone, &flow, &play);
            struct sight_result by_us = sight_lane_play(bench->sight.ours, &flow, &play);
            alone += detection_is_named(&by_ndpi.detection);
            invented += by_us.verdict == VERDICT_MASQUERADE || by_us.verdict == VERDICT_CONFIRMED;
            guessed += by_us.verdict == VERDICT_GUESS;
            if (bench->is_talkative && detection_is_named(&by_us.detection))
                printf("  %s: %s %s, %s\n", verdict_name(by_us.verdict), transport_name(protocol),
                       by_us.detection.name, by_us.detection.why);
            bench->costs[bench->cost_count++] = by_us.cpu_us;
        }
    }
    printf("%s: nDPI alone names %.2f %%\n", opaque_name(family), sight_percent(alone, flows));
    sight_judge(&bench->sight, "masquerade or confirmed, %", sight_percent(invented, flows), true,
                0.1);
    sight_judge(&bench->sight, "guess, %", sight_percent(guessed, flows), true, 3);
}

static int compare_costs(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void measure_cost(struct bench *bench)
{
    double sum = 0;
    qsort(bench->costs, bench->cost_count, sizeof *bench->costs, compare_costs);
    for (size_t i = 0; i < bench->cost_count; i++)
        sum += bench->costs[i];
    printf("CPU time of inspecting a watched unknown flow\n");
    sight_judge(&bench->sight, "mean, microseconds", sum / (double)bench->cost_count, true, 100);
    sight_judge(&bench->sight, "99th percentile, microseconds",
                bench->costs[bench->cost_count * 99 / 100], true, 300);
}

static bool bench_open(struct bench *bench, char **paths, size_t path_count, struct error *error)
{
    struct rules_options rules = {0};
    bench->costs = memory_new(COSTS_MAX, sizeof *bench->costs);
    bench->rulebook = rules_load(&rules, error);
    if (!bench->rulebook || !sight_flows_load(&bench->flows[0], paths, 1, error) ||
        (path_count > 1 && !sight_flows_load(&bench->flows[1], paths + 1, path_count - 1, error)))
        return false;
    bench->sight.alone = sight_lane_open(bench->rulebook, false, error);
    bench->sight.ours = sight_lane_open(bench->rulebook, true, error);
    return bench->sight.alone && bench->sight.ours;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct error error = {0};
    bench.is_talkative = argc > 1 && strcmp(argv[1], "--each") == 0;
    argc -= bench.is_talkative, argv += bench.is_talkative;
    if (argc < 2 || !bench_open(&bench, argv + 1, (size_t)argc - 1, &error)) {
        fprintf(stderr, "sight: %s\n",
                argc < 2 ? "usage: sight [--each] FOLDER|FILE [MORE ...]" : error.text);
        return 2;
    }
    measure_moved(&bench);
    print_losses(&bench);
    sight_measure_partial(&bench.sight, bench.flows, 2);
    for (int family = 0; family < OPAQUE_FAMILIES; family++)
        measure_family(&bench, family);
    measure_cost(&bench);
    return bench.sight.has_missed ? 1 : 0;
}
