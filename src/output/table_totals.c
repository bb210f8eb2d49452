/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_report.h"

#include "output/grid.h"
#include "output/record_words.h"

#include <stdlib.h>
#include <string.h>

enum { ELSEWHERE_SHOWN = 10 };

static void add_elsewhere(struct grid *grid, const struct topic *topic)
{
    struct text cell = {0};
    bool is_named = topic->key.application[0] != '\0';
    add_printable(&cell, is_named ? topic->key.application : "nothing recognised");
    grid_add(grid, text_words(&cell));
    text_clear(&cell);
    add_printable(&cell, topic->key.service);
    grid_add(grid, cell.length > 0 ? text_words(&cell) : "(no rule)");
    grid_add(grid, verdict_name(topic->key.verdict));
    text_clear(&cell);
    text_add_count(&cell, topic->flows);
    grid_add(grid, text_words(&cell));
    text_clear(&cell);
    text_add_bytes(&cell, topic->payload_bytes);
    grid_add(grid, text_words(&cell));
    text_free(&cell);
}

static void print_elsewhere(struct page *page, const struct topic *const *topics, size_t count)
{
    static const char *const names[] = {"detected", "service", "verdict", "flows", "payload"};
    struct grid grid = {.columns = "lllrr", .most = 32};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        grid_add(&grid, names[i]);
    for (size_t i = 0; i < count; i++)
        add_elsewhere(&grid, topics[i]);
    page_heading(page, "ON OTHER PORTS");
    grid_print(&grid, page, 0);
}

void report_elsewhere(struct page *page, const struct groups *groups)
{
    size_t count;
    const struct topic **topics = topics_sorted(&groups->elsewhere, &count);
    size_t shown = count < ELSEWHERE_SHOWN ? count : ELSEWHERE_SHOWN;
    uint64_t behind = groups->elsewhere.untold_flows;
    for (size_t i = shown; i < count; i++)
        behind += topics[i]->flows;
    if (shown > 0)
        print_elsewhere(page, topics, shown);
    if (behind > 0) {
        text_add_counted(page->text, behind, "more flow");
        text_add(page->text, " of other kinds\n");
    }
    free(topics);
}

