/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_report.h"

#include "base/timestamp.h"
#include "output/grid.h"
#include "output/record_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOPICS_SHOWN = 20,
    PAIRS_SHOWN = 5,
    FINDINGS_SHOWN = 20,
    VERDICT_COLUMN = 11,
};

static const enum style verdict_styles[VERDICTS] = {
    [VERDICT_MASQUERADE] = STYLE_ALARM,   [VERDICT_GUESS] = STYLE_WARNING,
    [VERDICT_UNVERIFIED] = STYLE_WARNING, [VERDICT_STRAY] = STYLE_WARNING,
    [VERDICT_CONFIRMED] = STYLE_GOOD,
};

/* Adds a wrapped paragraph and empties `words`. */
static void add_paragraph(struct page *page, size_t indent, enum style style, struct text *words)
{
    page_wrap(page, indent, style, text_words(words));
    text_clear(words);
}

static void add_input(struct text *line, const struct totals *totals, const struct groups *groups)
{
    const struct capture_totals *capture = &totals->capture;
    if (groups->input[0] != '\0' && capture->inputs <= 1) {
        text_add(line, groups->input);
        text_add(line, capture->inputs_damaged ? " (damaged)" : "");
        return;
    }
    text_add_counted(line, capture->inputs, capture->is_live ? "interface" : "capture");
    if (capture->inputs_damaged > 0)
        text_addf(line, " (%u damaged)", capture->inputs_damaged);
}

static void add_time_span(struct text *line, int64_t first_ns, int64_t last_ns)
{
    char first[TIMESTAMP_TEXT_SIZE], last[TIMESTAMP_TEXT_SIZE], long_[TIMESTAMP_TEXT_SIZE];
    int64_t duration = 0;
    timestamp_human(first_ns, first);
    timestamp_human(last_ns, last);
    bool is_same_day = strncmp(first, last, strlen("2026-11-20 ")) == 0;
    if (__builtin_sub_overflow(last_ns, first_ns, &duration))
        duration = INT64_MAX;
    text_addf(line, "%s to %s UTC, %s", first, last + (is_same_day ? strlen("2026-11-20 ") : 0),
              duration_human(duration, long_));
}

void report_headline(struct page *page, const struct totals *totals, const struct groups *groups)
{
    const struct capture_totals *capture = &totals->capture;
    struct text line = {0};
    add_input(&line, totals, groups);
    text_add(&line, ": ");
    text_add_counted(&line, capture->packets_read, "packet");
    text_add(&line, ", ");
    text_add_bytes(&line, capture->bytes_read);
    add_paragraph(page, 0, STYLE_HEADING, &line);
    if (capture->packets_read > 0) {
        add_time_span(&line, capture->first_ns, capture->last_ns);
        add_paragraph(page, 0, STYLE_PLAIN, &line);
    }
    if (groups->flows == 0) {
        text_add(&line, "\nNothing was seen on the watched ports: ");
        text_add_counted(&line, capture->packets_read, "packet");
        text_add(&line, " looked at, no flow there.");
        page_add(page, STYLE_HEADING, text_words(&line));
        text_add_char(page->text, '\n');
    }
    text_free(&line);
}

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

