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
#include "model/sandbox_level.h"
#include "model/totals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct sink_options {
    const char *target; /* what stands behind "FORMAT:", NULL or "-": standard output */
    bool may_overwrite; /* --overwrite */
    bool use_colour;    /* decided by app/ (terminal, NO_COLOR, ...); only for standard output */
    const char *fields; /* --fields: comma-separated columns, NULL: the sink's own choice */
    uint64_t evidence_each, evidence_all; /* bytes of one evidence file, of all; 0: the default */
    const char *command;                  /* the command line, printable, for headers */
    const char *const *precious;          /* what the run reads: files that no output may replace */
    size_t precious_count;
};

/* --overwrite is for results; a capture is not to be had again. Whether `there`, called `name`, may
 * be replaced or removed; false with a sentence when it is one of the precious files. */
bool sink_spares_inputs(const struct sink_options *options, const struct stat *there,
                        const char *name, struct error *error);

/* Records: flows, findings and statistics that were handed to a sink. */
struct sink_counts {
    uint64_t offered, written, failed;
};

/* What a sink does besides writing to what it has opened, as bits; the sandbox lets it. */
enum sink_need {
    SINK_NEEDS_FOLDER = 1 << 0,  /* makes and removes files beside its target while it runs */
    SINK_NEEDS_SOCKETS = 1 << 1, /* connects to a collector, and again when that comes back */
    SINK_NEEDS_FRAMES = 1 << 2,  /* findings are to bring the frames of their flows along */
};

/* How an open sink fares. */
struct sink_report {
    const char *format; /* "eve" */
    const char *target; /* NULL: standard output */
    unsigned needs;     /* enum sink_need */
    struct sink_counts counts;
};

/* What there is to say at the end of the run, or at a statistics interval (live). */
struct sink_stats {
    const struct totals *totals;
    bool is_last;
    uint64_t findings[SEVERITIES];
    const struct sandbox_level *sandbox; /* NULL: none */
    const struct sink_report *sinks;     /* this sink's own among them */
    size_t sink_count;
};

/* How files make way for new ones. */
struct sink_turn {
    const char *aside; /* what the old ones are called besides; NULL: only those that were moved */
    unsigned keep;     /* so many old ones; 0: all */
};

struct sink_type {
    const char *name;  /* "eve" */
    const char *help;  /* one line for --help */
    bool wants_target; /* cannot write to standard output */
    unsigned needs;    /* enum sink_need */
    /* Opens; returns the sink's state or NULL with a sentence. What of `options` outlives the call
     * is copied. */
    void *(*open)(const struct sink_options *options, struct error *error);
    /* Each returns false with a sentence when something was not written; may be NULL. */
    bool (*flow)(void *state, const struct flow_record *record, struct error *error);
    bool (*finding)(void *state, const struct finding *finding, struct error *error);
    /* Adds to a finding what this sink has for it, before any sink gets it. */
    bool (*prepare)(void *state, struct finding *finding, struct error *error);
    bool (*stats)(void *state, const struct sink_stats *stats, struct error *error);
    bool (*flush)(void *state, struct error *error);
    /* Goes on in new files; may be NULL. False with a sentence when that failed and nothing was
     * lost. */
    bool (*turn)(void *state, const struct sink_turn *turn, struct error *error);
    uint64_t (*size)(const void *state); /* of its largest file; may be NULL */
    /* How many records that it had taken were lost, asked after a failure. NULL: all that it took
     * since the last flush. */
    uint64_t (*lost)(const void *state);
    /* The process becomes another user: what the sink made, and will make, is to be theirs. May be
     * NULL; false with a sentence. */
    bool (*give)(void *state, uid_t user, gid_t group, struct error *error);
    void (*count_limits)(const void *state, struct totals *totals); /* its own bounds */
    /* Frees the state; false when the last bytes could not be written. */
    bool (*close)(void *state, struct error *error);
};

/* The kinds of this room, terminated by NULL. */
extern const struct sink_type *const sink_types[];

/* A set of opened sinks, written to together. */
struct sinks;

struct sinks *sinks_new(void);
/* One more kind, that another room brings; before it is opened. */
void sinks_add_type(struct sinks *sinks, const struct sink_type *type);
/* Opens "FORMAT[:TARGET]"; options->target is not looked at. False with a sentence for an unknown
 * format (did you mean), a target that exists without --overwrite, two sinks on standard output,
 * ... */
bool sinks_open(struct sinks *sinks, const char *word, const struct sink_options *options,
                struct error *error);
/* Closes all and frees, before anything was written: files that the opening made are removed, so
 * that they do not stand in the way of the next try. */
void sinks_abandon(struct sinks *sinks);
size_t sinks_count(const struct sinks *sinks);
/* What was given up, for the statistics; copied. */
void sinks_set_sandbox(struct sinks *sinks, const struct sandbox_level *level);
/* Of the sink opened as number `index`; what is still buffered counts as written. */
struct sink_report sinks_report(const struct sinks *sinks, size_t index);

/* A sink that fails is reported once, gets nothing more, and its counts tell. */
void sinks_flow(struct sinks *sinks, const struct flow_record *record);
void sinks_finding(struct sinks *sinks, const struct finding *finding);
/* Flushes first, so that the counts of the sinks are true. */
void sinks_stats(struct sinks *sinks, const struct totals *totals, bool is_last);
void sinks_flush(struct sinks *sinks);
/* What will be written from now on is another user's; false with a sentence. */
bool sinks_give(struct sinks *sinks, uid_t user, gid_t group, struct error *error);
/* Sets the bounds of sinks, and how often they were hit. */
void sinks_count_limits(const struct sinks *sinks, struct totals *totals);

/* All go on in new files. False with the first sentence; those that could not go on as they are. */
bool sinks_turn(struct sinks *sinks, const struct sink_turn *turn, struct error *error);
/* Whether any has failed by now; `error` then has the first sentence. */
bool sinks_failed(const struct sinks *sinks, struct error *error);
/* The size of the largest file of all. */
uint64_t sinks_size(const struct sinks *sinks);

/* Closes all and frees. False when any sink failed at any time; `error` then has the first
 * sentence. Accepts NULL. */
bool sinks_close(struct sinks *sinks, struct error *error);

#endif
