/* SPDX-License-Identifier: Apache-2.0
 *
 * Records, findings and totals of the model as rows of a store.
 */
#ifndef PORTSCOPE_STORE_RECORD_ROW_H
#define PORTSCOPE_STORE_RECORD_ROW_H

#include "base/text.h"
#include "model/record.h"
#include "model/totals.h"
#include "store/row.h"

/* Where a row's words are put together; starts as {0}, and is used again for the next row. */
struct row_words {
    struct text why, risks, marks, metadata, vlans, hosts, flow_ids;
    char application_id[APPLICATION_ID_TEXT_SIZE], detected_id[16], tunnel[48];
    char first_there[2 * FLOW_FIRST_BYTES + 1], first_back[2 * FLOW_FIRST_BYTES + 1];
    char finding_id[STORE_FINDING_ID_SIZE], flow[128];
};

void row_words_free(struct row_words *words);

/* The strings of the row live in `words` and in what it was made of. Probe, run and times of
 * storing are the caller's to fill in. */
struct store_flow row_of_record(const struct flow_record *record, struct row_words *words);
struct store_finding row_of_finding(const struct finding *finding, struct row_words *words);
struct store_run row_of_totals(const struct totals *totals);

/* The same thing found again has the same id, in whatever run: it is made of the detector, the
 * finding's key and the filters, which name the subject. Returns `out`. */
const char *store_finding_id(const struct store_finding *row, uint64_t key, const char *more,
                             char out[STORE_FINDING_ID_SIZE]);

#endif
