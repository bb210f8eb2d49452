/* SPDX-License-Identifier: Apache-2.0 */
#include "model/payload_profile.h"

#include <math.h>
#include <string.h>

enum { FREQUENCIES = 64 };

/* How many byte values occur 0, 1, 2, ... times; of those that occur more often, the sum alone. */
struct frequencies {
    uint32_t values[FREQUENCIES];
    double sum_of_others;
};

static void count_frequency(struct frequencies *frequencies, uint32_t times)
{
    if (times < FREQUENCIES)
        frequencies->values[times]++;
    else
        frequencies->sum_of_others += times * log2(times);
}

/* The sum of n * log2(n) over all byte values, n being how often one occurs. Few frequencies
 * differ, so equal ones are gathered first: logarithms cost more than all the rest. */
static double weighted_logarithms(const uint16_t counts[256])
{
    enum { BLOCK = 4 };
    struct frequencies frequencies = {.sum_of_others = 0};
    for (size_t start = 0; start < 256; start += BLOCK) {
        uint64_t block;
        memcpy(&block, &counts[start], sizeof block);
        for (size_t i = 0; block != 0 && i < BLOCK; i++) /* short samples are mostly zero */
            count_frequency(&frequencies, counts[start + i]);
    }
    double sum = frequencies.sum_of_others;
    for (uint32_t n = 2; n < FREQUENCIES; n++) { /* 1 * log2(1) is nothing */
        if (frequencies.values[n] > 0)
            sum += frequencies.values[n] * n * log2(n);
    }
    return sum;
}

double entropy_of_counts(const uint16_t counts[256], uint32_t total)
{
    double bits = log2(total) - weighted_logarithms(counts) / total;
    return bits > 0 ? bits : 0; /* never -0 or a rounding error below it */
}

double payload_entropy(const struct flow *flow)
{
    const struct flow_sample *sample = flow->sample;
    if (!sample || sample->length[TO_RESPONDER] + sample->length[TO_INITIATOR] == 0)
        return -1;
    uint16_t counts[256] = {0};
    uint32_t total = 0;
    for (size_t side = 0; side < FLOW_DIRECTIONS; side++) {
        for (size_t i = 0; i < sample->length[side]; i++)
            counts[sample->bytes[side][i]]++;
        total += sample->length[side];
    }
    return entropy_of_counts(counts, total);
}
