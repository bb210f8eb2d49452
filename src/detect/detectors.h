/* SPDX-License-Identifier: Apache-2.0
 *
 * All detectors at work: records go in, findings come out.
 */
#ifndef PORTSCOPE_DETECT_DETECTORS_H
#define PORTSCOPE_DETECT_DETECTORS_H

#include "base/error.h"
#include "base/siphash.h"
#include "model/finding.h"
#include "model/record.h"
#include "model/site.h"
#include "model/totals.h"

#include <stdio.h>

struct baseline;

struct detectors_options {
    const struct site *site;         /* borrowed */
    const struct rulebook *rulebook; /* borrowed */
    const struct baseline *baseline; /* borrowed; NULL: none */
    const char *const *settings;     /* "scan.hosts=25", "beacon=off" */
    size_t setting_count;
    struct siphash_key key;
    int64_t suppress_ns; /* live: repeat a finding at most so often; 0: an hour */
    /* Takes a finding; borrowed for the call. */
    void (*on_finding)(void *context, const struct finding *finding);
    void *context;
};

struct detectors;

/* NULL with a sentence when a setting is wrong. The caller frees. */
struct detectors *detectors_new(const struct detectors_options *options, struct error *error);
void detectors_free(struct detectors *detectors); /* accepts NULL */

/* An ended flow, in the order in which records are due; live also one that goes on, when it was
 * answered or named (record->is_early). */
void detectors_on_flow(struct detectors *detectors, const struct flow_record *record);

/* Live: other rules (borrowed) from the next record on; findings still point into the old ones. The
 * site has changed too: how often its entries were used is counted anew. */
void detectors_set_rules(struct detectors *detectors, const struct rulebook *rulebook);

/* Live, several times a second: findings that have settled are told. Whether there was one. */
bool detectors_on_tick(struct detectors *detectors, int64_t now_ns);

/* Whether a finding waits to be told. */
bool detectors_hold_findings(const struct detectors *detectors);

/* At the end of all input: findings are told, worst first. */
void detectors_on_end(struct detectors *detectors, int64_t now_ns);

/* How often bounds were hit. */
void detectors_count_limits(const struct detectors *detectors, struct totals *totals);

/* How often each entry of the site policy decided; `site->rule_count` numbers. */
const uint64_t *detectors_rule_uses(const struct detectors *detectors);

/* Answered conversations on watched ports of pairs that the baseline knows, and of others. */
uint64_t detectors_known_flows(const struct detectors *detectors);
uint64_t detectors_new_flows(const struct detectors *detectors);

/* `portscope detectors`: what there is, with settings and their defaults. */
void detectors_print(FILE *out);

#endif
