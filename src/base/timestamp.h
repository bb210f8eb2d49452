/* SPDX-License-Identifier: Apache-2.0
 *
 * Times are nanoseconds since 1970-01-01 UTC in an int64_t named `..._ns`. No file but those of
 * capture/ looks at a clock: "now" is the packet's time.
 */
#ifndef PORTSCOPE_BASE_TIMESTAMP_H
#define PORTSCOPE_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

enum { TIMESTAMP_TEXT_SIZE = 48 };

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* Suricata's form in UTC: "2026-11-20T09:15:00.123456+0000". Returns `out`. */
const char *timestamp_eve(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE]);

/* RFC 3339 in UTC: "2026-11-20T09:15:00.123456Z". Returns `out`. */
const char *timestamp_rfc3339(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE]);

/* For people, in UTC: "2026-11-20 09:15:00". Returns `out`. */
const char *timestamp_human(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE]);

/* Zeek's form: epoch seconds with six decimals. Returns `out`. */
const char *timestamp_epoch(int64_t time_ns, char out[TIMESTAMP_TEXT_SIZE]);

/* Reads a date and perhaps a time in the forms above, "2026-11-20T09:15" and "2026-11-20"; without
 * a zone it is UTC. False for anything else, and for years that an int64_t does not hold. */
bool timestamp_parse(const char *word, int64_t *out_ns);

/* Reads "90", "90s", "1.5m", "2h", "1d", "250ms" (a plain number is seconds); false when the word
 * is not a duration, is negative, or does not fit. */
bool duration_parse(const char *word, int64_t *out_ns);

/* For people: "250 ms", "1.5 s", "2 min 5 s", "3 h 20 min", "4 d 2 h". Returns `out`. */
const char *duration_human(int64_t duration_ns, char out[TIMESTAMP_TEXT_SIZE]);

#endif
