/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/pulse.h"

#include "base/timestamp.h"
#include "detect/statistics.h"

#include <math.h>

size_t pulse_times(const struct flow *flow, int64_t times_ns[PULSE_TIMES_MAX])
{
    const struct flow_side *client = &flow->sides[TO_RESPONDER];
    bool is_udp = flow->key.protocol == TRANSPORT_UDP;
    size_t count = 0;
    if ((flow->marks & FLOW_MARK_CONTINUED && !is_udp) || client->packets == 0)
        return 0;
    if (flow->beat_count <= FLOW_BEATS)
        times_ns[count++] = is_udp ? client->first_ns : flow->first_ns;
    uint32_t kept = flow->beat_count < FLOW_BEATS ? flow->beat_count : FLOW_BEATS;
    for (uint32_t i = flow->beat_count - kept; i < flow->beat_count; i++)
        times_ns[count++] = client->first_ns + (int64_t)flow->beats_ms[i % FLOW_BEATS] * NS_PER_MS;
    return count;
}

double pulse_beat(struct pulse *pulse, int64_t now_ns)
{
    double gap_s = (double)(now_ns - pulse->last_ns) / (double)NS_PER_S;
    bool is_first = pulse->beats++ == 0;
    if (is_first || gap_s <= 0) {
        if (is_first)
            pulse->last_ns = now_ns;
        return 0;
    }
    pulse->gaps_s[pulse->gap_count++ % PULSE_GAPS] = gap_s;
    pulse->last_ns = now_ns;
    return gap_s;
}

struct rhythm pulse_rhythm(const struct pulse *pulse, size_t skip, size_t most)
{
    double gaps[PULSE_GAPS], spare[PULSE_GAPS];
    size_t kept = pulse->gap_count < PULSE_GAPS ? pulse->gap_count : PULSE_GAPS;
    struct rhythm rhythm = {0};
    for (size_t i = skip; i < kept && rhythm.gaps < most; i++)
        gaps[rhythm.gaps++] = pulse->gaps_s[(pulse->gap_count - 1 - i) % PULSE_GAPS];
    numbers_sort(gaps, rhythm.gaps);
    rhythm.median_s = sorted_median(gaps, rhythm.gaps);
    /* 1.4826 makes it comparable to a standard deviation. */
    rhythm.deviation_s = 1.4826 * median_distance(gaps, rhythm.gaps, rhythm.median_s, spare);
    return rhythm;
}

bool rhythm_is_regular(const struct rhythm *rhythm)
{
    return rhythm->deviation_s < rhythm->median_s / 2;
}

double rhythm_patience_s(const struct rhythm *rhythm)
{
    return fmax(3 * rhythm->median_s, rhythm->median_s + 6 * rhythm->deviation_s);
}
