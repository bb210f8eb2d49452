/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope review STORE|EVE-FILE ... [finding ID | flow ID | ack ID -m TEXT]
 */
#include "app/command.h"

#include "app/eve_store.h"
#include "app/option.h"
#include "app/store_sink.h"
#include "base/text.h"
#include "output/line_file.h"
#include "review/report.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOP_DEFAULT = 10 };

struct review_command {
    struct words operands;
    const char *since, *until, *service, *verdict, *application, *host, *severity, *probe, *search;
    const char *group_by, *sort, *format, *message, *html;
    uint64_t top;
    bool wants_flows, wants_discovery, wants_acknowledged, is_peek, may_overwrite, without_colour;
};

#define AT(member) offsetof(struct review_command, member)

static const struct option_spec specs[] = {
    {0, "since", OPTION_WORD, AT(since), "TIME",
     "flows that began then or later: 2026-11-20, 2026-11-20T09:15 (UTC), today, yesterday, or 2h: "
     "before the last packet. To the minute"},
    {0, "until", OPTION_WORD, AT(until), "TIME", "and not after that"},
    {0, "service", OPTION_WORD, AT(service), "NAME,...", "assigned to these services"},
    {0, "verdict", OPTION_WORD, AT(verdict), "VERDICT,...", "with these verdicts"},
    {0, "application", OPTION_WORD, AT(application), "NAME,...", "that count as these"},
    {0, "host", OPTION_WORD, AT(host), "ADDRESS[/BITS]", "with that host on either side"},
    {0, "severity", OPTION_WORD, AT(severity), "SEVERITY", "findings of that severity or worse"},
    {0, "probe", OPTION_WORD, AT(probe), "NAME,...", "of these probes"},
    {0, "search", OPTION_WORD, AT(search), "WORDS", "with these words in names, reasons, hosts"},
    {0, "group-by", OPTION_WORD, AT(group_by), "KEY,...",
     "sums by service, verdict, application, probe, initiator, responder, time (hours)"},
    {0, "sort", OPTION_WORD, AT(sort), "MEASURE",
     "by flows (default), packets, bytes, payload, first or last"},
    {0, "top", OPTION_COUNT, AT(top), "N", "rows of each list; default 10, 0 for all"},
    {0, "flows", OPTION_FLAG, AT(wants_flows), NULL, "list flow records"},
    {0, "protocol-discovery", OPTION_FLAG, AT(wants_discovery), NULL,
     "per application and direction, in the layout of NBAR"},
    {0, "acknowledged", OPTION_FLAG, AT(wants_acknowledged), NULL, "acknowledged findings, too"},
    {0, "peek", OPTION_FLAG, AT(is_peek), NULL,
     "do not remember this review: what is new stays new"},
    {'o', "output", OPTION_WORD, AT(format), "FORMAT", "table (default), json, csv, markdown"},
    {0, "html", OPTION_WORD, AT(html), "FILE", "write it as a report to read in a browser"},
    {0, "overwrite", OPTION_FLAG, AT(may_overwrite), NULL, "replace FILE when it exists"},
    {'m', "message", OPTION_WORD, AT(message), "TEXT", "why a finding is acknowledged"},
    {0, "no-color", OPTION_FLAG, AT(without_colour), NULL,
     "no colour (NO_COLOR in the environment does the same)"},
    {0},
};

static void print_help(FILE *out)
{
    fputs("Usage: portscope review [OPTION...] STORE|EVE-FILE ...\n"
          "       portscope review STORE finding ID\n"
          "       portscope review STORE flow ID\n"
          "       portscope review STORE ack ID -m TEXT\n\n"
          "Says what was recorded: in a store (flows.db, clickhouse://HOST:8123/DATABASE) or in\n"
          "EVE files (-o eve). Without options: the night in one screen.\n\n",
          out);
    options_print(specs, out);
}

static bool fill_time(const char *option, const char *word, int64_t end_ns, int64_t *out_ns,
                      struct error *error)
{
    char shown[80];
    if (!word || review_time_parse(word, wall_clock_ns(), end_ns, out_ns))
        return true;
    return error_usage(error, "%s: '%s' is no time; write 2026-11-20T09:15, yesterday or 2h",
                       option, text_printable(word, shown, sizeof shown));
}

static bool keep_last(void *context, const struct store_group *group)
{
    *(int64_t *)context = group->last_ns;
    return false;
}

