/* SPDX-License-Identifier: Apache-2.0
 *
 * The options that reading and watching share: what is looked for, how, and where results go.
 */
#ifndef PORTSCOPE_APP_RUN_OPTIONS_H
#define PORTSCOPE_APP_RUN_OPTIONS_H

#include "app/option.h"
#include "app/pipeline.h"

#include <stddef.h>

/* The first member of a command's own options, so that one table fills both. */
struct run_options {
    struct words outputs, rules, timeouts, settings;
    const char *rules_directory, *watch, *filter, *fields, *hash_key;
    const char *site, *baseline, *fail_on;
    uint64_t packets_max, max_flows, threads;
    uint64_t evidence_each, evidence_all, evidence_memory;
    int64_t suppress_ns;
    bool wants_all, may_overwrite, without_dpi, without_detectors, is_quiet, without_colour;
    bool without_sandbox;
};

/* Rows of a command's own table. */
#define RUN_AT(member) offsetof(struct run_options, member)

/* clang-format off */
#define RUN_OPTION_ROWS \
    {'o', "output", OPTION_WORDS, RUN_AT(outputs), "FORMAT[:TARGET]", \
     "where results go; may be repeated. Formats: table (default), eve, csv, zeek, report " \
     "(a page for the browser), store, cef, syslog, evidence (a directory). Without a target: " \
     "standard output"}, \
    {0, "overwrite", OPTION_FLAG, RUN_AT(may_overwrite), NULL, \
     "replace output files that exist"}, \
    {0, "fields", OPTION_WORD, RUN_AT(fields), "NAME,...", \
     "pick and order the columns of csv and zeek"}, \
    {0, "watch", OPTION_WORD, RUN_AT(watch), "PORT[/PROTO],...", "watch these ports as well"}, \
    {'a', "all", OPTION_FLAG, RUN_AT(wants_all), NULL, \
     "classify every flow, not only watched ports"}, \
    {'R', "rules", OPTION_WORDS, RUN_AT(rules), "FILE", \
     "add a rule file of your own; may be repeated, later wins"}, \
    {0, "rules-dir", OPTION_WORD, RUN_AT(rules_directory), "DIR", \
     "the rule pack to use instead of the installed one"}, \
    {'f', "filter", OPTION_WORD, RUN_AT(filter), "BPF", \
     "look only at frames that match a libpcap expression, applied as given"}, \
    {'c', "count", OPTION_COUNT, RUN_AT(packets_max), "N", "stop after N packets"}, \
    {0, "max-flows", OPTION_COUNT, RUN_AT(max_flows), "N", \
     "open flows at a time; default: what fits 64 MB. The oldest idle one is evicted"}, \
    {'j', "threads", OPTION_COUNT, RUN_AT(threads), "N", \
     "use so many threads; default: the cores (live: 1). The answer is the same with any " \
     "number"}, \
    {0, "timeout", OPTION_WORDS, RUN_AT(timeouts), "KIND=DURATION", \
     "end flows after so long: tcp=5m, tcp-closed=5s, tcp-attempt=30s, udp=60s, other=60s; " \
     "active=0, live 1h (a record at least so often). May be repeated"}, \
    {0, "no-dpi", OPTION_FLAG, RUN_AT(without_dpi), NULL, "do not look into payloads"}, \
    {0, "no-sandbox", OPTION_FLAG, RUN_AT(without_sandbox), NULL, \
     "keep all privileges while looking into packets"}, \
    {0, "hash-key", OPTION_WORD, RUN_AT(hash_key), "HEX", \
     "fix the key of the flow hash (32 digits), for tests; default: random"}, \
    {'q', "quiet", OPTION_FLAG, RUN_AT(is_quiet), NULL, "no hints and no progress bar"}, \
    {0, "no-color", OPTION_FLAG, RUN_AT(without_colour), NULL, \
     "no colour (NO_COLOR in the environment does the same)"}
/* clang-format on */

/* Rows that say what is a finding; they stand before the others. */
/* clang-format off */
#define FINDER_OPTION_ROWS                                                                         \
    {0, "site", OPTION_WORD, RUN_AT(site), "FILE",                                               \
     "the site policy: home networks, zones, who may talk to whom"},                               \
    {0, "baseline", OPTION_WORD, RUN_AT(baseline), "FILE",                                         \
     "what is normal, as 'portscope learn' wrote it: what is new becomes a finding"},              \
    {0, "set", OPTION_WORDS, RUN_AT(settings), "DETECTOR.SETTING=VALUE",                           \
     "change a threshold, or switch a detector: beacon=off. May be repeated; "                     \
     "'portscope detectors' lists them"},                                                          \
    {0, "no-detectors", OPTION_FLAG, RUN_AT(without_detectors), NULL, "no findings"},              \
    {0, "fail-on", OPTION_WORD, RUN_AT(fail_on), "SEVERITY",                                       \
     "exit status 1 when a finding is so severe or worse: info, low, medium, high, critical"},     \
    {0, "evidence-each", OPTION_SIZE, RUN_AT(evidence_each), "SIZE",                               \
     "bytes of packets in one file of -o evidence; default 1M"},                                   \
    {0, "evidence-all", OPTION_SIZE, RUN_AT(evidence_all), "SIZE",                                 \
     "bytes of all such files of a run; default 256M"},                                            \
    {0, "evidence-memory", OPTION_SIZE, RUN_AT(evidence_memory), "SIZE",                           \
     "memory for packets that may become evidence; default 64M"}
/* clang-format on */

/* What the pipeline needs of them; the rest is the command's. `timeouts`: where the user gives
 * none. False with a sentence. */
bool run_options_fill(const struct run_options *run, const struct flow_timeouts *timeouts,
                      struct pipeline_options *options, struct error *error);
void run_options_free(struct run_options *run);

#endif
