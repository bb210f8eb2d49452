/* SPDX-License-Identifier: Apache-2.0
 *
 * What one can ask a store. The answers are the same whatever keeps the rows.
 *
 * Every question returns false with a sentence when it could not be answered. A callback that
 * returns false has enough. A handle is for one thread at a time.
 */
#ifndef PORTSCOPE_STORE_QUESTION_H
#define PORTSCOPE_STORE_QUESTION_H

#include "store/filter.h"
#include "store/row.h"
#include "store/store.h"

#include <stddef.h>

/* What flows can be grouped by. */
enum store_key {
    STORE_BY_SERVICE,
    STORE_BY_VERDICT,
    STORE_BY_APPLICATION,
    STORE_BY_PROBE,
    STORE_BY_INITIATOR,
    STORE_BY_RESPONDER,
    STORE_BY_TIME, /* the start of the bucket, in ns */
    STORE_KEYS
};

/* What groups and flows can be sorted by. */
enum store_measure {
    STORE_FLOWS, /* of a single flow: its first packet */
    STORE_PACKETS,
    STORE_BYTES,
    STORE_PAYLOAD,
    STORE_FIRST,
    STORE_LAST,
    STORE_MEASURES
};

/* "service", "bytes", ...: the words of --group-by and --sort. */
const char *store_key_name(enum store_key key);
const char *store_measure_name(enum store_measure measure);
/* False when the word is none of them. */
bool store_key_parse(const char *word, enum store_key *out);
bool store_measure_parse(const char *word, enum store_measure *out);

/* Where a page of flow records ended, so that the next begins there however far that is, and
 * whatever was written meanwhile. */
struct store_position {
    int64_t measure, first_ns, last_ns; /* of the last record; `measure`: what it is sorted by */
    uint64_t flow_id;
    uint64_t equals; /* records like the last one that the pages so far had */
};

/* A part of a long answer, in order. Equals are in the order of their keys or ids. */
struct store_page {
    enum store_measure by;
    bool is_ascending;
    uint64_t limit, offset;             /* limit 0: all */
    const struct store_position *after; /* of flow records: what follows it; NULL: from the start */
};

struct store_grouping {
    enum store_key keys[STORE_KEYS];
    size_t key_count;     /* 0: one group of all */
    int64_t bucket_ns;    /* for STORE_BY_TIME: whole minutes */
    int64_t new_since_ns; /* only groups of which nothing had been written by then; 0: all */
    struct store_page page;
};

struct store_group {
    const char *keys[STORE_KEYS]; /* in the order asked for; addresses as text */
    uint64_t flows, packets_there, packets_back, bytes_there, bytes_back;
    uint64_t payload_there, payload_back;
    int64_t first_ns, last_ns; /* of their packets */
};

typedef bool store_group_fn(void *context, const struct store_group *group);
typedef bool store_flow_fn(void *context, const struct store_flow *flow);
typedef bool store_finding_fn(void *context, const struct store_finding *finding);
typedef bool store_run_fn(void *context, const struct store_run *run);

/* Groups and their sums: services by verdict, top talkers, peers (STORE_BY_INITIATOR and
 * STORE_BY_RESPONDER), a timeline (STORE_BY_TIME), what is new. One group, of zeros, when nothing
 * matches and there are no keys. */
bool store_groups(struct store *store, const struct store_filter *filter,
                  const struct store_grouping *grouping, store_group_fn *on_group, void *context,
                  struct error *error);

/* Flow records, newest first unless the page says otherwise. */
bool store_flows(struct store *store, const struct store_filter *filter,
                 const struct store_page *page, store_flow_fn *on_flow, void *context,
                 struct error *error);

/* Moves the position behind a record that the page gave; one of zeros begins. */
void store_position_move(struct store_position *position, enum store_measure by,
                         const struct store_flow *flow);

/* How many records match, whatever the page. */
bool store_count_flows(struct store *store, const struct store_filter *filter, uint64_t *out,
                       struct error *error);

/* The records of one flow in order of time. `near_ns`, when known (a record's first_ns), spares
 * looking through everything: only records that began within an hour of it; 0: unknown. */
bool store_flow_by_id(struct store *store, uint64_t flow_id, int64_t near_ns,
                      store_flow_fn *on_flow, void *context, struct error *error);

/* Findings, the worst first: not acknowledged before acknowledged, by severity, the latest. Times
 * of the filter meet a finding when it went on between them. */
bool store_findings(struct store *store, const struct store_filter *filter,
                    store_finding_fn *on_finding, void *context, struct error *error);

/* One finding by its id or the only one that begins so; false when there is none or several. */
bool store_finding_by_id(struct store *store, const char *id, store_finding_fn *on_finding,
                         void *context, struct error *error);

/* The runs of all probes, the newest first, each with its last numbers. */
bool store_runs(struct store *store, const struct store_filter *filter, store_run_fn *on_run,
                void *context, struct error *error);

/* "Seen, and this is why it is fine." It holds until the finding is seen with a worse severity. */
struct store_acknowledgement {
    const char *finding_id; /* in full */
    const char *by, *comment;
    int64_t at_ns;
};
bool store_acknowledge(struct store *store, const struct store_acknowledgement *acknowledgement,
                       struct error *error);

/* When somebody last said to have reviewed everything; 0: never. */
bool store_last_review(struct store *store, int64_t *out_ns, struct error *error);
bool store_mark_reviewed(struct store *store, int64_t at_ns, struct error *error);

/* Asked now and then while a question is being answered; false ends it with a sentence. NULL: as
 * long as it takes. */
typedef bool store_patience_fn(void *context);
void store_set_patience(struct store *store, store_patience_fn *has_patience, void *context);

/* A number that changes when something new may be there: ask often, it is cheap. */
bool store_change_count(struct store *store, uint64_t *out, struct error *error);

#endif
