/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of a packet. A source hands out frames; the watched-port test lets most of them go after
 * a few loads; the decoder finds addresses, ports and payload (intake.c). A lane counts the packet
 * into its flow and shows it to nDPI; when the flow ends it is classified, and its record goes
 * (lane.c), in order of time, to the sinks and the detectors, whose findings follow. Live,
 * detectors also see a flow that goes on, once it is answered and once it has a name. Every frame
 * ends in exactly one counter of the totals.
 *
 * Who runs in which thread:
 *     one input or one thread   reader: source -> intake -> lane -> sinks
 *     --all, more threads       reader: source -> intake => lanes => sinks     (lane_group.c)
 *     more inputs and threads   readers, one an input, => sinks                (reader_team.c)
 * Where threads are left, a source has one to read ahead                 (capture/read_ahead.c).
 */
#include "app/pipeline.h"

#include "app/reader_team.h"
#include "app/report_sink.h"
#include "app/stop_signal.h"
#include "app/option.h"
#include "app/store_sink.h"
#include "model/trail.h"

#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MAX = LANES_MAX };

#define EVIDENCE_MEMORY (UINT64_C(64) << 20)

static void on_record(void *context, const struct flow_record *record)
{
    struct pipeline *pipeline = context;
    if (!record->is_early)
        sinks_flow(pipeline->sinks, record);
    finder_add(&pipeline->finder, record);
    trail_release(record->flow.trail);
}

static bool on_progress(void *context, uint64_t bytes, uint64_t packets)
{
    struct pipeline *pipeline = context;
    progress_update(&pipeline->progress, pipeline->bytes_done + bytes, packets);
    return !stop_signal_came();
}

static void on_result(void *context, const struct input_reader_result *result)
{
    struct pipeline *pipeline = context;
    if (result->status == EXIT_DONE)
        return;
    progress_clear(&pipeline->progress);
    notices_report(pipeline->notices, result->status, result->error.text);
}

/* What the run reads: captures, rules, policy, baseline. */
static struct words precious_files(const struct pipeline_options *options)
{
    struct words files = {0};
    for (size_t i = 0; i < options->input_count; i++)
        words_add(&files, options->inputs[i]);
    for (size_t i = 0; i < options->rules.file_count; i++)
        words_add(&files, options->rules.files[i]);
    if (options->finder.site)
        words_add(&files, options->finder.site);
    if (options->finder.baseline)
        words_add(&files, options->finder.baseline);
    return files;
}

static bool open_each_sink(struct pipeline *pipeline, const struct sink_options *sinks,
                           struct error *error)
{
    const struct pipeline_options *options = &pipeline->options;
    for (size_t i = 0; i < options->output_count; i++) {
        if (!sinks_open(pipeline->sinks, options->outputs[i], sinks, error))
            return false;
    }
    return options->output_count > 0 || sinks_open(pipeline->sinks, "table", sinks, error);
}

static bool open_sinks(struct pipeline *pipeline, struct error *error)
{
    pipeline->sinks = sinks_new();
    sinks_add_type(pipeline->sinks, &store_sink);
    sinks_add_type(pipeline->sinks, &report_sink);
    if (pipeline->options.without_sinks)
        return true;
    struct words precious = precious_files(&pipeline->options);
    struct sink_options sinks = pipeline->options.sinks;
    sinks.precious = precious.items;
    sinks.precious_count = precious.count;
    bool are_open = open_each_sink(pipeline, &sinks, error);
    words_free(&precious);
    return are_open;
}

static bool wants_evidence(const struct sinks *sinks)
{
    for (size_t i = 0; i < sinks_count(sinks); i++) {
        if (sinks_report(sinks, i).needs & SINK_NEEDS_FRAMES)
            return true;
    }
    return false;
}

/* A mistake in the expression is told before any output is touched. */
static bool check_filter(const struct pipeline_options *options, struct error *error)
{
    if (!options->filter)
        return true;
    struct frame_filter *filter = frame_filter_new(options->filter, error);
    frame_filter_free(filter);
    return filter != NULL;
}

