/* SPDX-License-Identifier: Apache-2.0 */
#include "model/finding.h"

#include <stdarg.h>
#include <stdio.h>
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

void finding_title(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->title, sizeof finding->title, format, arguments);
    va_end(arguments);
}

void finding_why(struct finding *finding, const char *format, ...)
{
    if (finding->why_count == FINDING_WHY_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->why[finding->why_count++], FINDING_TEXT_SIZE, format, arguments);
    va_end(arguments);
}

void finding_add_host(struct finding *finding, const struct address *host)
{
    if (finding->host_count == FINDING_HOSTS_MAX)
        return;
    for (size_t i = 0; i < finding->host_count; i++) {
        if (address_compare(&finding->hosts[i], host) == 0)
            return;
    }
    finding->hosts[finding->host_count++] = *host;
    if (finding->hosts_total < finding->host_count)
        finding->hosts_total = finding->host_count;
}

void finding_add_flow(struct finding *finding, uint64_t flow_id)
{
    if (finding->example_flow_count == FINDING_FLOWS_MAX)
        return;
    for (size_t i = 0; i < finding->example_flow_count; i++) {
        if (finding->example_flows[i] == flow_id)
            return;
    }
    finding->example_flows[finding->example_flow_count++] = flow_id;
}
