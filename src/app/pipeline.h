/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything a run needs, opened in order and closed in reverse. pipeline.c is the file to read
 * first: it alone knows the order of the rooms.
 */
#ifndef PORTSCOPE_APP_PIPELINE_H
#define PORTSCOPE_APP_PIPELINE_H

#include "app/finder.h"
#include "app/notices.h"
#include "app/progress.h"
#include "app/input_reader.h"
#include "output/sink.h"
#include "rules/rules.h"

#include <stdbool.h>
#include <stdint.h>

struct pipeline_options {
    struct rules_options rules;
    const char *const *outputs; /* "FORMAT[:TARGET]"; none: "table" */
    size_t output_count;
    struct sink_options sinks; /* target is taken from each output's own word */
    const char *const *inputs; /* that no output may replace */
    size_t input_count;
    const char *filter;   /* libpcap expression, NULL: none */
    bool wants_all;       /* every flow, not only those on watched ports */
    uint64_t packets_max; /* stop after so many; 0: no bound */
    struct source_options source;
    struct flow_timeouts timeouts;
    uint64_t max_flows; /* 0: the default */
    uint64_t threads;   /* 0: as many as cores */
    struct finder_options finder;
    uint64_t evidence_memory; /* bytes of frames kept; 0: the default */
    bool without_dpi;
    bool without_sinks;
    bool shows_progress;
    bool has_hash_key; /* a fixed key, for tests that look into the table */
    struct siphash_key hash_key;
};

/* So often can the rules be loaded again in one run. */
enum { RELOADS_MAX = 256 };

struct pipeline {
    struct pipeline_options options;
    struct notices *notices; /* borrowed */
    struct rulebook *rulebook;
    struct rulebook *old_rulebooks[RELOADS_MAX]; /* findings and tables still point into them */
    size_t reloads;
    struct finder finder;
    struct trail_pool *trails; /* frames kept for the evidence; NULL: nobody wants them */
    struct sinks *sinks;
    struct totals totals;
    struct progress progress;
    uint64_t bytes_done; /* of the inputs before this one, when they are read one by one */
    bool saw_filtered_tags;
    bool told_failure; /* of an output: it was reported before the end */
    char link_names[TOTALS_LINK_TYPES_MAX][LINK_TYPE_NAME_SIZE];
};

/* Opens rules, detectors and sinks. False: reported to `notices`; nothing is left open. */
bool pipeline_open(struct pipeline *pipeline, const struct pipeline_options *options,
                   struct notices *notices);

/* How this pipeline reads: its rules, its sinks, its bounds. */
struct input_reader_options pipeline_reader_options(struct pipeline *pipeline);

/* Reads saved captures; "-" is standard input. Records reach the sinks in the order of the inputs.
 * What goes wrong is reported to `notices` and the next input follows. To be called once. */
void pipeline_read(struct pipeline *pipeline, char *const *paths, size_t count);

/* Loads the rules again into `rulebook`, where readers find them; on a fault false with a sentence,
 * and nothing has changed. */
bool pipeline_reload_rules(struct pipeline *pipeline, struct error *error);

/* Sets the bounds of detectors and outputs, and how often they were hit. */
void pipeline_count_limits(const struct pipeline *pipeline, struct totals *totals);

/* Totals out, sinks closed, everything freed. */
void pipeline_close(struct pipeline *pipeline);

#endif