static bool open_rules(struct pipeline *pipeline, struct error *error)
{
    const struct pipeline_options *options = &pipeline->options;
    pipeline->rulebook = rules_load(&options->rules, error);
    return pipeline->rulebook && check_filter(options, error) &&
           finder_open(&pipeline->finder, &options->finder, pipeline->rulebook, error);
}

bool pipeline_open(struct pipeline *pipeline, const struct pipeline_options *options,
                   struct notices *notices)
{
    struct error error;
    *pipeline = (struct pipeline){.options = *options, .notices = notices};
    if (!open_rules(pipeline, &error)) {
        notices_report(notices, EXIT_USAGE, error.text);
        rules_free(pipeline->rulebook);
        return false;
    }
    if (!open_sinks(pipeline, &error)) {
        notices_report(notices, error.is_usage ? EXIT_USAGE : EXIT_OUTPUT_FAILED, error.text);
        sinks_abandon(pipeline->sinks);
        finder_close(&pipeline->finder);
        rules_free(pipeline->rulebook);
        return false;
    }
    if (wants_evidence(pipeline->sinks))
        pipeline->trails =
            trail_pool_new(options->evidence_memory ? options->evidence_memory : EVIDENCE_MEMORY);
    finder_set_outputs(&pipeline->finder, pipeline->sinks, notices);
    return true;
}

bool pipeline_reload_rules(struct pipeline *pipeline, struct error *error)
{
    if (pipeline->reloads == RELOADS_MAX)
        return error_set(error, "the rules were loaded %d times; restart to load them again",
                         RELOADS_MAX);
    struct rulebook *rulebook = rules_load(&pipeline->options.rules, error);
    if (!rulebook)
        return false;
    if (!finder_reload(&pipeline->finder, rulebook, error)) {
        rules_free(rulebook);
        return false;
    }
    pipeline->old_rulebooks[pipeline->reloads++] = pipeline->rulebook;
    pipeline->rulebook = rulebook;
    return true;
}

struct input_reader_options pipeline_reader_options(struct pipeline *pipeline)
{
    const struct pipeline_options *options = &pipeline->options;
    const struct port_set *watched = &pipeline->rulebook->watched;
    struct siphash_key key = options->has_hash_key ? options->hash_key : siphash_random_key();
    return (struct input_reader_options){
        .intake = {.watched = watched,
                   .wants_all = options->wants_all,
                   .filter = options->filter,
                   .packets_max = options->packets_max,
                   .key = key},
        .lane = {.flows = {.max_flows = options->max_flows,
                           .timeouts = options->timeouts,
                           .key = key,
                           .watched = watched},
                 .without_dpi = options->without_dpi,
                 .rulebook = pipeline->rulebook,
                 .trails = pipeline->trails,
                 .on_record = on_record,
                 .context = pipeline},
        .source = {.max_inflate_bytes = options->source.max_inflate_bytes,
                   .max_inflate_ratio = options->source.max_inflate_ratio,
                   .is_stopped = stop_signal_came},
        .on_progress = on_progress,
        .progress_context = pipeline,
    };
}

static size_t thread_count(const struct pipeline_options *options)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t threads = options->threads;
    if (threads == 0)
        threads = cores > 0 ? (uint64_t)cores : 1;
    /* -c counts over all inputs, one after the other. */
    if (options->packets_max > 0)
        threads = 1;
    return threads < THREADS_MAX ? (size_t)threads : THREADS_MAX;
}

