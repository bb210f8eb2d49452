/* SPDX-License-Identifier: Apache-2.0 */
#include "output/table_report.h"

#include "base/timestamp.h"
#include "output/record_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOPICS_SHOWN = 20, PAIRS_SHOWN = 5, VERDICT_COLUMN = 11 };

static const enum style verdict_styles[VERDICTS] = {
    [VERDICT_MASQUERADE] = STYLE_ALARM,
    [VERDICT_UNVERIFIED] = STYLE_WARNING,
    [VERDICT_GUESS] = STYLE_WARNING,
    [VERDICT_STRAY] = STYLE_WARNING,
};

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
        text_add(&line, i > 0 ? "; " : "");
        add_printable(&line, topic->why[i]);
    }
    page_paragraph(page, 4, STYLE_PLAIN, &line);
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

static void add_pairs_behind(struct page *page, uint64_t flows, size_t pairs, bool are_all)
{
    struct text line = {0};
    text_add_counted(&line, flows, "more flow");
    if (pairs > 0) {
        text_add(&line, are_all ? " between " : " between at least ");
        text_add_counted(&line, pairs, "other pair");
    }
    text_add(&line, "; -o csv:FILE has them all");
    page_paragraph(page, 6, STYLE_QUIET, &line);
    text_free(&line);
}

static void add_pairs(struct page *page, const struct groups *groups, const struct topic *topic)
{
    size_t count;
    const struct pair **pairs = pairs_sorted(groups, topic, &count);
    uint64_t behind = topic->flows;
    size_t shown = count < PAIRS_SHOWN ? count : PAIRS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        add_pair(page, pairs[i]);
        behind -= pairs[i]->flows;
    }
    if (behind > 0)
        add_pairs_behind(page, behind, count - shown, topic->untold_flows == 0);
    free(pairs);
}

static bool deserves_a_look(const struct topic *topic)
{
    return verdict_interest(topic->key.verdict) > 0;
}

static void add_flows_behind(struct page *page, uint64_t flows)
{
    struct text line = {0};
    text_add_char(page->text, '\n');
    text_add_counted(&line, flows, "flow");
    text_add(&line, " of further kinds; -o csv:FILE has them all");
    page_paragraph(page, 0, STYLE_QUIET, &line);
    text_free(&line);
}

void report_topics(struct page *page, const struct groups *groups)
{
    size_t count;
    const struct topic **topics = topics_sorted(&groups->watched, &count);
    uint64_t behind = groups->watched.untold_flows;
    for (size_t i = 0; i < count && deserves_a_look(topics[i]); i++) {
        if (i >= TOPICS_SHOWN) {
            behind += topics[i]->flows;
            continue;
        }
        if (i == 0)
            page_heading(page, "DESERVES A LOOK");
        else
            text_add_char(page->text, '\n');
        add_topic_heading(page, topics[i]);
        add_topic_words(page, topics[i]);
        add_pairs(page, groups, topics[i]);
    }
    if (behind > 0)
        add_flows_behind(page, behind);
    if (count > 0 && !deserves_a_look(topics[0]))
        page_heading(page, "Nothing on the watched ports deserves a look.");
    free(topics);
}
