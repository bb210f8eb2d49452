/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/beacon_score.h"

#include "detect/statistics.h"

#include <assert.h>
#include <math.h>

enum { SKEW_RANGE_MIN = 10, DURATION_BINS_MIN = 6, BIMODAL_BINS_MIN = 11, LONG_RUN = 12 };

static double rounded(double score)
{
    return round(score * 1000) / 1000;
}

/* Bowley's skew, between -1 and 1; narrow distributions have none. */
static double skew_of(const double *sorted, size_t count)
{
    double first, third;
    double second = sorted_median(sorted, count);
    sorted_quartiles(sorted, count, &first, &third);
    if (third - first < SKEW_RANGE_MIN || second == first || second == third)
        return 0;
    return (first + third - 2 * second) / (third - first);
}

/* The mean of how symmetrical and how narrow the sorted numbers are. */
static double regularity(const double *sorted, size_t count, double if_small)
{
    double spare[BEACON_EVENTS_MAX];
    double median = sorted_median(sorted, count);
    double narrowness = if_small;
    if (median > 0)
        narrowness = fmax(0, (median - median_distance(sorted, count, median, spare)) / median);
    return rounded((1 - fabs(skew_of(sorted, count)) + narrowness) / 2);
}

static size_t gaps_of(const struct beacon_event *events, size_t count, double *gaps)
{
    size_t gap_count = 0;
    for (size_t i = 1; i < count; i++) {
        double gap = events[i].at_s - events[i - 1].at_s;
        if (gap > 0)
            gaps[gap_count++] = gap;
    }
    numbers_sort(gaps, gap_count);
    return gap_count;
}

static void fill_bins(const struct beacon_event *events, size_t count, double begin_s, double end_s,
                      double bins[BEACON_BINS])
{
    double width = (end_s - begin_s) / BEACON_BINS;
    for (size_t i = 0; i < BEACON_BINS; i++)
        bins[i] = 0;
    for (size_t i = 0; i < count; i++) {
        double bin = width > 0 ? (events[i].at_s - begin_s) / width : 0;
        bins[bin < 0 ? 0 : bin >= BEACON_BINS ? BEACON_BINS - 1 : (size_t)bin]++;
    }
}

static size_t filled_bins(const double bins[BEACON_BINS])
{
    size_t count = 0;
    for (size_t i = 0; i < BEACON_BINS; i++)
        count += bins[i] > 0;
    return count;
}

/* 1 less the coefficient of variation over all parts. */
static double evenness(const double bins[BEACON_BINS])
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < BEACON_BINS; i++) {
        sum += bins[i];
        squares += bins[i] * bins[i];
    }
    double mean = sum / BEACON_BINS;
    double variance = fmax(0, squares / BEACON_BINS - mean * mean);
    double variation = mean > 0 ? sqrt(variance) / mean : 1;
    return variation > 1 ? 0 : 1 - variation;
}

/* Two rates that alternate (busy and quiet hours): the share of the two commonest counts. */
static double bimodality(const double bins[BEACON_BINS])
{
    size_t filled = filled_bins(bins);
    double most = 0;
    size_t buckets[BEACON_BINS + 1] = {0}, first = 0, second = 0;
    if (filled < BIMODAL_BINS_MIN)
        return 0;
    for (size_t i = 0; i < BEACON_BINS; i++)
        most = fmax(most, bins[i]);
    double size = ceil(most * 0.05);
    for (size_t i = 0; i < BEACON_BINS; i++) {
        if (bins[i] > 0)
            buckets[(size_t)fmin(floor(bins[i] / size), BEACON_BINS)]++;
    }
    for (size_t i = 0; i <= BEACON_BINS; i++) {
        if (buckets[i] > first) {
            second = first;
            first = buckets[i];
        } else if (buckets[i] > second) {
            second = buckets[i];
        }
    }
    return fmin(1, (double)(first + second) / fmax((double)filled - 1, 1));
}

/* The longest row of filled parts; it goes round. */
static size_t longest_run(const double bins[BEACON_BINS])
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < 2 * BEACON_BINS; i++) {
        run = bins[i % BEACON_BINS] > 0 ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    return longest < BEACON_BINS ? longest : BEACON_BINS;
}

static double duration_of(const struct beacon_event *events, size_t count, double span_s,
                          const double bins[BEACON_BINS])
{
    if (filled_bins(bins) < DURATION_BINS_MIN || span_s <= 0)
        return 0;
    double share = (events[count - 1].at_s - events[0].at_s) / span_s;
    double run = (double)longest_run(bins) / LONG_RUN;
    return fmax(fmin(1, share), fmin(1, run));
}

struct beacon_score beacon_score_of(const struct beacon_event *events, size_t count, double begin_s,
                                    double end_s)
{
    double numbers[BEACON_EVENTS_MAX], spare[BEACON_EVENTS_MAX], bins[BEACON_BINS];
    struct beacon_score score = {0};
    assert(count <= BEACON_EVENTS_MAX);
    size_t gap_count = gaps_of(events, count, numbers);
    if (count < 4 || gap_count < 3)
        return score;
    score.median_gap_s = sorted_median(numbers, gap_count);
    score.dispersion =
        median_distance(numbers, gap_count, score.median_gap_s, spare) / score.median_gap_s;
    score.timing = regularity(numbers, gap_count, 1);
    for (size_t i = 0; i < count; i++)
        numbers[i] = events[i].bytes;
    numbers_sort(numbers, count);
    score.sizes = regularity(numbers, count, 0);
    fill_bins(events, count, begin_s, end_s, bins);
    score.has_histogram = count >= BEACON_BINS;
    score.histogram = fmax(evenness(bins), bimodality(bins));
    score.duration = duration_of(events, count, end_s - begin_s, bins);
    double sum = score.timing + score.sizes + score.duration;
    score.total = rounded(score.has_histogram ? (sum + score.histogram) / 4 : sum / 3);
    return score;
}
