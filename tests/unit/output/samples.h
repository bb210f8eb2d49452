/* SPDX-License-Identifier: Apache-2.0
 *
 * Records made by hand for the tests of the sinks.
 */
#ifndef PORTSCOPE_TESTS_SAMPLES_H
#define PORTSCOPE_TESTS_SAMPLES_H

#include "output/sink.h"

/* An SSH session on 395/tcp, 2026-11-20 09:15:00, 192.0.2.1:40000 -> 192.0.2.2:395, in VLAN 154 and
 * a VXLAN tunnel. `record` points into itself: do not copy it. */
void sample_flow(struct flow_record *record);

/* Points every text that comes from packets or names of files to `string`. */
void sample_with_hostile_strings(struct flow_record *record, const char *string);

void sample_finding(struct finding *finding);

void sample_totals(struct totals *totals);

/* The strings that have broken other tools, terminated by NULL. */
extern const char *const hostile_strings[];

/* The set-up and tear-down of tests that write files: a temporary folder of their own. */
int sample_make_folder(void **state);
int sample_remove_folder(void **state);

/* A path in that folder. */
const char *sample_path(const char *name, char out[256]);

/* The whole of a file, terminated; the caller frees it. NULL when it cannot be read. */
char *sample_read_file(const char *path);

/* Runs a record, a finding and statistics through a sink of that format into the path "written". */
void sample_write(const char *format, const struct flow_record *record,
                  const struct sink_options *options);

/* The same, and what that file then holds; the caller frees it. */
char *sample_written(const char *format, const struct flow_record *record);

#endif
