/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timestamp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct parts {
    int64_t seconds;
    int64_t nanoseconds; /* 0 ... 999,999,999, also for times before 1970 */
};

static struct parts split(int64_t time_ns)
{
    struct parts parts = {time_ns / NS_PER_S, time_ns % NS_PER_S};
    if (parts.nanoseconds < 0) {
        parts.nanoseconds += NS_PER_S;
        parts.seconds--;
    }
    return parts;
}

static void calendar(int64_t seconds, struct tm *out)
{
    time_t time = (time_t)seconds;
    if (!gmtime_r(&time, out))
        memset(out, 0, sizeof *out);
}

const char *timestamp_eve(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    struct parts parts = split(time_ns);
    struct tm date;
    calendar(parts.seconds, &date);
    size_t used = strftime(out, TIMESTAMP_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &date);
    snprintf(out + used, TIMESTAMP_TEXT_SIZE - used, ".%06" PRId64 "+0000",
             parts.nanoseconds / NS_PER_US);
    return out;
}

const char *timestamp_human(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    struct tm date;
    calendar(split(time_ns).seconds, &date);
    strftime(out, TIMESTAMP_TEXT_SIZE, "%Y-%m-%d %H:%M:%S", &date);
    return out;
}

const char *timestamp_epoch(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    int64_t us = time_ns / NS_PER_US;
    const char *sign = us < 0 ? "-" : "";
    uint64_t size = us < 0 ? (uint64_t)-us : (uint64_t)us;
    snprintf(out, TIMESTAMP_TEXT_SIZE, "%s%" PRIu64 ".%06" PRIu64, sign, size / 1000000,
             size % 1000000);
    return out;
}

static const struct unit {
    const char *name;
    int64_t ns;
} units[] = {
    {"", NS_PER_S},         {"s", NS_PER_S},         {"ms", NS_PER_MS},
    {"us", NS_PER_US},      {"m", 60 * NS_PER_S},    {"min", 60 * NS_PER_S},
    {"h", 3600 * NS_PER_S}, {"d", 86400 * NS_PER_S}, {"w", 604800 * NS_PER_S},
};

bool duration_parse(const char *word, int64_t *out_ns)
{
    if (*word < '0' || *word > '9')
        return false;
    char *end;
    double number = strtod(word, &end);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].name) != 0)
            continue;
        double ns = number * (double)units[i].ns;
        if (!isfinite(ns) || ns > 9.0e18)
            return false;
        *out_ns = (int64_t)ns;
        return true;
    }
    return false;
}

const char *duration_human(int64_t duration_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    int64_t s = duration_ns / NS_PER_S;
    if (duration_ns < NS_PER_S)
        snprintf(out, TIMESTAMP_TEXT_SIZE, "%" PRId64 " ms", duration_ns / NS_PER_MS);
    else if (s < 60)
        snprintf(out, TIMESTAMP_TEXT_SIZE, "%.1f s", (double)duration_ns / (double)NS_PER_S);
    else if (s < 3600)
        snprintf(out, TIMESTAMP_TEXT_SIZE, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60);
    else if (s < 86400)
        snprintf(out, TIMESTAMP_TEXT_SIZE, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60);
    else
        snprintf(out, TIMESTAMP_TEXT_SIZE, "%" PRId64 " d %" PRId64 " h", s / 86400, s / 3600 % 24);
    return out;
}
