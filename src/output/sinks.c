/* SPDX-License-Identifier: Apache-2.0 */
#include "output/sink.h"

#include "base/memory.h"
#include "base/suggest.h"
#include "base/text.h"
#include "output/sink_types.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct sink_type *const sink_types[] = {
    &table_sink, &eve_sink, &csv_sink, &zeek_sink, &cef_sink, &syslog_sink, &evidence_sink, NULL,
};

enum { SINKS_MAX = 16, TYPES_MAX = 16 };
_Static_assert(sizeof sink_types / sizeof sink_types[0] <= TYPES_MAX, "all types have a place");

struct open_sink {
    const struct sink_type *type;
    void *state;
    char *target;     /* NULL: standard output */
    bool is_new_file; /* opening made it */
    uint64_t offered;
    uint64_t unsure; /* taken since the last flush */
    uint64_t failed;
    bool has_failed;
};

struct sinks {
    const struct sink_type *types[TYPES_MAX]; /* ours, and what other rooms brought */
    size_t type_count;
    struct open_sink all[SINKS_MAX];
    size_t count;
    uint64_t findings[SEVERITIES];
    struct sandbox_level sandbox;
    bool is_confined;
    struct error error;       /* what the sink asked last said */
    struct error first_error; /* what the first that failed said */
    bool has_failed;
};

struct sinks *sinks_new(void)
{
    struct sinks *sinks = memory_new(1, sizeof *sinks);
    for (size_t i = 0; sink_types[i]; i++)
        sinks_add_type(sinks, sink_types[i]);
    return sinks;
}

void sinks_add_type(struct sinks *sinks, const struct sink_type *type)
{
    assert(sinks->type_count < TYPES_MAX);
    sinks->types[sinks->type_count++] = type;
}

static const struct sink_type *find_type(const struct sinks *sinks, const char *name, size_t length)
{
    for (size_t i = 0; i < sinks->type_count; i++) {
        if (strlen(sinks->types[i]->name) == length &&
            memcmp(sinks->types[i]->name, name, length) == 0)
            return sinks->types[i];
    }
    return NULL;
}

static bool explain_unknown(const struct sinks *sinks, const char *name, size_t length,
                            struct error *error)
{
    const char *names[TYPES_MAX];
    struct text known = {0};
    size_t count = 0;
    for (; count < sinks->type_count; count++) {
        names[count] = sinks->types[count]->name;
        text_add(&known, count > 0 ? ", " : "");
        text_add(&known, names[count]);
    }
    char *word = memory_string_n(name, length);
    char shown[64], nearest[SUGGESTION_SIZE];
    error_usage(error, "unknown output format '%s'%s; known are %s",
                text_printable(word, shown, sizeof shown), suggestion(word, names, count, nearest),
                text_words(&known));
    free(word);
    text_free(&known);
    return false;
}

static const struct open_sink *on_standard_output(const struct sinks *sinks)
{
    for (size_t i = 0; i < sinks->count; i++) {
        if (!sinks->all[i].target)
            return &sinks->all[i];
    }
    return NULL;
}

/* Whether `type` may be opened on `target` (NULL: standard output) beside the others. */
static bool may_open(const struct sinks *sinks, const struct sink_type *type, const char *target,
                     struct error *error)
{
    if (sinks->count == SINKS_MAX)
        return error_usage(error, "more than %d outputs; leave some out", SINKS_MAX);
    if (target)
        return true;
    if (type->wants_target)
        return error_usage(error, "output format %s needs a target: -o %s:NAME", type->name,
                           type->name);
    const struct open_sink *other = on_standard_output(sinks);
    if (other)
        return error_usage(
            error, "both %s and %s would go to standard output; give one a file: -o %s:FILE",
            other->type->name, type->name, type->name);
    return true;
}

bool sink_spares_inputs(const struct sink_options *options, const struct stat *there,
                        const char *name, struct error *error)
{
    struct stat precious;
    for (size_t i = 0; S_ISREG(there->st_mode) && i < options->precious_count; i++) {
        char shown[160];
        if (stat(options->precious[i], &precious) == 0 && precious.st_dev == there->st_dev &&
            precious.st_ino == there->st_ino)
            return error_usage(error, "%s is read by this run and would be lost; write elsewhere",
                               text_printable(name, shown, sizeof shown));
    }
    return true;
}

static bool target_spares_inputs(const char *target, const struct sink_options *options,
                                 struct error *error)
{
    struct stat there;
    return !target || stat(target, &there) != 0 ||
           sink_spares_inputs(options, &there, target, error);
}

static bool is_free(const char *target)
{
    struct stat status;
    return target && lstat(target, &status) != 0 && errno == ENOENT;
}

bool sinks_open(struct sinks *sinks, const char *word, const struct sink_options *options,
                struct error *error)
{
    size_t length = strcspn(word, ":");
    const struct sink_type *type = find_type(sinks, word, length);
    if (!type)
        return explain_unknown(sinks, word, length, error);

    const char *target = word[length] == ':' ? word + length + 1 : "-";
    if (*target == '\0')
        return error_usage(error, "'%s:' names no target; write %s:FILE, or %s for standard output",
                           type->name, type->name, type->name);
    if (strcmp(target, "-") == 0)
        target = NULL;
    if (!may_open(sinks, type, target, error) || !target_spares_inputs(target, options, error))
        return false;

    struct sink_options own = *options;
    own.target = target;
    own.use_colour = options->use_colour && !target;
    bool was_free = is_free(target);
    void *state = type->open(&own, error);
    if (!state)
        return false;
    sinks->all[sinks->count++] = (struct open_sink){.type = type,
                                                    .state = state,
                                                    .target = target ? memory_string(target) : NULL,
                                                    .is_new_file = was_free};
    return true;
}

