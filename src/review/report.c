/* SPDX-License-Identifier: Apache-2.0
 *
 * The page around the sections. Its policy lets in exactly the styles and scripts that are written
 * here, each by its hash: a name from a packet that somehow became a tag would still do nothing.
 */
#include "review/report.h"

#include "review/asset.h"
#include "review/report_parts.h"

#include <assert.h>

static const char *const styles[] = {"uPlot.min.css", "style.css"};
static const char *const scripts[] = {"uPlot.iife.min.js", "charts.js", "report.js"};

enum { STYLES_COUNT = 2, SCRIPTS_COUNT = 3 };

static const struct asset *asset_of(const char *name)
{
    const struct asset *asset = asset_find(name);
    assert(asset);
    return asset;
}

static void add_hashes(struct text *out, const char *const *names, size_t count)
{
    char hash[ASSET_HASH_SIZE];
    for (size_t i = 0; i < count; i++)
        text_addf(out, " '%s'", asset_hash(asset_of(names[i]), hash));
}

static void add_policy(struct text *out)
{
    text_add(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "base-uri 'none'; form-action 'none'; style-src");
    add_hashes(out, styles, STYLES_COUNT);
    text_add(out, "; script-src");
    add_hashes(out, scripts, SCRIPTS_COUNT);
    text_add(out, "\">\n");
}

/* Octet by octet between the tags: the hash is of exactly that. */
static void add_assets(struct text *out, const char *element, const char *const *names,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct span bytes = asset_of(names[i])->bytes;
        text_addf(out, "<%s>", element);
        text_add_n(out, (const char *)bytes.at, bytes.length);
        text_addf(out, "</%s>\n", element);
    }
}

static void add_head(struct report *report)
{
    struct text *out = report->out;
    text_add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(out);
    text_add(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<meta name=\"robots\" content=\"noindex\">\n<title>portscope report");
    if (report->source->name) {
        text_add(out, ": ");
        html_words(out, report->source->name);
    }
    text_add(out, "</title>\n");
    add_assets(out, "style", styles, STYLES_COUNT);
    text_add(out, "</head>\n<body>\n<div class=\"page\">\n");
}

static void add_brand(struct report *report)
{
    struct text *out = report->out;
    text_add(out, "<header>\n<p class=\"brand\"><strong>portscope report</strong>");
    if (report->source->name) {
        text_add(out, "<span>of ");
        html_words(out, report->source->name);
        text_add(out, "</span>");
    }
    if (report->source->scope && report->source->scope[0] != '\0') {
        text_add(out, "<span>restricted to ");
        html_code(out, report->source->scope);
        text_add(out, "</span>");
    }
    text_add(out, "</p>\n");
}

/* What is told of the software itself, and its licence as MIT wants it told. */
static void add_foot(struct report *report)
{
    struct text *out = report->out;
    const struct span licence = asset_of("LICENSE")->bytes;
    text_addf(
        out,
        "</main>\n<footer class=\"small quiet\">\n<p>Made by portscope %s. All times are UTC. "
        "This file asks nothing of any network.</p>\n"
        "<details class=\"screen-only\"><summary>Charts are drawn by uPlot</summary>"
        "<pre class=\"small\">",
        report->source->version);
    text_add_n(out, (const char *)licence.at, licence.length);
    text_add(out, "</pre></details>\n</footer>\n</div>\n");
}

static void add_data(struct report *report)
{
    text_add(report->out, "<script type=\"application/json\" id=\"data\">");
    html_json(report->out, text_words(&report->data));
    text_add(report->out, "</script>\n");
}

void section_begin(struct report *report, const char *id, const char *heading, const char *lead)
{
    text_addf(report->out,
              "<section class=\"card\" id=\"%s\" aria-labelledby=\"%s-heading\">\n"
              "<h2 id=\"%s-heading\">%s</h2>\n",
              id, id, id, heading);
    if (lead)
        text_addf(report->out, "<p class=\"quiet\">%s</p>\n", lead);
}

void section_end(struct report *report)
{
    text_add(report->out, "</section>\n");
}

static bool add_sections(struct report *report, struct error *error)
{
    static bool (*const sections[])(struct report *, struct error *) = {
        section_headline, section_findings, section_timeline, section_services,
        section_pairs,    section_profiles, section_totals,
    };
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (!sections[i](report, error))
            return false;
    }
    return true;
}

bool review_report(struct review *review, const struct report_source *source, struct text *out,
                   struct error *error)
{
    struct report report = {.review = review, .source = source, .out = out};
    if (!report_gather(&report, error))
        return false;
    add_head(&report);
    add_brand(&report);
    bool is_done = add_sections(&report, error);
    add_foot(&report);
    add_data(&report);
    add_assets(out, "script", scripts, SCRIPTS_COUNT);
    text_add(out, "</body>\n</html>");
    text_free(&report.data);
    return is_done;
}
