/* SPDX-License-Identifier: Apache-2.0
 *
 * From a saved capture to its flow records: source, intake, lanes. It reads one input after the
 * other; each thread that reads has one of its own.
 */
#ifndef PORTSCOPE_APP_INPUT_READER_H
#define PORTSCOPE_APP_INPUT_READER_H

#include "app/exit_status.h"
#include "app/intake.h"
#include "app/lane.h"
#include "app/lane_group.h"
#include "app/record_order.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called between batches: `bytes` of the input and `packets` of all inputs are done. False stops
 * the reading; what was read until then is valid. */
typedef bool progress_fn(void *context, uint64_t bytes, uint64_t packets);

struct input_reader_options {
    struct intake_options intake;
    struct lane_options lane; /* on_record gets the records, in order, in the reading thread */
    struct source_options source;
    size_t lanes; /* more than one: a thread each */
    progress_fn *on_progress;
    void *progress_context;
};

/* How it went with one input. */
struct input_reader_result {
    enum exit_status status; /* EXIT_DONE, or what `error` is about */
    struct error error;
    uint64_t input_bytes;
};

struct input_reader {
    struct input_reader_options options;
    struct intake intake;
    struct lane lane;          /* the only one, or unused */
    struct lane_group *lanes;  /* NULL: there is only one */
    struct record_order order; /* of the only one */
};

/* The caller closes it; on failure false with a sentence, and nothing is left open. */
bool input_reader_open(struct input_reader *reader, const struct input_reader_options *options,
                       struct error *error);
void input_reader_close(struct input_reader *reader);

/* Reads a saved capture, "-" is standard input, to its end, its fault, or the stop. */
void input_reader_read(struct input_reader *reader, const char *path,
                       struct input_reader_result *result);

/* The pieces of it, for who has frames from elsewhere: an input begins (`name` is borrowed until
 * the next one), its frames go to reader->intake, time passes, it ends. */
void input_reader_begin(struct input_reader *reader, const char *name, bool is_live);
void input_reader_tick(struct input_reader *reader, int64_t now_ns);
void input_reader_end(struct input_reader *reader);

/* Lets all records leave that are due, so that totals and rules can be looked at or changed. */
void input_reader_settle(struct input_reader *reader);

/* From the next packet on; settled before. */
void input_reader_set_rulebook(struct input_reader *reader, const struct rulebook *rulebook);

/* Adds what was counted to `totals`; settled before, or between inputs. */
void input_reader_totals(const struct input_reader *reader, struct totals *totals);

#endif