static bool read_one_by_one(struct pipeline *pipeline, char *const *paths, size_t count,
                            size_t threads, struct error *error)
{
    struct input_reader_options options = pipeline_reader_options(pipeline);
    struct input_reader reader;
    options.lanes = options.intake.wants_all ? threads : 1;
    options.source.reads_ahead = threads > 1;
    if (!input_reader_open(&reader, &options, error))
        return false;
    for (size_t i = 0; i < count && !stop_signal_came() && !intake_has_enough(&reader.intake);
         i++) {
        struct input_reader_result result;
        input_reader_read(&reader, paths[i], &result);
        on_result(pipeline, &result);
        pipeline->bytes_done += result.input_bytes;
    }
    input_reader_totals(&reader, &pipeline->totals);
    pipeline->saw_filtered_tags = reader.intake.saw_filtered_tags;
    input_reader_close(&reader);
    return true;
}

static bool read_as_team(struct pipeline *pipeline, char *const *paths, size_t count,
                         size_t threads, struct error *error)
{
    struct input_reader_options options = pipeline_reader_options(pipeline);
    size_t readers = threads < count ? threads : count;
    options.source.reads_ahead = threads >= 2 * readers;
    struct reader_team *team = reader_team_open(readers, &options, error);
    if (!team)
        return false;
    reader_team_read(team, paths, count, on_result, pipeline);
    reader_team_totals(team, &pipeline->totals);
    pipeline->saw_filtered_tags = reader_team_saw_filtered_tags(team);
    reader_team_close(team);
    return true;
}

/* The size of all inputs, or 0 when one of them has none (a pipe). */
static uint64_t size_of_all(char *const *paths, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat facts;
        if (stat(paths[i], &facts) != 0 || !S_ISREG(facts.st_mode))
            return 0;
        sum += (uint64_t)facts.st_size;
    }
    return sum;
}

void pipeline_read(struct pipeline *pipeline, char *const *paths, size_t count)
{
    struct error error;
    size_t threads = thread_count(&pipeline->options);
    progress_start(&pipeline->progress, pipeline->options.shows_progress,
                   size_of_all(paths, count));
    bool is_read;
    if (threads > 1 && count > 1)
        is_read = read_as_team(pipeline, paths, count, threads, &error);
    else
        is_read = read_one_by_one(pipeline, paths, count, threads, &error);
    progress_clear(&pipeline->progress);
    if (!is_read)
        notices_report(pipeline->notices, EXIT_NO_INPUT, error.text);
}

static void name_link_types(struct pipeline *pipeline)
{
    struct totals *totals = &pipeline->totals;
    for (uint32_t i = 0; i < totals->unsupported_count; i++)
        totals->unsupported[i].name =
            link_type_name(totals->unsupported[i].link_type, pipeline->link_names[i]);
}

void pipeline_count_limits(const struct pipeline *pipeline, struct totals *totals)
{
    finder_count_limits(&pipeline->finder, totals);
    sinks_count_limits(pipeline->sinks, totals);
    if (!pipeline->trails)
        return;
    const struct trail_limits limits = trail_pool_limits(pipeline->trails);
    totals->limits_hit[LIMIT_EVIDENCE_FRAMES] = limits.hit;
    totals->limit_values[LIMIT_EVIDENCE_FRAMES] = limits.memory;
}

void pipeline_close(struct pipeline *pipeline)
{
    struct error error;
    if (pipeline->saw_filtered_tags)
        notices_hint(pipeline->notices,
                     "--filter was applied as given and refused packets with VLAN tags or in "
                     "tunnels; add 'or vlan' to it if they matter");
    if (stop_signal_came())
        notices_hint(pipeline->notices,
                     "stopped by a signal; what was read until then is reported");
    finder_end(&pipeline->finder, &pipeline->totals);
    pipeline_count_limits(pipeline, &pipeline->totals);
    name_link_types(pipeline);
    sinks_stats(pipeline->sinks, &pipeline->totals, true);
    if (!sinks_close(pipeline->sinks, &error) && !pipeline->told_failure)
        notices_report(pipeline->notices, EXIT_OUTPUT_FAILED, error.text);
    finder_close(&pipeline->finder);
    trail_pool_free(pipeline->trails);
    rules_free(pipeline->rulebook);
    while (pipeline->reloads > 0)
        rules_free(pipeline->old_rulebooks[--pipeline->reloads]);
}
