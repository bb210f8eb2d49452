/* SPDX-License-Identifier: Apache-2.0
 *
 * The first thing read, perhaps the only one: what was seen, how bad it is, what limited the
 * answer.
 */
#include "review/report_parts.h"

#include "base/timestamp.h"
#include "output/page.h"

enum { TITLE_SHOWN = 120 };

static void add_calm_title(struct text *out, const struct report_sums *sums)
{
    const char *words = "Nothing on the watched ports asks for a look";
    if (sums->all.flows == 0)
        words = "Nothing was seen on the watched ports";
    else if (sums->verdicts[VERDICT_MASQUERADE] > 0)
        words = "No finding, but some flows are not what their port is for";
    text_addf(out, "<h1>%s</h1>\n", words);
}

/* "14 high findings: 198.51.100.20 on TCP 154 (netsc-prod) speaks SSH, and 13 more" */
static void add_worst_title(struct text *out, const struct report_sums *sums)
{
    uint64_t worst = sums->findings[sums->worst];
    text_add(out, "<h1>");
    text_add_count(out, worst);
    text_addf(out, " %s finding%s: ", severity_name(sums->worst), worst == 1 ? "" : "s");
    html_words_n(out, sums->worst_title, strnlen(sums->worst_title, TITLE_SHOWN));
    text_add(out, strlen(sums->worst_title) > TITLE_SHOWN ? "&hellip;" : "");
    if (worst > 1) {
        text_add(out, ", and ");
        text_add_count(out, worst - 1);
        text_add(out, " more");
    }
    text_add(out, "</h1>\n");
}

static void add_seen(struct text *out, const struct report_sums *sums)
{
    char first[TIMESTAMP_TEXT_SIZE], last[TIMESTAMP_TEXT_SIZE], length[TIMESTAMP_TEXT_SIZE];
    const struct store_group *all = &sums->all;
    text_add(out, "<p class=\"lead\">Seen: ");
    text_add_counted(out, all->flows, "flow");
    if (all->flows > 0) {
        text_add(out, " of ");
        text_add_counted(out, all->packets_there + all->packets_back, "packet");
        text_add(out, " and ");
        text_add_bytes(out, all->bytes_there + all->bytes_back);
        text_addf(out, ", from %s", timestamp_human(all->first_ns, first));
        text_addf(out, " to %s UTC", timestamp_human(all->last_ns, last));
        text_addf(out, " (%s)", duration_human(all->last_ns - all->first_ns, length));
    }
    text_add(out, ".</p>\n");
}

static void add_limits(struct text *out, const struct report *report)
{
    struct text sentences[REPORT_LIMITS_MAX] = {{0}};
    size_t count = report_limitations(report, sentences);
    text_add(out, "<p class=\"lead\">What limited this answer: ");
    text_add(out, count == 0 ? "nothing; every packet is accounted for" : "");
    for (size_t i = 0; i < count; i++) {
        text_add(out, i > 0 ? "; " : "");
        text_add(out, text_words(&sentences[i]));
        text_free(&sentences[i]);
    }
    text_add(out, ". <a class=\"screen-only\" href=\"#totals\">All numbers</a></p>\n");
}

static void add_finding_facts(struct text *out, const struct report_sums *sums)
{
    text_add(out, "<div><dt>Findings</dt><dd>");
    text_add_count(out, report_findings_from(sums, SEVERITY_INFO));
    text_add(out, "<small>");
    for (enum severity severity = SEVERITIES; severity-- > 0;) {
        if (sums->findings[severity] == 0)
            continue;
        text_addf(out, "<span class=\"badge severity-%s\">", severity_name(severity));
        text_add_count(out, sums->findings[severity]);
        text_addf(out, " %s</span> ", severity_name(severity));
    }
    if (sums->acknowledged > 0) {
        text_add_count(out, sums->acknowledged);
        text_add(out, " acknowledged besides");
    }
    text_add(out, "</small></dd></div>\n");
}

