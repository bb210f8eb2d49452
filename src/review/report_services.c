/* SPDX-License-Identifier: Apache-2.0
 *
 * What was seen on each service: assigned, verdict and what the flows count as.
 */
#include "review/report_parts.h"

#include "output/page.h"

enum { ROWS_MAX = 60 };

struct list {
    struct text *out;
    size_t start;
    uint64_t rows, more, more_flows;
};

static bool add_group(void *context, const struct store_group *group)
{
    struct list *list = context;
    struct text *out = list->out;
    if (list->rows == ROWS_MAX || out->length - list->start > REPORT_SERVICES_BYTES) {
        list->more++;
        list->more_flows += group->flows;
        return true;
    }
    list->rows++;
    html_row_begin(out);
    html_cell(out, group->keys[0][0] != '\0' ? group->keys[0] : "(no rule)");
    html_cell_verdict(out, group->keys[1]);
    html_cell(out, group->keys[2][0] != '\0' ? group->keys[2] : "nothing recognised");
    html_cell_count(out, group->flows);
    html_cell_count(out, group->packets_there + group->packets_back);
    html_cell_bytes(out, group->bytes_there);
    html_cell_bytes(out, group->bytes_back);
    html_cell_time(out, group->first_ns);
    html_cell_time(out, group->last_ns);
    html_row_end(out);
    return true;
}

static void add_more(struct text *out, const struct list *list)
{
    struct text flows = {0};
    text_add(&flows, ", of ");
    text_add_counted(&flows, list->more_flows, "flow");
    text_add(&flows, " in all.");
    html_more(out, list->more, "more row", text_words(&flows));
    text_free(&flows);
}

static bool add_table(struct report *report, struct error *error)
{
    static const struct html_column columns[] = {
        {"service", false}, {"verdict", false},      {"counts as", false},
        {"flows", true},    {"packets", true},       {"to responder", true},
        {"back", true},     {"first packet", false}, {"last packet", false},
    };
    const struct store_grouping grouping = {
        .keys = {STORE_BY_SERVICE, STORE_BY_VERDICT, STORE_BY_APPLICATION}, .key_count = 3};
    struct text *out = report->out;
    html_table_begin(out, "Services, verdicts and applications", columns,
                     sizeof columns / sizeof columns[0]);
    struct list list = {.out = out, .start = out->length};
    bool is_done = store_groups(report->review->store, &report->review->filter, &grouping,
                                add_group, &list, error);
    html_table_end(out);
    add_more(out, &list);
    return is_done;
}

bool section_services(struct report *report, struct error *error)
{
    bool are_any = report->sums.all.flows > 0;
    section_begin(report, "services", "What was seen on each service",
                  are_any ? "The service is what the port is assigned to; the verdict compares it "
                            "with what was detected."
                          : "No flow was seen.");
    bool is_done = !are_any || add_table(report, error);
    section_end(report);
    return is_done;
}
