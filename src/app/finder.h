/* SPDX-License-Identifier: Apache-2.0
 *
 * The stage between records and findings: site policy, baseline and detectors, opened and closed
 * together. Records come in one thread, in order.
 */
#ifndef PORTSCOPE_APP_FINDER_H
#define PORTSCOPE_APP_FINDER_H

#include "app/notices.h"
#include "detect/detectors.h"
#include "output/sink.h"

struct finder_options {
    const char *site;            /* policy, NULL: none */
    const char *baseline;        /* file, NULL: none */
    const char *const *settings; /* of --set */
    size_t setting_count;
    const char *learns_to; /* write a baseline there instead of finding; NULL: no */
    bool is_off;
    bool has_fail_on;
    enum severity fail_on;
    int64_t suppress_ns; /* live */
};

struct finder {
    struct finder_options options;
    struct notices *notices;         /* borrowed */
    struct sinks *sinks;             /* borrowed */
    const struct rulebook *rulebook; /* borrowed */
    struct site site;
    struct baseline *baseline;
    struct detectors *detectors; /* NULL: off */
    uint64_t failing;            /* findings at or above --fail-on */
};

/* `rulebook`, `site` and `sinks` are borrowed. False with a sentence; nothing is left open. */
bool finder_open(struct finder *finder, const struct finder_options *options,
                 const struct rulebook *rulebook, struct error *error);

/* Where findings go; before the first record. */
void finder_set_outputs(struct finder *finder, struct sinks *sinks, struct notices *notices);

/* Live: other rules (borrowed) from the next record on, and the site policy loaded again. On a
 * fault of the policy false with a sentence, and nothing has changed. */
bool finder_reload(struct finder *finder, const struct rulebook *rulebook, struct error *error);

void finder_add(struct finder *finder, const struct flow_record *record);

/* Live, several times a second; whether a finding was told. */
bool finder_tick(struct finder *finder, int64_t now_ns);

/* Whether a finding waits to be told. */
bool finder_is_waiting(const struct finder *finder);

/* At the end of all input: findings to the sinks, --fail-on to the exit status. */
void finder_end(struct finder *finder, const struct totals *totals);

/* Sets the bounds of the detectors, and how often they were hit. */
void finder_count_limits(const struct finder *finder, struct totals *totals);

void finder_close(struct finder *finder);

#endif
