/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timestamp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The last two digits of a number. */
static char *put2(char *at, int64_t number)
{
    at[0] = (char)('0' + number / 10 % 10);
    at[1] = (char)('0' + number % 10);
    return at + 2;
}

struct date {
    int64_t year, month, day;
};

/* The Gregorian calendar repeats every 146,097 days (400 years). Years are counted from March, so
 * that the leap day is the last of its year and months before it all have their usual length. */
static struct date date_of(int64_t days_since_1970)
{
    enum { DAYS_TO_1970 = 719468, DAYS_OF_400_YEARS = 146097 }; /* from 0000-03-01 */
    int64_t days = days_since_1970 + DAYS_TO_1970; /* never negative: an int64_t of ns is 292 a */
    int64_t day = days % DAYS_OF_400_YEARS;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= year * 365 + year / 4 - year / 100;
    int64_t month = (day * 5 + 2) / 153; /* 153 days are five months: 31, 30, 31, 30, 31 */
    return (struct date){
        .year = days / DAYS_OF_400_YEARS * 400 + year + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day - (month * 153 + 2) / 5 + 1,
    };
}

/* "2026-11-20?09:15:00" with `between` for the question mark; returns where it ends. Written by
 * hand because every record has several: gmtime_r and strftime take five times as long. */
static char *put_date_time(char *at, int64_t seconds, char between)
{
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t second = seconds - days * 86400;
    struct date date = date_of(days);
    at = put2(at, date.year / 100);
    at = put2(at, date.year);
    *at++ = '-';
    at = put2(at, date.month);
    *at++ = '-';
    at = put2(at, date.day);
    *at++ = between;
    at = put2(at, second / 3600);
    *at++ = ':';
    at = put2(at, second / 60 % 60);
    *at++ = ':';
    at = put2(at, second % 60);
    *at = '\0';
    return at;
}

static const char *with_microseconds(int64_t time_ns, const char *zone,
                                     char out[TIMESTAMP_TEXT_SIZE])
{
    struct parts parts = split(time_ns);
    int64_t us = parts.nanoseconds / NS_PER_US;
    char *at = put_date_time(out, parts.seconds, 'T');
    *at++ = '.';
    at = put2(at, us / 10000);
    at = put2(at, us / 100);
    at = put2(at, us);
    memcpy(at, zone, strlen(zone) + 1);
    return out;
}

const char *timestamp_eve(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    return with_microseconds(time_ns, "+0000", out);
}

const char *timestamp_rfc3339(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    return with_microseconds(time_ns, "Z", out);
}

const char *timestamp_human(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE])
{
    put_date_time(out, split(time_ns).seconds, ' ');
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
