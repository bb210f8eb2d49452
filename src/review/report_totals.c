/* SPDX-License-Identifier: Apache-2.0
 *
 * Every packet is accounted for, and whatever limited the answer is said: in the headline as
 * sentences, here with all numbers.
 */
#include "review/report_parts.h"

#include "base/timestamp.h"
#include "output/page.h"

enum { RUNS_MAX = 20 };

static bool is_balanced(const struct store_run *run)
{
    return run->packets ==
           run->decoded + run->filtered + run->malformed + run->not_ip + run->unsupported;
}

static void add_sentence(struct text *sentence, uint64_t number, const char *noun,
                         const char *words)
{
    text_add_counted(sentence, number, noun);
    text_addf(sentence, " %s", words);
}

static void add_damage(struct text *sentence, const struct store_run *run)
{
    text_add_count(sentence, run->damaged);
    text_add(sentence, " of ");
    text_add_counted(sentence, run->inputs, "input");
    text_add(sentence, run->damaged == 1 ? " was damaged part-way" : " were damaged part-way");
}

size_t report_limitations(const struct report *report, struct text sentences[REPORT_LIMITS_MAX])
{
    const struct store_run *run = &report->sums.run;
    const struct {
        uint64_t number;
        const char *noun, *words;
    } limits[] = {
        {run->dropped, "packet", "dropped before portscope saw them"},
        {run->malformed, "packet", "malformed"},
        {run->unsupported, "packet", "of link types that are not decoded"},
        {run->not_stored, "record", "not stored"},
        {report->sums.open_runs, "run", "not ended properly, or still going on"},
    };
    size_t count = 0;
    if (run->damaged > 0)
        add_damage(&sentences[count++], run);
    if (run->limits_hit > 0) {
        text_add(&sentences[count], "a limit was reached ");
        text_add_counted(&sentences[count++], run->limits_hit, "time");
    }
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (limits[i].number > 0)
            add_sentence(&sentences[count++], limits[i].number, limits[i].noun, limits[i].words);
    }
    if (report->sums.runs == 0)
        text_add(&sentences[count++], "not known, for no run's statistics were recorded");
    else if (!is_balanced(run))
        text_add(&sentences[count++], "the packet counts do not add up");
    return count;
}

static void add_balance(struct text *out, const struct store_run *run)
{
    const struct {
        uint64_t packets;
        const char *words;
    } terms[] = {
        {run->packets, "read"},        {run->decoded, "decoded"},
        {run->filtered, "filtered"},   {run->not_ip, "not IP"},
        {run->malformed, "malformed"}, {run->unsupported, "of other links"},
    };
    bool is_right = is_balanced(run);
    text_add(out, "<p>Packets: ");
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        text_add(out, i > 1 ? " + " : i == 1 ? " = " : "");
        text_add(out, "<b>");
        text_add_count(out, terms[i].packets);
        text_addf(out, "</b> %s", terms[i].words);
    }
    text_addf(out, " <span class=\"badge %s\">%s</span></p>\n", is_right ? "is-good" : "is-bad",
              is_right ? "balanced" : "does not balance");
}

struct list {
    struct text *out;
    size_t start;
    uint64_t rows, more;
};

static bool add_run(void *context, const struct store_run *run)
{
    struct list *list = context;
    struct text *out = list->out;
    const uint64_t numbers[] = {run->inputs,   run->damaged, run->packets,    run->decoded,
                                run->filtered, run->not_ip,  run->malformed,  run->unsupported,
                                run->dropped,  run->flows,   run->not_stored, run->limits_hit};
    if (list->rows == RUNS_MAX || out->length - list->start > REPORT_RUNS_BYTES) {
        list->more++;
        return true;
    }
    list->rows++;
    html_row_begin(out);
    text_add(out, "<td class=\"whole\">");
    html_words(out, run->probe[0] != '\0' ? run->probe : "this run");
    text_add(out, "</td>");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        html_cell_count(out, numbers[i]);
    text_addf(out, "<td>%s%s</td>", run->is_live ? "live" : "saved",
              run->is_over ? "" : ", not ended");
    html_cell_time(out, run->first_ns);
    html_cell_time(out, run->last_ns);
    html_row_end(out);
    return true;
}

static bool add_runs(struct report *report, struct error *error)
{
    static const struct html_column columns[] = {
        {"probe", false},     {"inputs", true},   {"damaged", true},       {"read", true},
        {"decoded", true},    {"filtered", true}, {"not IP", true},        {"malformed", true},
        {"other link", true}, {"dropped", true},  {"flows", true},         {"not stored", true},
        {"limits hit", true}, {"kind", false},    {"first packet", false}, {"last packet", false},
    };
    struct text *out = report->out;
    html_table_begin(out, "Runs and what they lost", columns, sizeof columns / sizeof columns[0]);
    struct list list = {.out = out, .start = out->length};
    bool is_done =
        store_runs(report->review->store, &report->review->filter, add_run, &list, error);
    html_table_end(out);
    html_more(out, list.more, "earlier run", ", in the sums above.");
    return is_done;
}

/* What a run knows of its caps; a store keeps only how often all were reached. */
static void add_caps(struct text *out, const struct totals *totals)
{
    bool are_any = false;
    for (enum limit limit = 0; limit < LIMITS; limit++) {
        if (totals->limits_hit[limit] == 0)
            continue;
        text_add(out, are_any ? "" : "<h3>Limits reached</h3>\n<ul>\n");
        are_any = true;
        text_addf(out, "<li>%s", limit_name(limit));
        if (totals->limit_values[limit] > 0) {
            text_add(out, " of ");
            text_add_count(out, totals->limit_values[limit]);
        }
        text_add(out, ", ");
        text_add_counted(out, totals->limits_hit[limit], "time");
        text_addf(out, ": %s</li>\n", limit_effect(limit));
    }
    text_add(out, are_any ? "</ul>\n" : "");
}

static void add_links(struct text *out, const struct totals *totals)
{
    text_add(out, totals->unsupported_count > 0 ? "<h3>Link types not decoded</h3>\n<ul>\n" : "");
    for (uint32_t i = 0; i < totals->unsupported_count; i++) {
        text_add(out, "<li>");
        html_words(out, totals->unsupported[i].name ? totals->unsupported[i].name : "number");
        text_addf(out, " (%u): ", (unsigned)totals->unsupported[i].link_type);
        text_add_counted(out, totals->unsupported[i].packets, "packet");
        text_add(out, "</li>\n");
    }
    text_add(out, totals->unsupported_count > 0 ? "</ul>\n" : "");
}

bool section_totals(struct report *report, struct error *error)
{
    struct text *out = report->out;
    const struct totals *totals = report->source->totals;
    bool is_done = true;
    section_begin(report, "totals", "Totals and limits",
                  report->sums.runs > 0 ? NULL : "No statistics of a run were recorded.");
    if (report->sums.runs > 0) {
        add_balance(out, &report->sums.run);
        is_done = add_runs(report, error);
    }
    if (totals) {
        add_caps(out, totals);
        add_links(out, totals);
    }
    section_end(report);
    return is_done;
}
