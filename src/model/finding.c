/* SPDX-License-Identifier: Apache-2.0 */
#include "model/finding.h"

#include <string.h>

static const char *const severity_names[SEVERITIES] = {
    [SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

const char *severity_name(enum severity severity)
{
    return severity_names[severity];
}

bool severity_parse(const char *word, enum severity *out)
{
    for (size_t i = 0; i < SEVERITIES; i++) {
        if (strcmp(word, severity_names[i]) == 0) {
            *out = (enum severity)i;
            return true;
        }
    }
    return false;
}