void sinks_abandon(struct sinks *sinks)
{
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        struct stat status;
        if (sink->is_new_file && lstat(sink->target, &status) == 0 && S_ISREG(status.st_mode))
            unlink(sink->target);
    }
    sinks_close(sinks, NULL);
}

void sinks_set_sandbox(struct sinks *sinks, const struct sandbox_level *level)
{
    sinks->sandbox = *level;
    sinks->is_confined = true;
}

size_t sinks_count(const struct sinks *sinks)
{
    return sinks->count;
}

struct sink_report sinks_report(const struct sinks *sinks, size_t index)
{
    const struct open_sink *sink = &sinks->all[index];
    return (struct sink_report){
        .format = sink->type->name,
        .target = sink->target,
        .needs = sink->type->needs,
        .counts = {.offered = sink->offered,
                   .written = sink->offered - sink->failed,
                   .failed = sink->failed},
    };
}

static void keep_first_error(struct sinks *sinks)
{
    if (!sinks->has_failed)
        sinks->first_error = sinks->error;
    sinks->has_failed = true;
}

static void note_failure(struct sinks *sinks, struct open_sink *sink)
{
    sink->has_failed = true;
    sink->failed += sink->type->lost ? sink->type->lost(sink->state) : sink->unsure;
    keep_first_error(sinks);
}

/* Counts a record that `sink` is about to get; false when it gets nothing any more. */
static bool offer(struct open_sink *sink)
{
    sink->offered++;
    sink->unsure++;
    sink->failed += sink->has_failed;
    return !sink->has_failed;
}

void sinks_flow(struct sinks *sinks, const struct flow_record *record)
{
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        if (sink->type->flow && offer(sink) &&
            !sink->type->flow(sink->state, record, &sinks->error))
            note_failure(sinks, sink);
    }
}

void sinks_finding(struct sinks *sinks, const struct finding *finding)
{
    struct finding prepared = *finding;
    sinks->findings[finding->severity]++;
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        if (sink->type->prepare && offer(sink) &&
            !sink->type->prepare(sink->state, &prepared, &sinks->error))
            note_failure(sinks, sink);
    }
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        if (sink->type->finding && offer(sink) &&
            !sink->type->finding(sink->state, &prepared, &sinks->error))
            note_failure(sinks, sink);
    }
}

bool sinks_give(struct sinks *sinks, uid_t user, gid_t group, struct error *error)
{
    for (size_t i = 0; i < sinks->count; i++) {
        const struct open_sink *sink = &sinks->all[i];
        if (sink->type->give && !sink->type->give(sink->state, user, group, error))
            return false;
    }
    return true;
}

void sinks_count_limits(const struct sinks *sinks, struct totals *totals)
{
    for (size_t i = 0; i < sinks->count; i++) {
        const struct open_sink *sink = &sinks->all[i];
        if (sink->type->count_limits)
            sink->type->count_limits(sink->state, totals);
    }
}

void sinks_stats(struct sinks *sinks, const struct totals *totals, bool is_last)
{
    sinks_flush(sinks);
    struct sink_report reports[SINKS_MAX];
    for (size_t i = 0; i < sinks->count; i++)
        reports[i] = sinks_report(sinks, i);

    struct sink_stats stats = {.totals = totals,
                               .is_last = is_last,
                               .sandbox = sinks->is_confined ? &sinks->sandbox : NULL,
                               .sinks = reports,
                               .sink_count = sinks->count};
    memcpy(stats.findings, sinks->findings, sizeof stats.findings);
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        if (sink->type->stats && offer(sink) &&
            !sink->type->stats(sink->state, &stats, &sinks->error))
            note_failure(sinks, sink);
    }
}

void sinks_flush(struct sinks *sinks)
{
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        if (!sink->type->flush || sink->has_failed)
            continue;
        if (!sink->type->flush(sink->state, &sinks->error))
            note_failure(sinks, sink);
        sink->unsure = 0;
    }
}

bool sinks_turn(struct sinks *sinks, const struct sink_turn *turn, struct error *error)
{
    bool have_turned = true;
    sinks_flush(sinks);
    for (size_t i = 0; i < sinks->count; i++) {
        struct open_sink *sink = &sinks->all[i];
        if (sink->type->turn && !sink->has_failed)
            have_turned &= sink->type->turn(sink->state, turn, have_turned ? error : NULL);
    }
    return have_turned;
}

uint64_t sinks_size(const struct sinks *sinks)
{
    uint64_t largest = 0;
    for (size_t i = 0; i < sinks->count; i++) {
        const struct open_sink *sink = &sinks->all[i];
        uint64_t size = sink->type->size ? sink->type->size(sink->state) : 0;
        largest = size > largest ? size : largest;
    }
    return largest;
}

bool sinks_failed(const struct sinks *sinks, struct error *error)
{
    if (sinks->has_failed)
        error_set(error, "%s", sinks->first_error.text);
    return sinks->has_failed;
}

bool sinks_close(struct sinks *sinks, struct error *error)
{
    if (!sinks)
        return true;
    for (size_t i = sinks->count; i-- > 0;) {
        struct open_sink *sink = &sinks->all[i];
        if (!sink->type->close(sink->state, &sinks->error))
            keep_first_error(sinks);
        free(sink->target);
    }
    bool is_whole = !sinks->has_failed;
    if (!is_whole)
        error_set(error, "%s", sinks->first_error.text);
    free(sinks);
    return is_whole;
}
