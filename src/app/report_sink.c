/* SPDX-License-Identifier: Apache-2.0
 *
 * A report of a run is a review of a store that only this run has: the same questions, the same
 * page as of any other store. It is written once, at the end.
 */
#include "app/report_sink.h"

#include "base/memory.h"
#include "base/text.h"
#include "output/line_file.h"
#include "review/report.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

struct report_sink {
    struct store *store;
    struct line_file *file;
    char shown[200]; /* the target, for sentences */
    char *input;     /* of the first flow, without its folder; NULL: there was none */
};

/* Nothing in a report tells when it was made, so equal frames make equal reports. */
static int64_t no_clock(void)
{
    return 0;
}

/* "out/report.html" -> "out": where the sandbox lets the store's overflow be. */
static char *folder_of(const char *target)
{
    const char *slash = strrchr(target, '/');
    if (!slash)
        return memory_string(".");
    return memory_string_n(target, slash == target ? 1 : (size_t)(slash - target));
}

static void *report_sink_open(const struct sink_options *options, struct error *error)
{
    struct report_sink *sink = memory_new(1, sizeof *sink);
    char *folder = folder_of(options->target);
    text_printable(options->target, sink->shown, sizeof sink->shown);
    const struct store_options store = {
        .temporary_folder = folder, .mode = STORE_APPEND, .now_ns = no_clock};
    sink->file = line_file_open(options->target, options->may_overwrite, error);
    sink->store = sink->file ? store_open(&store, error) : NULL;
    free(folder);
    if (sink->store)
        return sink;
    line_file_close(sink->file, NULL);
    free(sink);
    return NULL;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Whatever could not be kept is missing in the report, which is therefore not written. */
static bool tell(const struct report_sink *sink, const struct error *reason, struct error *error)
{
    return error_set(error, "%s: no report, for not all of it could be kept: %s", sink->shown,
                     reason->text);
}

static bool report_sink_flow(void *state, const struct flow_record *record, struct error *error)
{
    struct report_sink *sink = state;
    struct error reason;
    if (!sink->input && record->input)
        sink->input = memory_string(name_of(record->input));
    return store_add_record(sink->store, record, &reason) || tell(sink, &reason, error);
}

static bool report_sink_finding(void *state, const struct finding *finding, struct error *error)
{
    struct report_sink *sink = state;
    struct error reason;
    return store_add_finding(sink->store, finding, &reason) || tell(sink, &reason, error);
}

/* A whole page or none. */
static bool write_page(struct report_sink *sink, const struct totals *totals, struct text *page,
                       struct error *error)
{
    struct review review = {.store = sink->store};
    const struct report_source source = {.name = totals->capture.inputs == 1 ? sink->input : NULL,
                                         .version = PORTSCOPE_VERSION,
                                         .totals = totals};
    struct error reason;
    if (!store_add_totals(sink->store, totals, 0, true, &reason) ||
        !store_commit(sink->store, &reason) || !review_report(&review, &source, page, &reason))
        return tell(sink, &reason, error);
    text_add_n(line_file_text(sink->file), page->data, page->length);
    return line_file_end_line(sink->file, error) && line_file_flush(sink->file, error);
}

static bool report_sink_stats(void *state, const struct sink_stats *stats, struct error *error)
{
    struct text page = {0};
    bool is_done = !stats->is_last || write_page(state, stats->totals, &page, error);
    text_free(&page);
    return is_done;
}

static bool report_sink_close(void *state, struct error *error)
{
    struct report_sink *sink = state;
    store_close(sink->store, NULL);
    bool is_done = line_file_close(sink->file, error);
    free(sink->input);
    free(sink);
    return is_done;
}

const struct sink_type report_sink = {
    .name = "report",
    .help = "a report to read in a browser, one file: report:FILE.html",
    .needs = SINK_NEEDS_FOLDER,
    .wants_target = true,
    .open = report_sink_open,
    .flow = report_sink_flow,
    .finding = report_sink_finding,
    .stats = report_sink_stats,
    .close = report_sink_close,
};