static bool fill_filter(const struct review_command *command, struct review *review,
                        struct error *error)
{
    struct store_filter *filter = &review->filter;
    char shown[80];
    int64_t end_ns = 0;
    const struct store_grouping all = {.key_count = 0};
    *filter = (struct store_filter){0};
    if ((command->since || command->until) &&
        !store_groups(review->store, filter, &all, keep_last, &end_ns, error))
        return false;
    filter->service = command->service;
    filter->verdict = command->verdict;
    filter->application = command->application;
    filter->probe = command->probe;
    filter->search = command->search;
    filter->has_host = command->host != NULL;
    if (command->host && !network_parse(command->host, &filter->host))
        return error_usage(error, "--host: '%s' is no address or network",
                           text_printable(command->host, shown, sizeof shown));
    if (command->severity && !severity_parse(command->severity, &filter->severity))
        return error_usage(error, "--severity needs info, low, medium, high or critical");
    return fill_time("--since", command->since, end_ns, &filter->since_ns, error) &&
           fill_time("--until", command->until, end_ns, &filter->until_ns, error);
}

static bool is_filtered(const struct review_command *command)
{
    return command->since || command->until || command->service || command->verdict ||
           command->application || command->host || command->severity || command->probe ||
           command->search;
}

static bool wants_colour(const struct review_command *command)
{
    const char *never = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return !command->without_colour && !(never && *never) && isatty(STDOUT_FILENO) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

/* The screen; whoever has seen all of it has reviewed what was there. */
static bool show_night(const struct review_command *command, struct review *review,
                       struct error *error)
{
    int64_t now_ns = wall_clock_ns(), last_ns = 0;
    bool is_whole = !is_filtered(command) && review->writer.format == SHEET_TABLE;
    return store_last_review(review->store, &last_ns, error) &&
           review_night(review, last_ns, error) &&
           (!is_whole || command->is_peek || store_mark_reviewed(review->store, now_ns, error));
}

static bool show(const struct review_command *command, struct review *review, struct error *error)
{
    enum store_measure by = STORE_FLOWS;
    char shown[80];
    if (command->sort && !store_measure_parse(command->sort, &by))
        return error_usage(error,
                           "--sort: '%s' is not flows, packets, bytes, payload, first or last",
                           text_printable(command->sort, shown, sizeof shown));
    if (command->wants_discovery)
        return review_protocol_discovery(review, error);
    if (command->group_by)
        return review_groups(review, command->group_by, by, error);
    if (command->wants_flows)
        return review_flows(review, by, error);
    return show_night(command, review, error);
}

static bool keep_id(void *context, const struct store_finding *finding)
{
    snprintf(context, STORE_FINDING_ID_SIZE, "%s", finding->id);
    return true;
}

static bool acknowledge(const struct review_command *command, struct review *review, const char *id,
                        struct error *error)
{
    char whole[STORE_FINDING_ID_SIZE];
    const struct passwd *person = getpwuid(getuid());
    if (!command->message || command->message[0] == '\0')
        return error_usage(error, "review ack: say why, with -m TEXT");
    const struct store_acknowledgement said = {.finding_id = whole,
                                               .by = person ? person->pw_name : "",
                                               .comment = command->message,
                                               .at_ns = wall_clock_ns()};
    return store_finding_by_id(review->store, id, keep_id, whole, error) &&
           store_acknowledge(review->store, &said, error);
}

/* The action word stands behind the store, or in front of it. */
static const char *find_action(const struct words *operands, size_t *store_at, size_t *id_at)
{
    static const char *const actions[] = {"finding", "flow", "ack"};
    for (size_t at = 0; operands->count == 3 && at < 2; at++) {
        for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
            if (strcmp(operands->items[at], actions[i]) != 0)
                continue;
            *id_at = at + 1;
            *store_at = at == 0 ? 2 : 0;
            return actions[i];
        }
    }
    return NULL;
}

static struct store *open_operands(const struct words *operands, size_t store_at, bool has_action,
                                   struct error *error)
{
    const struct store_options options = {
        .target = operands->items[store_at], .mode = STORE_READ, .now_ns = wall_clock_ns};
    if (!store_is_target(operands->items[store_at])) {
        const struct words one = {&operands->items[store_at], 1};
        return eve_store_open(has_action ? &one : operands, error);
    }
    if (!has_action && operands->count > 1) {
        error_usage(error, "review: one store at a time");
        return NULL;
    }
    return store_open(&options, error);
}

/* What the report is restricted to, as it was said. */
static void add_scope(const struct review_command *command, struct text *out)
{
    const struct {
        const char *option, *word;
    } said[] = {
        {"since", command->since},     {"until", command->until},
        {"service", command->service}, {"verdict", command->verdict},
        {"host", command->host},       {"application", command->application},
        {"probe", command->probe},     {"severity", command->severity},
        {"search", command->search},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (said[i].word)
            text_addf(out, "%s--%s %s", out->length > 0 ? " " : "", said[i].option, said[i].word);
    }
}

