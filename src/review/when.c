/* SPDX-License-Identifier: Apache-2.0 */
#include "review/review.h"

#include "base/timestamp.h"

#include <string.h>

#define DAY_NS (24 * 60 * 60 * NS_PER_S)

bool review_time_parse(const char *word, int64_t now_ns, int64_t end_ns, int64_t *out_ns)
{
    int64_t duration_ns;
    int64_t midnight_ns = now_ns / DAY_NS * DAY_NS;
    if (timestamp_parse(word, out_ns))
        return true;
    if (strcmp(word, "now") == 0)
        *out_ns = now_ns;
    else if (strcmp(word, "today") == 0)
        *out_ns = midnight_ns;
    else if (strcmp(word, "yesterday") == 0)
        *out_ns = midnight_ns - DAY_NS;
    else if (duration_parse(word, &duration_ns))
        *out_ns = end_ns > duration_ns ? end_ns - duration_ns : 1;
    else
        return false;
    return true;
}
