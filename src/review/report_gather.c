/* SPDX-License-Identifier: Apache-2.0
 *
 * The sums of which several sections of a report speak.
 */
#include "review/report_parts.h"

#include <stdio.h>

const enum verdict report_verdict_order[VERDICTS] = {
    VERDICT_MASQUERADE, VERDICT_GUESS,     VERDICT_UNVERIFIED, VERDICT_STRAY,
    VERDICT_UNASSIGNED, VERDICT_CONFIRMED, VERDICT_EMPTY,
};

const char *report_verdict_words(enum verdict verdict)
{
    static const char *const words[VERDICTS] = {
        [VERDICT_MASQUERADE] =
            "something else than the port is for, and more than one sign says so",
        [VERDICT_GUESS] = "perhaps something else than the port is for: one sign only",
        [VERDICT_UNVERIFIED] = "payload that nothing recognises",
        [VERDICT_STRAY] = "the watched port on the initiator's side only",
        [VERDICT_UNASSIGNED] = "a port without a rule",
        [VERDICT_CONFIRMED] = "what the port is for",
        [VERDICT_EMPTY] = "no payload: scans, refused and silent connections",
    };
    return words[verdict];
}

bool report_verdict_parse(const char *word, enum verdict *out)
{
    for (enum verdict verdict = 0; verdict < VERDICTS; verdict++) {
        if (strcmp(verdict_name(verdict), word) != 0)
            continue;
        *out = verdict;
        return true;
    }
    return false;
}

uint64_t report_findings_from(const struct report_sums *sums, enum severity least)
{
    uint64_t count = 0;
    for (enum severity severity = least; severity < SEVERITIES; severity++)
        count += sums->findings[severity];
    return count;
}

static bool add_to_verdicts(void *context, const struct store_group *group)
{
    struct report_sums *sums = context;
    enum verdict verdict;
    if (report_verdict_parse(group->keys[0], &verdict))
        sums->verdicts[verdict] += group->flows;
    return true;
}

static bool keep_all(void *context, const struct store_group *group)
{
    struct report_sums *sums = context;
    sums->all = *group;
    return false;
}

/* Findings come worst first. */
static bool count_finding(void *context, const struct store_finding *finding)
{
    struct report_sums *sums = context;
    if (finding->is_acknowledged) {
        sums->acknowledged++;
        return true;
    }
    if (report_findings_from(sums, SEVERITY_INFO) == 0) {
        snprintf(sums->worst_title, sizeof sums->worst_title, "%s", finding->title);
        sums->worst = finding->severity;
    }
    sums->findings[finding->severity]++;
    return true;
}

static bool add_run(void *context, const struct store_run *run)
{
    struct report_sums *sums = context;
    struct store_run *all = &sums->run;
    const struct {
        uint64_t *sum, more;
    } terms[] = {
        {&all->packets, run->packets},
        {&all->bytes, run->bytes},
        {&all->decoded, run->decoded},
        {&all->filtered, run->filtered},
        {&all->malformed, run->malformed},
        {&all->not_ip, run->not_ip},
        {&all->unsupported, run->unsupported},
        {&all->dropped, run->dropped},
        {&all->flows, run->flows},
        {&all->not_stored, run->not_stored},
        {&all->inputs, run->inputs},
        {&all->damaged, run->damaged},
        {&all->limits_hit, run->limits_hit},
    };
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        *terms[i].sum += terms[i].more;
    all->is_live |= run->is_live;
    sums->open_runs += !run->is_over;
    sums->runs++;
    return true;
}

bool report_gather(struct report *report, struct error *error)
{
    struct store *store = report->review->store;
    const struct store_filter *filter = &report->review->filter;
    struct report_sums *sums = &report->sums;
    const struct store_grouping one = {.key_count = 0};
    const struct store_grouping by_verdict = {.keys = {STORE_BY_VERDICT}, .key_count = 1};
    return store_groups(store, filter, &one, keep_all, sums, error) &&
           store_groups(store, filter, &by_verdict, add_to_verdicts, sums, error) &&
           store_findings(store, filter, count_finding, sums, error) &&
           store_runs(store, filter, add_run, sums, error);
}
