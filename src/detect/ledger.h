/* SPDX-License-Identifier: Apache-2.0
 *
 * The ledger of findings: the same thing seen again is one finding with a count, what is only part
 * of a worse thing (a scanner's refused connections) is counted there, and each kind has a bound.
 */
#ifndef PORTSCOPE_DETECT_LEDGER_H
#define PORTSCOPE_DETECT_LEDGER_H

#include "detect/detector.h"

enum { LEDGER_FINDINGS_MAX = 200 }; /* of one detector; further ones are counted in one more */

typedef void finding_fn(void *context, const struct finding *finding);

struct ledger;

/* `detectors` is terminated by NULL. */
struct ledger *ledger_new(const struct detector *const *detectors, const struct siphash_key *key);
void ledger_free(struct ledger *ledger); /* accepts NULL */

struct finding *ledger_raise(struct ledger *ledger, const struct detecting *d,
                             const struct observation *seen, const struct claim *claim);

/* The record that is being looked at: its time, and its frames for findings to come. */
void ledger_see(struct ledger *ledger, const struct observation *seen);

/* Tells what is new: at once, or after `hold_ns` when it may turn out to be part of something
 * worse; and again what went on, at most every `suppress_ns`. What was told and is quiet for twice
 * as long is forgotten. Returns how many were told. */
struct ledger_pace {
    int64_t hold_ns, suppress_ns;
};
size_t ledger_tell_due(struct ledger *ledger, int64_t now_ns, const struct ledger_pace *pace,
                       finding_fn *tell, void *context);

/* Whether something waits for its time to be told. */
bool ledger_holds(const struct ledger *ledger);

/* Tells everything that was not told, worst first. */
void ledger_tell_all(struct ledger *ledger, finding_fn *tell, void *context);

/* Findings that had no place of their own. */
uint64_t ledger_overflowed(const struct ledger *ledger);

#endif
