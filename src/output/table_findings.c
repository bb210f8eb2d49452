/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_report.h"

#include "output/record_words.h"

#include <string.h>

enum { FINDINGS_SHOWN = 20, SEVERITY_COLUMN = 11 };

static void add_finding_counts(struct text *line, const struct finding_list *findings)
{
    const char *comma = "  ";
    for (enum severity i = SEVERITIES; i-- > 0;) {
        if (findings->by_severity[i] == 0)
            continue;
        text_add(line, comma);
        text_add_count(line, findings->by_severity[i]);
        text_add_char(line, ' ');
        text_add(line, severity_name(i));
        comma = ", ";
    }
}

static void add_hosts(struct text *line, const struct finding *finding)
{
    char words[ADDRESS_TEXT_SIZE];
    if (finding->has_flow) {
        text_add(line, address_text(&finding->initiator.address, words));
        text_add(line, " -> ");
        add_endpoint(line, &finding->responder.address, finding->responder.port);
        return;
    }
    for (size_t i = 0; i < finding->host_count; i++) {
        text_add(line, i > 0 ? ", " : "");
        text_add(line, address_text(&finding->hosts[i], words));
    }
    if (finding->hosts_total > finding->host_count) {
        text_add(line, " and ");
        text_add_count(line, finding->hosts_total - finding->host_count);
        text_add(line, " more");
    }
}

static void add_why(struct page *page, struct text *line, const struct finding *finding)
{
    for (size_t i = 0; i < finding->why_count; i++) {
        text_add(line, i > 0 ? "; " : "");
        add_printable(line, finding->why[i]);
    }
    page_paragraph(page, 4, STYLE_PLAIN, line);
}

/* What to do next is said once of all findings to which it applies. */
static bool says_next(const struct finding_list *findings, size_t at)
{
    const char *next = findings->all[at].next;
    for (size_t i = 0; next && i < at; i++) {
        const char *said = findings->all[i].next;
        if (said && strcmp(said, next) == 0)
            return false;
    }
    return next != NULL;
}

static void add_next(struct page *page, struct text *line, const struct finding *finding)
{
    text_add(line, "Next: ");
    add_printable(line, finding->next);
    page_paragraph(page, 4, STYLE_PLAIN, line);
}

static void add_origin(struct page *page, struct text *line, const struct finding *finding)
{
    text_addf(line, "%s, confidence %u %%", finding->detector, finding->confidence);
    if (finding->attack_id)
        text_addf(line, ", ATT&CK %s", finding->attack_id);
    page_paragraph(page, 4, STYLE_QUIET, line);
}

/* On a line of its own, to be copied. */
static void add_filter(struct page *page, struct text *line, const struct finding *finding)
{
    if (finding->display_filter[0] == '\0')
        return;
    text_add(line, "Wireshark: ");
    add_printable(line, finding->display_filter);
    page_paragraph(page, 4, STYLE_QUIET, line);
}

static void add_title(struct page *page, struct text *line, const struct finding *finding)
{
    static const enum style styles[SEVERITIES] = {
        [SEVERITY_INFO] = STYLE_QUIET,
        [SEVERITY_MEDIUM] = STYLE_WARNING,
        [SEVERITY_HIGH] = STYLE_ALARM,
        [SEVERITY_CRITICAL] = STYLE_ALARM,
    };
    text_addf(line, "%-*s", SEVERITY_COLUMN, severity_name(finding->severity));
    add_printable(line, finding->title);
    if (finding->count > 1) {
        text_add(line, ", ");
        text_add_counted(line, finding->count, "time");
    }
    page_paragraph(page, 0, styles[finding->severity], line);
}

static void add_finding(struct page *page, const struct finding_list *findings, size_t at)
{
    const struct finding *finding = &findings->all[at];
    struct text line = {0};
    add_title(page, &line, finding);
    add_hosts(&line, finding);
    page_paragraph(page, 4, STYLE_PLAIN, &line);
    add_why(page, &line, finding);
    if (says_next(findings, at))
        add_next(page, &line, finding);
    add_origin(page, &line, finding);
    add_filter(page, &line, finding);
    text_free(&line);
}

void report_findings(struct page *page, const struct finding_list *findings)
{
    struct text line = {0};
    if (findings->count == 0)
        return;
    text_add(&line, "FINDINGS");
    add_finding_counts(&line, findings);
    page_heading(page, text_words(&line));
    text_clear(&line);
    uint64_t total = 0;
    for (size_t i = 0; i < SEVERITIES; i++)
        total += findings->by_severity[i];
    size_t shown = findings->count < FINDINGS_SHOWN ? findings->count : FINDINGS_SHOWN;
    for (size_t i = 0; i < shown; i++)
        add_finding(page, findings, i);
    if (total > shown) {
        text_add_counted(&line, total - shown, "more finding");
        text_add(&line, ", no worse than these; -o eve:FILE has them all");
        page_paragraph(page, 0, STYLE_QUIET, &line);
    }
    text_free(&line);
}
