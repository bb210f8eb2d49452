/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody should look at, worst first: what, why, and what to do now. Each opens; the first
 * few are open.
 */
#include "review/report_parts.h"

#include "base/timestamp.h"
#include "output/page.h"

enum { SHOWN_MAX = 100, OPEN_MAX = 3 };

struct list {
    struct report *report;
    size_t start; /* where it began in the page */
    uint64_t shown, more, acknowledged;
};

static void add_pair(struct text *out, const char *name, const char *words)
{
    if (words[0] == '\0')
        return;
    text_addf(out, "<dt>%s</dt><dd>", name);
    html_words(out, words);
    text_add(out, "</dd>\n");
}

static void add_filter(struct text *out, const char *name, const char *words)
{
    if (words[0] == '\0')
        return;
    text_addf(out, "<dt>%s</dt><dd>", name);
    html_code(out, words);
    text_add(out, "</dd>\n");
}

/* One reason a line. */
static void add_why(struct text *out, const char *lines)
{
    text_add(out, lines[0] != '\0' ? "<ul class=\"why\">" : "");
    for (const char *at = lines; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        text_add(out, "<li>");
        html_words_n(out, at, length);
        text_add(out, "</li>\n");
        at += length;
        at += *at == '\n';
    }
    text_add(out, lines[0] != '\0' ? "</ul>\n" : "");
}

static void add_times(struct text *out, const struct store_finding *finding)
{
    char first[TIMESTAMP_TEXT_SIZE], last[TIMESTAMP_TEXT_SIZE];
    text_addf(out, "<dt>Seen</dt><dd>%s", timestamp_human(finding->first_ns, first));
    if (finding->last_ns != finding->first_ns)
        text_addf(out, " to %s", timestamp_human(finding->last_ns, last));
    text_add(out, ", ");
    text_add_counted(out, finding->count, "time");
    text_add(out, "</dd>\n");
}

static void add_hosts(struct text *out, const struct store_finding *finding)
{
    size_t kept = finding->hosts[0] != '\0';
    for (const char *at = finding->hosts; *at != '\0'; at++)
        kept += *at == ' ';
    if (kept == 0)
        return;
    text_add(out, "<dt>Hosts</dt><dd>");
    for (const char *at = finding->hosts; *at != '\0';) {
        size_t length = strcspn(at, " ");
        html_words_n(out, at, length);
        at += length;
        text_add(out, *at == ' ' ? ", " : "");
        at += *at == ' ';
    }
    if (finding->hosts_total > kept) {
        text_add(out, " and ");
        text_add_count(out, finding->hosts_total - kept);
        text_add(out, " more");
    }
    text_add(out, "</dd>\n");
}

static void add_attack(struct text *out, const struct store_finding *finding)
{
    if (finding->attack_id[0] == '\0')
        return;
    text_add(out, "<dt>ATT&amp;CK</dt><dd>");
    html_words(out, finding->attack_id);
    text_add_char(out, ' ');
    html_words(out, finding->attack_name);
    text_add(out, "</dd>\n");
}

static void add_details(struct text *out, const struct store_finding *finding)
{
    text_add(out, "<dl class=\"details\">\n");
    add_times(out, finding);
    add_hosts(out, finding);
    add_pair(out, "Flow", finding->flow);
    add_pair(out, "Service", finding->service);
    add_pair(out, "Probe", finding->probe);
    text_add(out, "<dt>Detector</dt><dd>");
    html_words(out, finding->detector);
    text_addf(out, ", confidence %u %%</dd>\n", (unsigned)finding->confidence);
    add_attack(out, finding);
    add_filter(out, "Wireshark", finding->display_filter);
    add_filter(out, "tcpdump", finding->capture_filter);
    add_filter(out, "Evidence", finding->evidence_file);
    add_filter(out, "Finding", finding->id);
    text_add(out, "</dl>\n");
}

static void add_summary(struct text *out, const struct store_finding *finding)
{
    char last[TIMESTAMP_TEXT_SIZE];
    const char *severity = severity_name(finding->severity);
    text_addf(out, "<summary><span class=\"badge severity-%s\">%s</span> <span class=\"title\">",
              severity, severity);
    html_words(out, finding->title);
    text_add(out, "</span> <span class=\"quiet small\">");
    if (finding->count > 1) {
        text_add_counted(out, finding->count, "time");
        text_add(out, ", last ");
    }
    text_addf(out, "%s</span></summary>\n", timestamp_human(finding->last_ns, last));
}

static void add_finding(struct list *list, const struct store_finding *finding)
{
    struct text *out = list->report->out;
    text_addf(out, "<details class=\"finding edge-%s\"%s>", severity_name(finding->severity),
              list->shown < OPEN_MAX ? " open" : "");
    add_summary(out, finding);
    text_add(out, "<div class=\"body\">\n");
    add_why(out, finding->why);
    if (finding->next[0] != '\0') {
        text_add(out, "<p class=\"next\"><b>Next:</b> ");
        html_words(out, finding->next);
        text_add(out, "</p>\n");
    }
    add_details(out, finding);
    text_add(out, "</div></details>\n");
}

static bool on_finding(void *context, const struct store_finding *finding)
{
    struct list *list = context;
    size_t used = list->report->out->length - list->start;
    if (finding->is_acknowledged) {
        list->acknowledged++;
    } else if (list->shown == SHOWN_MAX || used > REPORT_FINDINGS_BYTES) {
        list->more++;
    } else {
        add_finding(list, finding);
        list->shown++;
    }
    return true;
}

bool section_findings(struct report *report, struct error *error)
{
    section_begin(report, "findings", "Findings",
                  report_findings_from(&report->sums, SEVERITY_INFO) > 0
                      ? "The worst first. Each opens and says why, and what to do next."
                      : "There is none.");
    struct list list = {.report = report, .start = report->out->length};
    bool is_done =
        store_findings(report->review->store, &report->review->filter, on_finding, &list, error);
    html_more(report->out, list.more, "more finding", ", none of them worse than those above.");
    html_more(report->out, list.acknowledged, "finding", " that somebody has acknowledged.");
    section_end(report);
    return is_done;
}
