/* SPDX-License-Identifier: Apache-2.0
 *
 * Flows made by arithmetic, the same on every run, for tests and measurements of stores.
 */
#ifndef PORTSCOPE_TESTS_STORE_FLOWS_H
#define PORTSCOPE_TESTS_STORE_FLOWS_H

#include "store/question.h"

#define SAMPLE_START_NS (INT64_C(1795132800) * 1000000000) /* 2026-11-20 00:00 UTC */

/* Flow `number` of `count` that begin, evenly, within `span_ns`. */
struct store_flow sample_store_flow(uint64_t number, uint64_t count, int64_t span_ns);

#endif
