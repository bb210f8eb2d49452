/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows over time, by service and verdict: a static drawing, the same as a table, and as data from
 * which a script draws again.
 */
#include "review/report_parts.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "output/json.h"
#include "output/page.h"
#include "review/gather.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUCKETS = GATHER_BUCKETS, STRIPS_MAX = 6, WIDTH = 1000, HEIGHT = 110 };

struct strip {
    char service[64];
    uint64_t flows[VERDICTS][BUCKETS], sum;
};

struct timeline {
    int64_t begin_ns, bucket_ns;
    size_t buckets;
    struct strip strips[STRIPS_MAX]; /* the largest services; the last takes all others */
    size_t named, count;
    size_t others; /* services in the last one */
};

static bool name_strip(void *context, const struct store_group *group)
{
    struct timeline *timeline = context;
    if (timeline->named == STRIPS_MAX - 1) {
        timeline->others++;
        return true;
    }
    struct strip *strip = &timeline->strips[timeline->named++];
    snprintf(strip->service, sizeof strip->service, "%s", group->keys[0]);
    return true;
}

static struct strip *strip_of(struct timeline *timeline, const char *service)
{
    for (size_t i = 0; i < timeline->named; i++) {
        if (strncmp(timeline->strips[i].service, service, sizeof timeline->strips[i].service - 1) ==
            0)
            return &timeline->strips[i];
    }
    return &timeline->strips[STRIPS_MAX - 1];
}

static bool add_bucket(void *context, const struct store_group *group)
{
    struct timeline *timeline = context;
    enum verdict verdict;
    int64_t at = (strtoll(group->keys[0], NULL, 10) - timeline->begin_ns) / timeline->bucket_ns;
    if (at < 0 || at >= BUCKETS || !report_verdict_parse(group->keys[2], &verdict))
        return true;
    struct strip *strip = strip_of(timeline, group->keys[1]);
    strip->flows[verdict][at] += group->flows;
    strip->sum += group->flows;
    return true;
}

static void set_span(struct timeline *timeline, const struct store_group *all)
{
    timeline->bucket_ns = gather_bucket(all->last_ns - all->first_ns);
    timeline->begin_ns = all->first_ns / timeline->bucket_ns * timeline->bucket_ns;
    int64_t count = (all->last_ns - timeline->begin_ns) / timeline->bucket_ns + 1;
    timeline->buckets = count < 1 ? 1 : count > BUCKETS ? BUCKETS : (size_t)count;
}

static bool gather(struct report *report, struct timeline *timeline, struct error *error)
{
    struct store *store = report->review->store;
    const struct store_filter *filter = &report->review->filter;
    set_span(timeline, &report->sums.all);
    const struct store_grouping services = {.keys = {STORE_BY_SERVICE}, .key_count = 1};
    const struct store_grouping buckets = {
        .keys = {STORE_BY_TIME, STORE_BY_SERVICE, STORE_BY_VERDICT},
        .key_count = 3,
        .bucket_ns = timeline->bucket_ns,
        .page = {.by = STORE_FIRST, .is_ascending = true},
    };
    bool is_done = store_groups(store, filter, &services, name_strip, timeline, error) &&
                   store_groups(store, filter, &buckets, add_bucket, timeline, error);
    timeline->count = timeline->others > 0 ? STRIPS_MAX : timeline->named;
    return is_done;
}

static void add_strip_name(struct text *out, const struct timeline *timeline,
                           const struct strip *strip)
{
    if (strip == &timeline->strips[STRIPS_MAX - 1])
        text_addf(out, "%zu other service%s", timeline->others, timeline->others == 1 ? "" : "s");
    else
        html_words(out, strip->service[0] != '\0' ? strip->service : "(no rule)");
}

static uint64_t sum_at(const struct strip *strip, size_t bucket)
{
    uint64_t sum = 0;
    for (size_t verdict = 0; verdict < VERDICTS; verdict++)
        sum += strip->flows[verdict][bucket];
    return sum;
}

static uint64_t most_of(const struct timeline *timeline, const struct strip *strip)
{
    uint64_t most = 1;
    for (size_t i = 0; i < timeline->buckets; i++)
        most = sum_at(strip, i) > most ? sum_at(strip, i) : most;
    return most;
}

static bool has_verdict(const struct strip *strip, enum verdict verdict)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        if (strip->flows[verdict][i] > 0)
            return true;
    }
    return false;
}

/* One path a verdict; whatever is there is at least one unit high. */
static void add_bars(struct text *out, const struct timeline *timeline, const struct strip *strip)
{
    uint64_t most = most_of(timeline, strip);
    unsigned step = WIDTH / (unsigned)timeline->buckets;
    unsigned heights[BUCKETS] = {0};
    for (size_t v = 0; v < VERDICTS; v++) {
        enum verdict verdict = report_verdict_order[v];
        if (!has_verdict(strip, verdict))
            continue;
        text_addf(out, "<path class=\"bar verdict-%s\" d=\"", verdict_name(verdict));
        for (size_t i = 0; i < timeline->buckets; i++) {
            uint64_t flows = strip->flows[verdict][i];
            if (flows == 0)
                continue;
            unsigned height = (unsigned)((double)flows / (double)most * HEIGHT);
            height = height > 0 ? height : 1;
            heights[i] += height;
            text_addf(out, "M%u %dh%uv%uh-%uz", (unsigned)i * step, HEIGHT - (int)heights[i],
                      step - 1, height, step - 1);
        }
        text_add(out, "\"/>");
    }
}

