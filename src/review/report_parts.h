/* SPDX-License-Identifier: Apache-2.0
 *
 * The sections of a report, for the files that write them. Each list has a bound in rows, and one
 * in bytes that no stranger's words get it over: what is left out is counted and said.
 */
#ifndef PORTSCOPE_REVIEW_REPORT_PARTS_H
#define PORTSCOPE_REVIEW_REPORT_PARTS_H

#include "model/verdict.h"
#include "review/html.h"
#include "review/report.h"

enum { REPORT_TITLE_SIZE = 256 };

/* What several sections tell of. */
struct report_sums {
    struct store_group all;
    uint64_t verdicts[VERDICTS]; /* flows */
    uint64_t findings[SEVERITIES], acknowledged;
    enum severity worst;
    char worst_title[REPORT_TITLE_SIZE];
    uint64_t runs, open_runs;
    struct store_run run; /* all of them, added up; texts are empty */
};

struct report {
    struct review *review;
    const struct report_source *source;
    struct report_sums sums;
    struct text *out;
    struct text data; /* JSON for the charts */
};

/* Bytes that the lists may take; with style and scripts under 400 KB in all. */
enum {
    REPORT_FINDINGS_BYTES = 100000,
    REPORT_SERVICES_BYTES = 16000,
    REPORT_PROFILES_BYTES = 24000,
    REPORT_RUNS_BYTES = 8000,
};

bool report_gather(struct report *report, struct error *error);

/* False: a question was not answered. A section without anything to tell is left out. */
bool section_headline(struct report *report, struct error *error);
bool section_timeline(struct report *report, struct error *error);
bool section_findings(struct report *report, struct error *error);
bool section_services(struct report *report, struct error *error);
bool section_pairs(struct report *report, struct error *error);
bool section_profiles(struct report *report, struct error *error);
bool section_totals(struct report *report, struct error *error);

/* "<section ...><h2>", and its end. */
void section_begin(struct report *report, const char *id, const char *heading, const char *lead);
void section_end(struct report *report);

/* Findings that nobody has acknowledged, of that severity or worse. */
uint64_t report_findings_from(const struct report_sums *sums, enum severity least);

/* The verdicts, those first that somebody should look at. */
extern const enum verdict report_verdict_order[VERDICTS];
/* A verdict in words: "speak something else than their port is for". */
const char *report_verdict_words(enum verdict verdict);
/* False when the word is no verdict. */
bool report_verdict_parse(const char *word, enum verdict *out);

/* "What limited this answer", each a sentence without its stop; how many there are. */
enum { REPORT_LIMITS_MAX = 12 };
size_t report_limitations(const struct report *report, struct text sentences[REPORT_LIMITS_MAX]);

#endif