static void add_marks(struct page *page, struct text *line, const struct groups *groups)
{
    static const struct {
        uint32_t mark;
        const char *words;
    } told[] = {
        {FLOW_MARK_EVICTED, "ended early because the flow table was full"},
        {FLOW_MARK_MIDSTREAM, "had begun before the capture did"},
        {FLOW_MARK_TRUNCATED, "with packets of which the capture holds only a part"},
        {FLOW_MARK_FRAGMENTS, "with IP fragments"},
        {FLOW_MARK_FRAGMENT_OVERLAP, "with IP fragments that overlap"},
        {FLOW_MARK_TINY_FRAGMENT, "with a first IP fragment too short for its header"},
        {FLOW_MARK_FRAGMENT_ORPHAN, "with IP fragments whose first was not seen"},
        {FLOW_MARK_BAD_LENGTH, "with a length field that cannot be true"},
        {FLOW_MARK_BAD_TCP_HEADER, "with a TCP header length that cannot be true"},
        {FLOW_MARK_TCP_GAP, "with TCP payload missing"},
        {FLOW_MARK_DPI_OFF, "not inspected"},
        {FLOW_MARK_DPI_BUDGET, "inspected up to the budget only"},
        {FLOW_MARK_DPI_CUT, "inspected from packets that were cut"},
        {FLOW_MARK_NO_SAMPLE, "without room to keep the first payload bytes"},
        {FLOW_MARK_TIME_BACKWARDS, "in which time ran backwards"},
        {FLOW_MARK_CONTINUED, "going on from an earlier record"},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        size_t bit = 0;
        while (told[i].mark >> bit > 1)
            bit++;
        if (groups->marks[bit] == 0)
            continue;
        text_add_counted(line, groups->marks[bit], "flow");
        text_add_char(line, ' ');
        text_add(line, told[i].words);
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
}

static void add_limits(struct page *page, struct text *line, const struct totals *totals)
{
    for (enum limit limit = 0; limit < LIMITS; limit++) {
        if (totals->limits_hit[limit] == 0)
            continue;
        text_addf(line, "%s", limit_name(limit));
        if (totals->limit_values[limit] > 0) {
            text_add(line, " of ");
            text_add_count(line, totals->limit_values[limit]);
        }
        text_add(line, " reached ");
        text_add_counted(line, totals->limits_hit[limit], "time");
        text_add(line, ": ");
        text_add(line, limit_effect(limit));
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
}

static void add_links(struct page *page, struct text *line, const struct totals *totals)
{
    for (uint32_t i = 0; i < totals->unsupported_count; i++) {
        text_add_counted(line, totals->unsupported[i].packets, "packet");
        text_add(line, " of link type ");
        if (totals->unsupported[i].name)
            text_addf(line, "%s (%u)", totals->unsupported[i].name,
                      totals->unsupported[i].link_type);
        else
            text_add_u64(line, totals->unsupported[i].link_type);
        text_add(line, ", which is not decoded");
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
}

static void add_input_faults(struct page *page, struct text *line, const struct totals *totals)
{
    const struct capture_totals *capture = &totals->capture;
    if (capture->inputs_damaged > 0) {
        text_add_counted(line, capture->inputs_damaged, "capture");
        text_add(line, " damaged; what came before the damage is counted");
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
    if (capture->kernel_dropped > 0) {
        text_add_counted(line, capture->kernel_dropped, "packet");
        text_add(line, " dropped by the kernel");
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
    if (capture->is_live && capture->interface_dropped > 0) {
        text_add_counted(line, (uint64_t)capture->interface_dropped, "packet");
        text_add(line, " dropped by the interface");
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
    if (totals->tcp.missed_bytes > 0) {
        text_add_counted(line, totals->tcp.missed_bytes, "byte");
        text_addf(line,
                  " of TCP payload acknowledged by the receiver and not in the capture "
                  "(%.3g %% of it)",
                  100 * totals_missed_part(totals));
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
    if (capture->unread > 0) {
        text_add_counted(line, capture->unread, "packet");
        text_add(line, " captured and not read before the end");
        page_paragraph(page, 2, STYLE_PLAIN, line);
    }
}

void report_limits(struct page *page, const struct totals *totals, const struct groups *groups)
{
    struct text items = {0};
    struct text line = {0};
    struct page inner = {.text = &items, .use_colour = page->use_colour};
    add_input_faults(&inner, &line, totals);
    add_links(&inner, &line, totals);
    add_limits(&inner, &line, totals);
    add_marks(&inner, &line, groups);
    if (items.length > 0) {
        page_heading(page, "WHAT LIMITS THIS ANSWER");
        text_add(page->text, text_words(&items));
    }
    text_free(&line);
    text_free(&items);
}

void report_packets(struct page *page, const struct totals *totals)
{
    const struct capture_totals *capture = &totals->capture;
    const struct {
        uint64_t packets;
        const char *words;
    } terms[] = {
        {capture->packets_read, " read = "},   {capture->decoded, " decoded + "},
        {capture->filtered, " filtered + "},   {capture->not_ip, " not IP + "},
        {capture->malformed, " malformed + "}, {capture->unsupported_link, " of other links"},
    };
    struct text line = {0};
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        text_add_count(&line, terms[i].packets);
        text_add(&line, terms[i].words);
    }
    bool is_balanced = totals_balance(totals);
    text_add(&line, is_balanced ? ": balanced" : ": DOES NOT BALANCE");
    page_heading(page, "PACKETS");
    page_wrap(page, 2, is_balanced ? STYLE_PLAIN : STYLE_ALARM, text_words(&line));
    text_free(&line);
}