/* "flows.db" of a path; all of a ClickHouse URL; nothing when there are several. */
static const char *name_of(const struct words *operands)
{
    const char *word = operands->items[0];
    const char *slash = strstr(word, "://") ? NULL : strrchr(word, '/');
    if (operands->count > 1)
        return NULL;
    return slash ? slash + 1 : word;
}

/* No file is touched before there is something to write. */
static enum exit_status write_html(const struct review_command *command, struct review *review)
{
    struct error error;
    struct text page = {0}, scope = {0};
    add_scope(command, &scope);
    const struct report_source source = {.name = name_of(&command->operands),
                                         .scope = text_words(&scope),
                                         .version = PORTSCOPE_VERSION};
    enum exit_status status = EXIT_USAGE;
    if (review_report(review, &source, &page, &error)) {
        struct line_file *file = line_file_open(command->html, command->may_overwrite, &error);
        if (file) {
            text_add_n(line_file_text(file), page.data, page.length);
            line_file_end_line(file, NULL);
        }
        status = file && line_file_close(file, &error) ? EXIT_DONE : EXIT_OUTPUT_FAILED;
    }
    if (status != EXIT_DONE)
        fprintf(stderr, "portscope: %s\n", error.text);
    text_free(&page);
    text_free(&scope);
    return status;
}

static bool print(const struct text *page, struct error *error)
{
    if (fputs(text_words(page), stdout) >= 0 && fflush(stdout) == 0)
        return true;
    return error_set_errno(error, "standard output cannot be written");
}

static enum exit_status answer(const struct review_command *command, struct review *review,
                               const char *action, const char *id)
{
    struct error error;
    bool is_done = fill_filter(command, review, &error);
    if (is_done && !action && command->html)
        return write_html(command, review);
    if (is_done && !action)
        is_done = show(command, review, &error);
    else if (is_done && strcmp(action, "finding") == 0)
        is_done = review_finding(review, id, &error);
    else if (is_done && strcmp(action, "flow") == 0)
        is_done = review_flow(review, id, &error);
    else if (is_done)
        is_done = acknowledge(command, review, id, &error);
    enum exit_status failure =
        action && strcmp(action, "ack") == 0 ? EXIT_OUTPUT_FAILED : EXIT_NO_INPUT;
    if (is_done && !print(review->writer.page.text, &error)) {
        is_done = false;
        failure = EXIT_OUTPUT_FAILED;
    }
    if (is_done)
        return EXIT_DONE;
    fprintf(stderr, "portscope: %s\n", error.text);
    return error.is_usage ? EXIT_USAGE : failure;
}

/* A report is of everything that the filters let through, in a form of its own. */
static bool is_something_else(const struct review_command *command, const char *action)
{
    return action || command->group_by || command->format || command->wants_flows ||
           command->wants_discovery;
}

static enum exit_status run(const struct review_command *command)
{
    struct error error;
    struct text out = {0};
    struct review review = {.top = command->top,
                            .shows_acknowledged = command->wants_acknowledged,
                            .writer = {.page = {&out, wants_colour(command)}}};
    size_t store_at = 0, id_at = 0;
    const char *action = find_action(&command->operands, &store_at, &id_at);
    if (command->operands.count == 0) {
        fputs("portscope: review: name a store or a file of EVE lines\n", stderr);
        return EXIT_USAGE;
    }
    if (command->format && !sheet_format_parse(command->format, &review.writer.format)) {
        fputs("portscope: -o needs table, json, csv or markdown\n", stderr);
        return EXIT_USAGE;
    }
    if (command->html && is_something_else(command, action)) {
        fputs("portscope: --html writes a report of everything; leave out finding, flow, ack, "
              "--group-by, --flows, --protocol-discovery and -o\n",
              stderr);
        return EXIT_USAGE;
    }
    review.store = open_operands(&command->operands, store_at, action != NULL, &error);
    if (!review.store) {
        fprintf(stderr, "portscope: %s\n", error.text);
        return EXIT_NO_INPUT;
    }
    enum exit_status status =
        answer(command, &review, action, action ? command->operands.items[id_at] : NULL);
    store_close(review.store, NULL);
    text_free(&out);
    return status;
}

enum exit_status command_review(int argc, char **argv)
{
    struct review_command command = {.top = TOP_DEFAULT};
    const struct command_line line = {specs, print_help, argc, argv};
    enum exit_status status;
    if (command_line_read(&line, &command, &command.operands, &status))
        status = run(&command);
    words_free(&command.operands);
    return status;
}
