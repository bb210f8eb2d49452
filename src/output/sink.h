/* SPDX-License-Identifier: Apache-2.0
 *
 * Where records go. A sink is a file with one `struct sink_type` at its end and one line in
 * sinks.c; to add one, copy csv.c.
 */
#ifndef PORTSCOPE_OUTPUT_SINK_H
#define PORTSCOPE_OUTPUT_SINK_H

#include "base/error.h"
#include "model/finding.h"
#include "model/record.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct sink_options {
    const char *target;  /* what stands behind "FORMAT:", NULL: standard output */
    bool may_overwrite;  /* --overwrite */
    bool use_colour;     /* decided by app/ (terminal, NO_COLOR, ...); only for standard output */
    const char *fields;  /* --fields: comma-separated columns, NULL: the sink's own choice */
    const char *command; /* the command line, printable, for headers */
};

struct sink_counts {
    uint64_t offered, written, failed;
};

struct sink_type {
    const char *name;  /* "eve" */
    const char *help;  /* one line for --help */
    bool wants_target; /* cannot write to standard output */
    /* Opens; returns the sink's state or NULL with a sentence. */
    void *(*open)(const struct sink_options *options, struct error *error);
    /* Each returns false with a sentence when something was not written; may be NULL. */
    bool (*flow)(void *state, const struct flow_record *record, struct error *error);
    bool (*finding)(void *state, const struct finding *finding, struct error *error);
    /* `is_last`: at the end of the run; otherwise a statistics interval (live). */
    bool (*stats)(void *state, const struct totals *totals, bool is_last, struct error *error);
    bool (*flush)(void *state, struct error *error);
    /* Frees the state; false when the last bytes could not be written. */
    bool (*close)(void *state, struct error *error);
};

/* All kinds, terminated by NULL. */
extern const struct sink_type *const sink_types[];

/* A set of opened sinks, written to together. */
struct sinks;

struct sinks *sinks_new(void);
/* Opens "FORMAT[:TARGET]". False with a sentence for an unknown format (did you mean), a target
 * that exists without --overwrite, two sinks on standard output, ... */
bool sinks_open(struct sinks *sinks, const char *word, const struct sink_options *options,
                struct error *error);
size_t sinks_count(const struct sinks *sinks);

/* A sink that fails is reported once, gets nothing more, and its counts tell. */
void sinks_flow(struct sinks *sinks, const struct flow_record *record);
void sinks_finding(struct sinks *sinks, const struct finding *finding);
void sinks_stats(struct sinks *sinks, const struct totals *totals, bool is_last);
void sinks_flush(struct sinks *sinks);

/* Closes all and frees. False when any sink failed at any time; `error` then has the first
 * sentence. */
bool sinks_close(struct sinks *sinks, struct error *error);

/* Opens a file that must not exist (unless may_overwrite), never through a symbolic link, mode
 * 0600. NULL target or "-": standard output. NULL with a sentence on failure. */
FILE *sink_file_open(const struct sink_options *options, struct error *error);
/* Flushes and closes (standard output is only flushed); false when bytes were lost. */
bool sink_file_close(FILE *file, const struct sink_options *options, struct error *error);

#endif
