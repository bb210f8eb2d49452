/* SPDX-License-Identifier: Apache-2.0
 *
 * Many more answered conversations a minute with one service than before: an exponentially weighted
 * moving average (lambda 0.2) above its control limit of L sigma (NIST, Engineering Statistics
 * Handbook 6.3.2.4), and above a floor. Brute force looks like this, and a client gone wild. Failed
 * attempts are left to scan and half-open. False alarms: the beginning of a capture, which is why
 * eight minutes pass first; a batch job.
 */
#include "base/timestamp.h"
#include "detect/detector_types.h"
#include "detect/words.h"

#include <math.h>

enum { SERVICES_MAX = 2048, MINUTES_LEARNT = 8, QUIET_MINUTES_MAX = 1440 };

static const double lambda = 0.2;

struct burst {
    uint64_t floor;
    double limit;
    struct keyed_table *services;
};

/* Mean and variance of the minutes so far (Welford), and their moving average. */
struct service_rate {
    int64_t minute;
    double count; /* of this minute */
    double minutes, mean, squares, average;
    bool has_begun, is_told;
};

static const struct setting burst_settings[] = {
    {"floor", SETTING_COUNT, offsetof(struct burst, floor), "60",
     "conversations a minute, at least"},
    {"limit", SETTING_NUMBER, offsetof(struct burst, limit), "3", "control limit, in sigma"},
    {0},
};

static void burst_open(struct detecting *d)
{
    struct burst *burst = d->state;
    burst->services =
        detecting_table(d, SERVICES_MAX, sizeof(struct subject), sizeof(struct service_rate));
}

static void learn(struct service_rate *rate, double count)
{
    rate->minutes++;
    double distance = count - rate->mean;
    rate->mean += distance / rate->minutes;
    rate->squares += distance * (count - rate->mean);
    rate->average = lambda * count + (1 - lambda) * rate->average;
}

/* A minute has ended; those that follow without traffic count as well. */
static void end_minute(struct service_rate *rate, int64_t now_minute)
{
    int64_t quiet = now_minute - rate->minute - 1;
    if (!rate->is_told)
        learn(rate, rate->count);
    for (int64_t i = 0; i < quiet && i < QUIET_MINUTES_MAX; i++)
        learn(rate, 0);
    rate->minute = now_minute;
    rate->count = 0;
    rate->is_told = false;
}

/* Whether this minute, as far as it has come, breaks the control limit. */
static bool breaks_limit(const struct burst *burst, const struct service_rate *rate)
{
    if (rate->minutes < MINUTES_LEARNT || rate->count < (double)burst->floor)
        return false;
    double sigma = sqrt(rate->squares / rate->minutes);
    double width = sqrt(lambda / (2 - lambda) * (1 - pow(1 - lambda, 2 * rate->minutes)));
    double average = lambda * rate->count + (1 - lambda) * rate->average;
    return average > rate->mean + burst->limit * sigma * width && rate->count > 2 * rate->mean;
}

static void report(struct detecting *d, const struct observation *seen, struct service_rate *rate)
{
    const struct claim claim = {
        .subject = subject_of_server(seen),
        .severity = seen->is_allowed ? SEVERITY_INFO : SEVERITY_MEDIUM,
        .confidence = 70,
    };
    struct finding *finding = detecting_raise(d, seen, &claim);
    char where[WORDS_SIZE];
    rate->is_told = true;
    if (!finding)
        return;
    finding_title(finding, "A burst of conversations with %s", server_words(seen, where));
    finding_why(finding, "%.0f within a minute, where %.1f are the mean of the %.0f minutes before",
                rate->count, rate->mean, rate->minutes);
}

static void burst_on_flow(struct detecting *d, const struct observation *seen)
{
    struct burst *burst = d->state;
    if (!seen->is_watched || !seen->is_answered || seen->is_continued)
        return;
    const struct subject subject = subject_of_server(seen);
    struct service_rate *rate = keyed_table_find_or_add(burst->services, &subject, NULL);
    int64_t minute = seen->flow->first_ns / (60 * NS_PER_S);
    if (!rate->has_begun)
        *rate = (struct service_rate){.minute = minute, .has_begun = true};
    if (minute > rate->minute)
        end_minute(rate, minute);
    rate->count++;
    if (!rate->is_told && breaks_limit(burst, rate))
        report(d, seen, rate);
}

const struct detector burst_detector = {
    .name = "burst",
    .help = "many more conversations a minute with a service than before",
    .signature_id = 1540021,
    .attack_id = "T1110",
    .attack_name = "Brute Force",
    .next = "Look at who comes, and whether logins fail at the service.",
    .state_size = sizeof(struct burst),
    .settings = burst_settings,
    .open = burst_open,
    .on_flow = burst_on_flow,
};