static void add_endpoint(struct text *line, const struct address *address, unsigned port)
{
    char words[ADDRESS_TEXT_SIZE];
    address_text(address, words);
    text_addf(line, address->version == 6 ? "[%s]" : "%s", words);
    if (port > 0)
        text_addf(line, ":%u", port);
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

static void add_printable(struct text *line, const char *string)
{
    text_add_printable(line, span_of(string));
}

static void add_finding(struct page *page, const struct finding *finding)
{
    static const enum style styles[SEVERITIES] = {
        [SEVERITY_INFO] = STYLE_QUIET,
        [SEVERITY_MEDIUM] = STYLE_WARNING,
        [SEVERITY_HIGH] = STYLE_ALARM,
        [SEVERITY_CRITICAL] = STYLE_ALARM,
    };
    struct text line = {0};
    text_addf(&line, "%-*s", VERDICT_COLUMN, severity_name(finding->severity));
    add_printable(&line, finding->title);
    if (finding->count > 1) {
        text_add(&line, ", ");
        text_add_counted(&line, finding->count, "time");
    }
    add_paragraph(page, 0, styles[finding->severity], &line);
    add_hosts(&line, finding);
    add_paragraph(page, 4, STYLE_PLAIN, &line);
    for (size_t i = 0; i < finding->why_count; i++) {
        add_printable(&line, finding->why[i]);
        add_paragraph(page, 4, STYLE_PLAIN, &line);
    }
    if (finding->next) {
        text_add(&line, "Next: ");
        add_printable(&line, finding->next);
        add_paragraph(page, 4, STYLE_PLAIN, &line);
    }
    text_addf(&line, "%s, confidence %u %%", finding->detector, finding->confidence);
    if (finding->attack_id)
        text_addf(&line, ", ATT&CK %s", finding->attack_id);
    if (finding->display_filter[0] != '\0') {
        text_add(&line, ", Wireshark: ");
        add_printable(&line, finding->display_filter);
    }
    add_paragraph(page, 4, STYLE_QUIET, &line);
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
        add_finding(page, &findings->all[i]);
    if (total > shown) {
        text_add_counted(&line, total - shown, "more finding");
        text_add(&line, ", no worse than these; -o eve:FILE has them all");
        add_paragraph(page, 0, STYLE_QUIET, &line);
    }
    text_free(&line);
}

static void add_cell_count(struct grid *grid, uint64_t number)
{
    struct text cell = {0};
    text_add_count(&cell, number);
    grid_add(grid, number > 0 ? text_words(&cell) : "-");
    text_free(&cell);
}

static void add_cell_bytes(struct grid *grid, uint64_t bytes)
{
    struct text cell = {0};
    text_add_bytes(&cell, bytes);
    grid_add(grid, text_words(&cell));
    text_free(&cell);
}

/* In the order of the columns; `unassigned` needs none: it is all that a port without rule has. */
static const enum verdict service_columns[] = {
    VERDICT_CONFIRMED, VERDICT_MASQUERADE, VERDICT_UNVERIFIED,
    VERDICT_GUESS,     VERDICT_STRAY,      VERDICT_EMPTY,
};
enum { SERVICE_COLUMNS = sizeof service_columns / sizeof service_columns[0] };

static void add_service_line(struct grid *grid, const char *name, const struct service_line *line)
{
    struct text cell = {0};
    add_printable(&cell, name);
    grid_add(grid, text_words(&cell));
    text_clear(&cell);
    if (line->service)
        text_add_u64(&cell, line->service->port);
    grid_add(grid, text_words(&cell));
    text_free(&cell);
    add_cell_count(grid, line->flows);
    for (size_t i = 0; i < SERVICE_COLUMNS; i++)
        add_cell_count(grid, line->verdicts[service_columns[i]]);
    add_cell_bytes(grid, line->wire_bytes);
}

void report_services(struct page *page, const struct groups *groups)
{
    struct grid grid = {.columns = "lrrrrrrrrr", .most = 24};
    if (groups->flows == 0)
        return;
    grid_add(&grid, "service");
    grid_add(&grid, "port");
    grid_add(&grid, "flows");
    for (size_t i = 0; i < SERVICE_COLUMNS; i++)
        grid_add(&grid, verdict_name(service_columns[i]));
    grid_add(&grid, "bytes");
    const struct service_line *without_rule = NULL;
    for (size_t i = 0; i < groups->service_count; i++) {
        const struct service_line *line = &groups->services[i];
        if (line->service)
            add_service_line(&grid, line->service->name, line);
        else
            without_rule = line;
    }
    if (groups->other_services.flows > 0)
        add_service_line(&grid, "other services", &groups->other_services);
    if (without_rule)
        add_service_line(&grid, "(no rule)", without_rule);
    page_heading(page, "SERVICES");
    grid_print(&grid, page, 0);
}

/* "SSH on netcp, 395/tcp". */
static void add_topic_name(struct text *line, const struct topic_key *key)
{
    static const char *const without_name[VERDICTS] = {
        [VERDICT_EMPTY] = "no payload",
        [VERDICT_UNVERIFIED] = "payload that nothing recognises",
        [VERDICT_CONFIRMED] = "as assigned",
        [VERDICT_MASQUERADE] = "something else",
        [VERDICT_GUESS] = "perhaps something else",
        [VERDICT_STRAY] = "payload",
        [VERDICT_UNASSIGNED] = "payload that nothing recognises",
    };
    char number[TRANSPORT_TEXT_SIZE], transport[TRANSPORT_TEXT_SIZE];
    lower_case(transport_text(key->protocol, number), transport, sizeof transport);
    if (key->verdict == VERDICT_GUESS && key->application[0] != '\0')
        text_add(line, "perhaps ");
    if (key->application[0] != '\0')
        add_printable(line, key->application);
    else
        text_add(line, without_name[key->verdict]);
    text_add(line, key->verdict == VERDICT_STRAY ? " from " : " on ");
    if (key->service[0] != '\0') {
        add_printable(line, key->service);
        text_add(line, ", ");
    }
    text_addf(line, "%u/%s", key->port, transport);
}

static void add_topic_heading(struct page *page, const struct topic *topic)
{
    const char *verdict = verdict_name(topic->key.verdict);
    struct text name = {0};
    struct text sums = {0};
    add_topic_name(&name, &topic->key);
    text_add_counted(&sums, topic->flows, "flow");
    if (topic->payload_bytes > 0) {
        text_add(&sums, ", payload ");
        text_add_bytes(&sums, topic->payload_bytes);
    }
    size_t room = PAGE_COLUMNS - VERDICT_COLUMN - sums.length - 2;
    char shown[PAGE_COLUMNS];
    snprintf(shown, sizeof shown, "%-*.*s", (int)room, (int)room, text_words(&name));
    page_add(page, verdict_styles[topic->key.verdict], verdict);
    page_pad(page, VERDICT_COLUMN + 1 - strlen(verdict));
    page_add(page, STYLE_HEADING, shown);
    page_pad(page, 1);
    text_add(page->text, text_words(&sums));
    text_add_char(page->text, '\n');
    text_free(&name);
    text_free(&sums);
}

static void add_topic_words(struct page *page, const struct topic *topic)
{
    struct text line = {0};
    for (size_t i = 0; i < topic->why_count; i++) {
        add_printable(&line, topic->why[i]);
        add_paragraph(page, 4, STYLE_PLAIN, &line);
    }
    if (topic->note[0] != '\0')
        page_wrap(page, 4, STYLE_PLAIN, topic->note);
    text_free(&line);
}

/* The addresses stand last, so that their length disturbs no column; when both are long, the
 * responder takes a line of its own. */
static void add_pair(struct page *page, const struct pair *pair)
{
    char time[TIMESTAMP_TEXT_SIZE], words[ADDRESS_TEXT_SIZE];
    struct text flows = {0}, bytes = {0}, to = {0};
    text_add_counted(&flows, pair->flows, "flow");
    if (pair->payload_bytes > 0)
        text_add_bytes(&bytes, pair->payload_bytes);
    text_add(&to, " -> ");
    add_endpoint(&to, &pair->key.responder, pair->key.port);
    size_t start = page->text->length;
    text_addf(page->text, "    %12s %10s  %s  ", text_words(&flows), text_words(&bytes),
              timestamp_human(pair->first_ns, time));
    size_t indent = page->text->length - start;
    text_add(page->text, address_text(&pair->key.initiator, words));
    if (page->text->length - start + to.length > PAGE_COLUMNS) {
        text_add_char(page->text, '\n');
        page_pad(page, indent);
        text_add(page->text, text_words(&to) + 1);
    } else {
        text_add(page->text, text_words(&to));
    }
    text_add_char(page->text, '\n');
    text_free(&flows);
    text_free(&bytes);
    text_free(&to);
}

static void add_pairs(struct page *page, const struct groups *groups, const struct topic *topic)
{
    size_t count;
    const struct pair **pairs = groups_pairs(groups, topic, &count);
    uint64_t told = 0;
    size_t shown = count < PAIRS_SHOWN ? count : PAIRS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        add_pair(page, pairs[i]);
        told += pairs[i]->flows;
    }
    if (topic->flows > told) {
        struct text line = {0};
        text_add_counted(&line, topic->flows - told, "more flow");
        text_add(&line, " between ");
        text_add(&line, topic->untold_flows > 0 ? "at least " : "");
        text_add_counted(&line, count - shown, "other pair");
        text_add(&line, "; -o csv:FILE has them all");
        add_paragraph(page, 6, STYLE_QUIET, &line);
        text_free(&line);
    }
    free(pairs);
}

