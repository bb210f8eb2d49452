/* SPDX-License-Identifier: Apache-2.0 */
#include "sight_partial.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = 128, MAINSTREAM = 3 };

static const struct {
    const char *what;
    struct sight_play play;
} cuts[] = {
    {"first packet alone", {.payloads_max = 1}},    {"first two packets", {.payloads_max = 2}},
    {"first three packets", {.payloads_max = 3}},   {"first four packets", {.payloads_max = 4}},
    {"first five packets", {.payloads_max = 5}},    {"packets cut to 64 bytes", {.snaplen = 64}},
    {"packets cut to 96 bytes", {.snaplen = 96}},   {"packets cut to 128 bytes", {.snaplen = 128}},
    {"packets cut to 256 bytes", {.snaplen = 256}},
};

/* What one way of cutting did. */
struct outcome {
    unsigned flows, other, carrier, fresh, foreign;
    unsigned before[MAINSTREAM], kept[MAINSTREAM];
    struct pair {
        char whole[DETECTION_NAME_SIZE], part[DETECTION_NAME_SIZE];
        const char *file;
        unsigned count;
        bool is_carrier;
    } pairs[PAIRS_MAX];
    size_t pair_count;
};

uint16_t sight_port(size_t index)
{
    static const uint16_t watched[] = {154, 155, 395};
    return watched[index % 3];
}

double sight_percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

void sight_judge(struct sight *sight, const char *what, double value, bool is_most, double target)
{
    bool is_met = is_most ? value <= target : value >= target;
    printf("  %-52s %8.2f   target %s %g%s\n", what, value, is_most ? "<=" : ">=", target,
           is_met ? "" : "   MISSED");
    sight->has_missed |= !is_met;
}

static uint16_t protocol_of(const struct detection *detection)
{
    return detection->master_id ? detection->master_id : detection->application_id;
}

/* The same name, or the same protocol without the application that was seen in it. */
static bool is_part_of(const struct detection *part, const struct detection *whole)
{
    bool is_protocol_alone = part->master_id == 0 || part->application_id == 0 ||
                             part->application_id == part->master_id;
    return strcmp(part->name, whole->name) == 0 ||
           (is_protocol_alone && protocol_of(part) == protocol_of(whole));
}

/* What nDPI calls by the name of what it carries; the carrier's is true as well. */
static bool is_carried_by(const char *carrier, const char *name)
{
    static const struct {
        const char *carrier, *name;
    } carried[] = {
        {"HTTP", "BitTorrent"}, {"HTTP", "HTTP_Connect"},  {"HTTP", "MapleStory"},
        {"DNS", "MDNS"},        {"DNS", "AVASTSecureDNS"}, {"TLS", "IMAPS"},
        {"TLS", "POPS"},        {"TLS", "SMTPS"},
    };
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++) {
        if (strcmp(carried[i].carrier, carrier) == 0 && strcmp(carried[i].name, name) == 0)
            return true;
    }
    return false;
}

static void note_pair(struct outcome *outcome, const struct sight_flow *flow, const char *whole,
                      const char *part, bool is_carrier)
{
    for (size_t i = 0; i < outcome->pair_count; i++) {
        struct pair *pair = &outcome->pairs[i];
        if (strcmp(pair->whole, whole) == 0 && strcmp(pair->part, part) == 0) {
            pair->count++;
            return;
        }
    }
    if (outcome->pair_count == PAIRS_MAX)
        return;
    struct pair *pair = &outcome->pairs[outcome->pair_count++];
    *pair = (struct pair){.count = 1, .file = flow->file, .is_carrier = is_carrier};
    snprintf(pair->whole, sizeof pair->whole, "%s", whole);
    snprintf(pair->part, sizeof pair->part, "%s", part);
}

/* Against the whole flow's name on the same port; when it has none, that on its own port. */
static void compare(struct outcome *outcome, const struct sight_flow *flow,
                    const struct detection *native, const struct sight_result *whole,
                    const struct sight_result *part)
{
    static const struct detection unnamed = {.name = "nothing"};
    const struct detection *name = whole->is_detected           ? &whole->detection
                                   : detection_is_named(native) ? native
                                                                : &unnamed;
    if (!part->is_detected)
        return;
    if (is_part_of(&part->detection, name))
        return;
    bool is_carrier = is_carried_by(part->detection.name, name->name);
    outcome->fresh += name == &unnamed;
    outcome->carrier += is_carrier;
    outcome->other += name != &unnamed && !is_carrier;
    note_pair(outcome, flow, name->name, part->detection.name, is_carrier);
}

static const char *const mainstream[MAINSTREAM] = {"SSH", "HTTP", "TLS"};

static void count_mainstream(struct outcome *outcome, const struct detection *native,
                             const struct sight_result *part)
{
    for (size_t i = 0; i < MAINSTREAM; i++) {
        size_t length = strlen(mainstream[i]);
        bool is_it = strncmp(native->name, mainstream[i], length) == 0 &&
                     (native->name[length] == '\0' || native->name[length] == '.');
        outcome->before[i] += is_it;
        outcome->kept[i] +=
            is_it && part->is_detected && protocol_of(native) == protocol_of(&part->detection);
    }
}

static void play_set(struct sight *sight, const struct sight_flows *set, struct sight_play play,
                     struct outcome *outcome)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct sight_flow *flow = &set->items[i];
        struct sight_play all = {.port = sight_port(i)};
        play.port = all.port;
        struct sight_result native = sight_lane_play(sight->alone, flow, &(struct sight_play){0});
        struct sight_result whole = sight_lane_play(sight->ours, flow, &all);
        struct sight_result part = sight_lane_play(sight->ours, flow, &play);
        outcome->flows++;
        compare(outcome, flow, &native.detection, &whole, &part);
        outcome->foreign += detection_is_named(&native.detection) && part.is_detected &&
                            !is_part_of(&part.detection, &native.detection);
        count_mainstream(outcome, &native.detection, &part);
    }
}

static void print_pairs(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->pair_count; i++) {
        const struct pair *pair = &outcome->pairs[i];
        printf("    %s instead of %s%s: %u, %s\n", pair->part, pair->whole,
               pair->is_carrier ? ", which it carries" : "", pair->count,
               strrchr(pair->file, '/') + 1);
    }
}

static void measure_cut(struct sight *sight, const struct sight_flows *sets, size_t set_count,
                        size_t cut)
{
    struct outcome *outcome = memory_new(1, sizeof *outcome);
    for (size_t i = 0; i < set_count; i++)
        play_set(sight, &sets[i], cuts[cut].play, outcome);
    printf("%s: %u flows\n", cuts[cut].what, outcome->flows);
    sight_judge(sight, "detected under another name", outcome->other, true, 0);
    printf("  %-52s %8u\n", "detected as what carries the whole flow's name", outcome->carrier);
    printf("  %-52s %8u\n", "detected, though the whole flow is not", outcome->fresh);
    printf("  %-52s %8u\n", "under another name than nDPI's on its own port", outcome->foreign);
    print_pairs(outcome);
    for (size_t i = 0; i < MAINSTREAM && cuts[cut].play.snaplen >= 96; i++) {
        char what[64];
        snprintf(what, sizeof what, "%s still detected, %% of %u", mainstream[i],
                 outcome->before[i]);
        if (outcome->before[i] > 0)
            sight_judge(sight, what, sight_percent(outcome->kept[i], outcome->before[i]), false,
                        90);
    }
    free(outcome);
}

void sight_measure_partial(struct sight *sight, const struct sight_flows *sets, size_t set_count)
{
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
        measure_cut(sight, sets, set_count, i);
}
