/* SPDX-License-Identifier: Apache-2.0 */
#include "app/finder.h"

#include "base/text.h"
#include "detect/baseline.h"
#include "detect/observation.h"
#include "rules/rules.h"

#include <unistd.h>

static void on_finding(void *context, const struct finding *finding)
{
    struct finder *finder = context;
    sinks_finding(finder->sinks, finding);
    if (finder->options.has_fail_on && finding->severity >= finder->options.fail_on)
        finder->failing++;
}

/* Learning adds to what an earlier run wrote. */
static bool open_lesson(struct finder *finder, struct error *error)
{
    const char *path = finder->options.learns_to;
    finder->baseline = baseline_new();
    return access(path, F_OK) != 0 || baseline_load(finder->baseline, path, error);
}

static bool open_baseline(struct finder *finder, struct error *error)
{
    if (!finder->options.baseline)
        return true;
    finder->baseline = baseline_new();
    return baseline_load(finder->baseline, finder->options.baseline, error);
}

bool finder_open(struct finder *finder, const struct finder_options *options,
                 const struct rulebook *rulebook, struct error *error)
{
    *finder = (struct finder){.options = *options, .rulebook = rulebook, .site = site_default()};
    if (options->is_off)
        return true;
    if (options->site && !site_load(options->site, rulebook, &finder->site, error))
        return false;
    if (options->learns_to ? !open_lesson(finder, error) : !open_baseline(finder, error)) {
        finder_close(finder);
        return false;
    }
    if (options->learns_to)
        return true;
    const struct detectors_options detectors = {
        .site = &finder->site,
        .rulebook = rulebook,
        .baseline = finder->baseline,
        .settings = options->settings,
        .setting_count = options->setting_count,
        .key = siphash_random_key(),
        .suppress_ns = options->suppress_ns,
        .on_finding = on_finding,
        .context = finder,
    };
    finder->detectors = detectors_new(&detectors, error);
    if (!finder->detectors)
        finder_close(finder);
    return finder->detectors != NULL;
}

void finder_set_outputs(struct finder *finder, struct sinks *sinks, struct notices *notices)
{
    finder->sinks = sinks;
    finder->notices = notices;
}

bool finder_reload(struct finder *finder, const struct rulebook *rulebook, struct error *error)
{
    struct site site;
    if (!finder->detectors)
        return true;
    if (finder->options.site) {
        if (!site_load(finder->options.site, rulebook, &site, error))
            return false;
        site_free(&finder->site);
        finder->site = site;
    }
    finder->rulebook = rulebook;
    detectors_set_rules(finder->detectors, rulebook);
    return true;
}

void finder_add(struct finder *finder, const struct flow_record *record)
{
    if (finder->detectors)
        detectors_on_flow(finder->detectors, record);
    if (finder->options.learns_to) {
        const struct observation seen =
            observation_of(record, &finder->site, &finder->rulebook->watched);
        baseline_learn(finder->baseline, &seen);
    }
}

bool finder_tick(struct finder *finder, int64_t now_ns)
{
    return finder->detectors && detectors_on_tick(finder->detectors, now_ns);
}

bool finder_is_waiting(const struct finder *finder)
{
    return finder->detectors && detectors_hold_findings(finder->detectors);
}

static void report_failing(const struct finder *finder)
{
    struct text sentence = {0};
    text_add_u64(&sentence, finder->failing);
    text_addf(&sentence, " finding%s of severity %s or worse (--fail-on)",
              finder->failing == 1 ? "" : "s", severity_name(finder->options.fail_on));
    notices_report(finder->notices, EXIT_FINDINGS, text_words(&sentence));
    text_free(&sentence);
}

static void save_lesson(const struct finder *finder)
{
    const struct baseline *baseline = finder->baseline;
    struct error error;
    if (!baseline_save(baseline, finder->options.learns_to, &error)) {
        notices_report(finder->notices, EXIT_OUTPUT_FAILED, error.text);
        return;
    }
    notices_hint(finder->notices, "learnt: %zu services, %zu pairs", baseline_services(baseline),
                 baseline_pairs(baseline));
    if (baseline_refused(baseline) > 0)
        notices_hint(finder->notices, "the baseline is full: %llu sightings found no place",
                     (unsigned long long)baseline_refused(baseline));
}

/* An entry that nothing used may be out of date, or hidden by one before it. */
static void hint_unused(const struct finder *finder)
{
    const uint64_t *uses = detectors_rule_uses(finder->detectors);
    for (size_t i = 0; i < finder->site.rule_count; i++) {
        if (uses[i] == 0)
            notices_hint(finder->notices, "site policy, %s: not used (%s)",
                         finder->site.rules[i].defined_at, finder->site.rules[i].comment);
    }
}

void finder_end(struct finder *finder, const struct totals *totals)
{
    if (finder->options.learns_to)
        save_lesson(finder);
    if (!finder->detectors)
        return;
    detectors_on_end(finder->detectors, totals->capture.last_ns);
    hint_unused(finder);
    if (finder->baseline)
        notices_hint(finder->notices,
                     "baseline: %zu services and %zu pairs were known; %llu answered conversations "
                     "were of known pairs, %llu of new ones",
                     baseline_services(finder->baseline), baseline_pairs(finder->baseline),
                     (unsigned long long)detectors_known_flows(finder->detectors),
                     (unsigned long long)detectors_new_flows(finder->detectors));
    if (finder->failing > 0)
        report_failing(finder);
}

void finder_count_limits(const struct finder *finder, struct totals *totals)
{
    if (finder->detectors)
        detectors_count_limits(finder->detectors, totals);
}

void finder_close(struct finder *finder)
{
    detectors_free(finder->detectors);
    baseline_free(finder->baseline);
    site_free(&finder->site);
    finder->detectors = NULL;
    finder->baseline = NULL;
}
