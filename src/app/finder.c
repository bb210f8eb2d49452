/* SPDX-License-Identifier: Apache-2.0 */
#include "app/finder.h"

#include "base/text.h"
#include "detect/baseline.h"

static void on_finding(void *context, const struct finding *finding)
{
    struct finder *finder = context;
    sinks_finding(finder->sinks, finding);
    if (finder->options.has_fail_on && finding->severity >= finder->options.fail_on)
        finder->failing++;
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
    *finder = (struct finder){.options = *options, .site = site_default()};
    if (options->is_off)
        return true;
    if (!open_baseline(finder, error)) {
        finder_close(finder);
        return false;
    }
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

void finder_set_rulebook(struct finder *finder, const struct rulebook *rulebook)
{
    if (finder->detectors)
        detectors_set_rulebook(finder->detectors, rulebook);
}

void finder_add(struct finder *finder, const struct flow_record *record)
{
    if (finder->detectors)
        detectors_on_flow(finder->detectors, record);
}

void finder_tick(struct finder *finder, int64_t now_ns)
{
    if (finder->detectors)
        detectors_on_tick(finder->detectors, now_ns);
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

void finder_end(struct finder *finder, struct totals *totals)
{
    if (!finder->detectors)
        return;
    detectors_on_end(finder->detectors, totals->capture.last_ns);
    detectors_count_limits(finder->detectors, totals);
    if (finder->failing > 0)
        report_failing(finder);
}

void finder_close(struct finder *finder)
{
    detectors_free(finder->detectors);
    baseline_free(finder->baseline);
    finder->detectors = NULL;
    finder->baseline = NULL;
}
