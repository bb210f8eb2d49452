/* SPDX-License-Identifier: Apache-2.0
 *
 * Several inputs at a time, a reader and a thread each; records and results come in the order of
 * the inputs, as if one reader had read them all.
 */
#ifndef PORTSCOPE_APP_READER_TEAM_H
#define PORTSCOPE_APP_READER_TEAM_H

#include "app/input_reader.h"

#include <stddef.h>

struct reader_team;

/* `options` as for one reader; on_record is called in the caller's thread, on_progress in any, one
 * at a time. NULL with a sentence. */
struct reader_team *reader_team_open(size_t readers, const struct input_reader_options *options,
                                     struct error *error);

typedef void result_fn(void *context, const struct input_reader_result *result);

/* Reads them all; to be called once. */
void reader_team_read(struct reader_team *team, char *const *paths, size_t count,
                      result_fn *on_result, void *context);

/* Adds what all readers counted to `totals`; after reading. */
void reader_team_totals(const struct reader_team *team, struct totals *totals);
bool reader_team_saw_filtered_tags(const struct reader_team *team);

void reader_team_close(struct reader_team *team); /* accepts NULL */

#endif
