/* SPDX-License-Identifier: Apache-2.0
 *
 * Detectors under test: records are described in a line, findings are collected.
 */
#ifndef PORTSCOPE_TESTS_WATCHING_H
#define PORTSCOPE_TESTS_WATCHING_H

#include "base/timestamp.h"
#include "detect/baseline.h"
#include "detect/detectors.h"

enum { WATCHING_FINDINGS_MAX = 256 };

struct watching {
    struct rulebook rulebook; /* 154, 155 and 395 are watched */
    struct site site;
    struct baseline *baseline; /* NULL: none; the test's */
    struct detectors *detectors;
    struct flow_record record;
    struct finding findings[WATCHING_FINDINGS_MAX];
    size_t count;
    uint64_t flow_ids;
    int64_t last_ns;
};

enum outcome { ANSWERED, SILENT, REFUSED, HALF_OPEN };

/* What is zero has a usual value: 10.0.0.1 talks TCP from 40000 to 10.0.1.1:154. */
struct talk {
    const char *client, *server;
    uint16_t client_port, port;
    uint8_t protocol;
    enum outcome outcome;
    double at_s, lasts_s;
    uint64_t sent, got; /* payload bytes */
};

/* `settings`: what stands behind --set, terminated by NULL; may be NULL. */
void watching_begin(struct watching *w, const char *const *settings);
void watching_end(struct watching *w); /* findings are told, in the order of their severity */
void watching_close(struct watching *w);

/* The record of a talk, to be changed and then shown. */
struct flow_record *watching_record(struct watching *w, const struct talk *talk);
void watching_show(struct watching *w);

/* Both. */
void watching_talk(struct watching *w, const struct talk *talk);

/* Findings of a detector, and its first; NULL when there is none. */
size_t watching_count(const struct watching *w, const char *detector);
const struct finding *watching_find(const struct watching *w, const char *detector);

#endif