static uint64_t flows_behind(const struct topic *const *topics, size_t count,
                             const struct groups *groups)
{
    uint64_t flows = groups->untold_flows;
    for (size_t i = 0; i < count; i++)
        flows += topic_deserves_a_look(topics[i]) ? topics[i]->flows : 0;
    return flows;
}

void report_topics(struct page *page, const struct groups *groups)
{
    size_t count;
    const struct topic **topics = groups_topics(groups, &count);
    size_t shown = 0;
    while (shown < count && shown < TOPICS_SHOWN && topic_deserves_a_look(topics[shown])) {
        if (shown == 0)
            page_heading(page, "DESERVES A LOOK");
        else
            text_add_char(page->text, '\n');
        add_topic_heading(page, topics[shown]);
        add_topic_words(page, topics[shown]);
        add_pairs(page, groups, topics[shown]);
        shown++;
    }
    uint64_t behind = flows_behind(topics + shown, count - shown, groups);
    struct text line = {0};
    if (behind > 0) {
        text_add_char(page->text, '\n');
        text_add_counted(&line, behind, "flow");
        text_add(&line, " of further kinds; -o csv:FILE has them all");
        add_paragraph(page, 0, STYLE_QUIET, &line);
    } else if (shown == 0 && groups->flows > 0) {
        page_heading(page, "Nothing deserves a look.");
    }
    text_free(&line);
    free(topics);
}
