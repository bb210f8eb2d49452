/* SPDX-License-Identifier: Apache-2.0 */
#include "base/timestamp.h"

#include <stddef.h>
#include <string.h>

#define DAY_NS (24 * 60 * 60 * NS_PER_S)

/* Days since 1970-01-01 of a date of the Gregorian calendar. The year begins in March, so that the
 * leap day is its last; months then follow a straight line of 153 days in five. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static bool take_number(const char **at, size_t digits, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool take(const char **at, const char *characters)
{
    if (**at == '\0' || !strchr(characters, **at))
        return false;
    (*at)++;
    return true;
}

static int64_t take_fraction(const char **at)
{
    int64_t ns = 0;
    for (int64_t unit = NS_PER_S / 10; **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
        ns += (**at - '0') * unit;
    return ns;
}

/* "Z", "+0000", "-01:30", or nothing, which is UTC as well. */
static bool take_zone(const char **at, int64_t *out_ns)
{
    int64_t hours, minutes;
    *out_ns = 0;
    if (**at == '\0' || take(at, "Zz"))
        return true;
    bool is_west = **at == '-';
    if (!take(at, "+-") || !take_number(at, 2, &hours))
        return false;
    take(at, ":");
    if (!take_number(at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *out_ns = (hours * 60 + minutes) * 60 * NS_PER_S * (is_west ? -1 : 1);
    return true;
}

static bool take_clock(const char **at, int64_t *out_ns)
{
    int64_t hour, minute, second = 0, zone_ns;
    if (!take_number(at, 2, &hour) || !take(at, ":") || !take_number(at, 2, &minute))
        return false;
    if (take(at, ":") && !take_number(at, 2, &second))
        return false;
    *out_ns = ((hour * 60 + minute) * 60 + second) * NS_PER_S;
    if (take(at, "."))
        *out_ns += take_fraction(at);
    if (hour > 23 || minute > 59 || second > 60 || !take_zone(at, &zone_ns))
        return false;
    *out_ns -= zone_ns;
    return true;
}

bool timestamp_parse(const char *word, int64_t *out_ns)
{
    static const int64_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day, clock_ns = 0;
    if (!take_number(&word, 4, &year) || !take(&word, "-") || !take_number(&word, 2, &month) ||
        !take(&word, "-") || !take_number(&word, 2, &day))
        return false;
    if (year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1])
        return false;
    if (take(&word, "Tt ") && !take_clock(&word, &clock_ns))
        return false;
    *out_ns = days_of(year, month, day) * DAY_NS + clock_ns;
    return *word == '\0';
}