static void add_drawing(struct text *out, const struct timeline *timeline,
                        const struct strip *strip)
{
    char begin[TIMESTAMP_TEXT_SIZE], end[TIMESTAMP_TEXT_SIZE], bucket[TIMESTAMP_TEXT_SIZE];
    int64_t end_ns = timeline->begin_ns + (int64_t)timeline->buckets * timeline->bucket_ns;
    text_addf(out,
              "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
              "Flows over time on ",
              WIDTH / (int)timeline->buckets * (int)timeline->buckets, HEIGHT);
    add_strip_name(out, timeline, strip);
    text_add(out, "\">");
    add_bars(out, timeline, strip);
    text_addf(out, "</svg>\n<p class=\"scale\"><span>%s</span><span>at most ",
              timestamp_human(timeline->begin_ns, begin));
    text_add_counted(out, most_of(timeline, strip), "flow");
    text_addf(out, " in %s</span><span>%s UTC</span></p>\n",
              duration_human(timeline->bucket_ns, bucket), timestamp_human(end_ns, end));
}

static void add_table_row(struct text *out, const struct timeline *timeline,
                          const struct strip *strip, size_t bucket)
{
    char words[TIMESTAMP_TEXT_SIZE];
    timestamp_human(timeline->begin_ns + (int64_t)bucket * timeline->bucket_ns, words);
    text_addf(out, "<tr><td>%s", words);
    for (size_t v = 0; v < VERDICTS; v++) {
        enum verdict verdict = report_verdict_order[v];
        if (has_verdict(strip, verdict))
            text_addf(out, "<td>%" PRIu64, strip->flows[verdict][bucket]);
    }
    text_add_char(out, '\n');
}

/* Cells end where the next begins; sixty rows a service need no more. */
static void add_table(struct text *out, const struct timeline *timeline, const struct strip *strip)
{
    struct html_column columns[VERDICTS + 1] = {{"from", false}};
    size_t count = 1;
    for (size_t v = 0; v < VERDICTS; v++) {
        if (has_verdict(strip, report_verdict_order[v]))
            columns[count++] = (struct html_column){verdict_name(report_verdict_order[v]), true};
    }
    struct text label = {0};
    text_add(&label, "Flows over time on ");
    add_strip_name(&label, timeline, strip);
    text_add(out, "<details class=\"numbers screen-only\"><summary>As a table</summary>\n");
    html_table_begin(out, text_words(&label), columns, count);
    text_free(&label);
    for (size_t i = 0; i < timeline->buckets; i++) {
        if (sum_at(strip, i) > 0)
            add_table_row(out, timeline, strip, i);
    }
    html_table_end(out);
    text_add(out, "</details>\n");
}

static void add_data(struct text *data, const struct timeline *timeline, const struct strip *strip)
{
    json_begin(data, NULL, '{');
    json_string(data, "label", span_of(strip->service));
    json_begin(data, "id", '"');
    text_addf(data, "timeline-%td", strip - timeline->strips);
    json_end(data, '"');
    json_key(data, "begin");
    text_add_i64(data, timeline->begin_ns / NS_PER_S);
    json_number(data, "step", (uint64_t)(timeline->bucket_ns / NS_PER_S));
    json_begin(data, "series", '[');
    for (size_t v = 0; v < VERDICTS; v++) {
        enum verdict verdict = report_verdict_order[v];
        if (!has_verdict(strip, verdict))
            continue;
        json_begin(data, NULL, '{');
        json_word(data, "name", verdict_name(verdict));
        json_begin(data, "values", '[');
        for (size_t i = 0; i < timeline->buckets; i++)
            json_number(data, NULL, strip->flows[verdict][i]);
        json_end(data, ']');
        json_end(data, '}');
    }
    json_end(data, ']');
    json_end(data, '}');
}

static void add_strip(struct report *report, const struct timeline *timeline, size_t at)
{
    const struct strip *strip = &timeline->strips[at];
    struct text *out = report->out;
    text_add(out, "<div class=\"strip\">\n<h3>");
    add_strip_name(out, timeline, strip);
    text_add(out, " <span class=\"quiet\">");
    text_add_counted(out, strip->sum, "flow");
    text_addf(out, "</span></h3>\n<div class=\"chart\" id=\"timeline-%zu\">", at);
    add_drawing(out, timeline, strip);
    text_add(out, "</div>\n");
    add_table(out, timeline, strip);
    text_add(out, "</div>\n");
    add_data(&report->data, timeline, strip);
}

/* What each colour means, of the verdicts that there are. */
static void add_legend(struct report *report)
{
    struct text *out = report->out;
    text_add(out, "<ul class=\"legend\">");
    for (size_t i = 0; i < VERDICTS; i++) {
        enum verdict verdict = report_verdict_order[i];
        if (report->sums.verdicts[verdict] == 0)
            continue;
        text_add(out, "<li>");
        html_verdict(out, verdict_name(verdict));
        text_add(out, "</li>");
    }
    text_add(out, "</ul>\n");
}

bool section_timeline(struct report *report, struct error *error)
{
    struct timeline *timeline = memory_new(1, sizeof *timeline);
    bool is_done = report->sums.all.flows == 0 || gather(report, timeline, error);
    section_begin(report, "timeline", "Timeline",
                  timeline->count > 0 ? "Flows by the time of their first packet, coloured "
                                        "by verdict."
                                      : "No flow was seen.");
    if (timeline->count > 0)
        add_legend(report);
    json_begin(&report->data, NULL, '{');
    json_begin(&report->data, "timelines", '[');
    for (size_t i = 0; i < timeline->count; i++) {
        if (timeline->strips[i].sum > 0)
            add_strip(report, timeline, i);
    }
    json_end(&report->data, ']');
    json_end(&report->data, '}');
    section_end(report);
    free(timeline);
    return is_done;
}
