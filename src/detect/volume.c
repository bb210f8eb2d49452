/* SPDX-License-Identifier: Apache-2.0
 *
 * A flow far larger than the others of its pair: modified z-score 0.6745 x (x - median) / MAD above
 * 3.5 (Iglewicz and Hoaglin). When more than half of the flows are equal, MAD is 0 and 1.2533 times
 * the mean distance takes its place (NIST, Engineering Statistics Handbook 1.3.5.17). Below a floor
 * no outlier matters. False alarms: the first large transfer, batch jobs.
 */
#include "detect/detector_types.h"
#include "detect/statistics.h"
#include "detect/words.h"

enum { PAIRS_MAX = 2048, SIZES_KEPT = 64 };

struct volume {
    double z;
    uint64_t floor, flows;
    struct keyed_table *pairs;
};

/* Payload of the latest flows, in a ring. */
struct pair {
    uint64_t count;
    double sizes[SIZES_KEPT];
};

static const struct setting volume_settings[] = {
    {"z", SETTING_NUMBER, offsetof(struct volume, z), "3.5", "modified z-score"},
    {"floor", SETTING_COUNT, offsetof(struct volume, floor), "50000",
     "payload bytes above the median, at least"},
    {"flows", SETTING_COUNT, offsetof(struct volume, flows), "8", "flows before there is a median"},
    {0},
};

static void volume_open(struct detecting *d)
{
    struct volume *volume = d->state;
    volume->pairs = detecting_table(d, PAIRS_MAX, sizeof(struct subject), sizeof(struct pair));
}

/* Whether `size` stands out of the sizes kept; then their median is in `*median`. */
static bool stands_out(const struct volume *volume, const struct pair *pair, double size,
                       double *median)
{
    double sorted[SIZES_KEPT], spare[SIZES_KEPT];
    size_t count = pair->count < SIZES_KEPT ? (size_t)pair->count : SIZES_KEPT;
    for (size_t i = 0; i < count; i++)
        sorted[i] = pair->sizes[i];
    numbers_sort(sorted, count);
    *median = sorted_median(sorted, count);
    double distance = size - *median;
    if (distance < (double)volume->floor)
        return false;
    double scale = median_distance(sorted, count, *median, spare) / 0.6745;
    if (scale == 0)
        scale = 1.2533 * mean_distance(sorted, count, *median);
    return scale == 0 || distance / scale > volume->z;
}

static enum severity severity_of(const struct observation *seen)
{
    if (seen->is_allowed)
        return SEVERITY_INFO;
    return SEVERITY_MEDIUM;
}

static void report(struct detecting *d, const struct observation *seen, double size, double median)
{
    const struct claim claim = {
        .subject = subject_of_pair(seen),
        .severity = severity_of(seen),
        .confidence = 70,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char pair[WORDS_SIZE];
    if (!finding)
        return;
    finding_title(finding, "%s moved far more than usual", pair_words(seen, pair));
    finding_why(finding, "%.0f payload bytes in one flow, where %.0f are the median", size, median);
    finding_why(finding, "%llu to the server, %llu to the client",
                (unsigned long long)seen->flow->sides[TO_RESPONDER].payload_bytes,
                (unsigned long long)seen->flow->sides[TO_INITIATOR].payload_bytes);
}

/* Data on a SYN that nobody took were not moved; a flood of them is no pair's habit. */
static bool was_moved(const struct flow *flow)
{
    return flow->key.protocol != TRANSPORT_TCP ||
           (flow->sides[TO_RESPONDER].tcp_flags | flow->sides[TO_INITIATOR].tcp_flags) & TCP_ACK;
}

static void volume_on_flow(struct detecting *d, const struct observation *seen)
{
    struct volume *volume = d->state;
    double size = (double)flow_payload_bytes(seen->flow);
    double median;
    if (!seen->is_watched || size <= 0 || !was_moved(seen->flow))
        return;
    const struct subject subject = subject_of_pair(seen);
    struct pair *pair = keyed_table_find_or_add(volume->pairs, &subject, NULL);
    /* Sorting is for the few that could stand out at all. */
    if (pair->count >= volume->flows && size >= (double)volume->floor &&
        stands_out(volume, pair, size, &median))
        report(d, seen, size, median);
    pair->sizes[pair->count++ % SIZES_KEPT] = size;
}

const struct detector volume_detector = {
    .name = "volume",
    .help = "a flow far larger than the others of its pair",
    .signature_id = 1540020,
    .attack_id = "T1048",
    .attack_name = "Exfiltration Over Alternative Protocol",
    .next = "Look at what was moved, and in which direction; ask the owner of the larger sender.",
    .state_size = sizeof(struct volume),
    .settings = volume_settings,
    .open = volume_open,
    .on_flow = volume_on_flow,
};