static void add_fact(struct text *out, const char *name, uint64_t number, const char *words)
{
    text_addf(out, "<div><dt>%s</dt><dd>", name);
    text_add_count(out, number);
    text_addf(out, "<small>%s</small></dd></div>\n", words);
}

static void add_facts(struct text *out, const struct report *report)
{
    const struct report_sums *sums = &report->sums;
    struct text bytes = {0}, inputs = {0};
    text_add_bytes(&bytes, sums->all.bytes_there + sums->all.bytes_back);
    if (sums->run.inputs > 0)
        text_add_counted(&inputs, sums->run.inputs, sums->run.is_live ? "interface" : "capture");
    text_add(out, "<dl class=\"facts\">\n");
    add_finding_facts(out, sums);
    add_fact(out, "Flows", sums->all.flows, text_words(&bytes));
    add_fact(out, "Not what the port is for", sums->verdicts[VERDICT_MASQUERADE],
             "flows speak something else");
    add_fact(out, "Not recognised",
             sums->verdicts[VERDICT_UNVERIFIED] + sums->verdicts[VERDICT_GUESS],
             "flows unverified, or a guess");
    if (sums->runs > 0)
        add_fact(out, "Packets read", sums->run.packets, text_words(&inputs));
    text_add(out, "</dl>\n");
    text_free(&bytes);
    text_free(&inputs);
}

/* All flows in one bar, each verdict its part. */
static void add_verdict_bar(struct text *out, const struct report_sums *sums)
{
    enum { WIDTH = 1000, HEIGHT = 12 };
    uint64_t all = 0, before = 0;
    for (enum verdict verdict = 0; verdict < VERDICTS; verdict++)
        all += sums->verdicts[verdict];
    if (all == 0)
        return;
    text_addf(out,
              "<div class=\"verdicts together\">\n<svg class=\"whole-bar\" viewBox=\"0 0 %d %d\" "
              "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
              WIDTH, HEIGHT);
    for (size_t i = 0; i < VERDICTS; i++) {
        enum verdict verdict = report_verdict_order[i];
        double from = (double)before / (double)all * WIDTH;
        before += sums->verdicts[verdict];
        double to = (double)before / (double)all * WIDTH;
        if (sums->verdicts[verdict] > 0)
            text_addf(out, "<path class=\"bar verdict-%s\" d=\"M%.1f 0H%.1fV%dH%.1fz\"/>",
                      verdict_name(verdict), from, to, HEIGHT, from);
    }
    text_add(out, "</svg>\n<ul class=\"legend\">\n");
    for (size_t i = 0; i < VERDICTS; i++) {
        enum verdict verdict = report_verdict_order[i];
        if (sums->verdicts[verdict] == 0)
            continue;
        text_add(out, "<li><b>");
        text_add_count(out, sums->verdicts[verdict]);
        text_add(out, "</b> ");
        html_verdict(out, verdict_name(verdict));
        text_addf(out, " <span class=\"quiet\">%s</span></li>\n", report_verdict_words(verdict));
    }
    text_add(out, "</ul>\n</div>\n");
}

static void add_contents(struct text *out)
{
    text_add(out, "<nav aria-label=\"Sections\"><ul class=\"contents\">"
                  "<li><a href=\"#findings\">Findings</a></li>"
                  "<li><a href=\"#timeline\">Timeline</a></li>"
                  "<li><a href=\"#services\">Services</a></li>"
                  "<li><a href=\"#pairs\">Who talks to whom</a></li>"
                  "<li><a href=\"#profiles\">Not recognised</a></li>"
                  "<li><a href=\"#totals\">Totals and limits</a></li></ul></nav>\n");
}

bool section_headline(struct report *report, struct error *error)
{
    struct text *out = report->out;
    const struct report_sums *sums = &report->sums;
    (void)error;
    if (report_findings_from(sums, SEVERITY_LOW) > 0)
        add_worst_title(out, sums);
    else
        add_calm_title(out, sums);
    add_seen(out, sums);
    add_limits(out, report);
    add_facts(out, report);
    add_verdict_bar(out, sums);
    add_contents(out);
    text_add(out, "</header>\n<main>\n");
    return true;
}
