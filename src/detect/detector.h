/* SPDX-License-Identifier: Apache-2.0
 *
 * A detector is a file with one `struct detector` at its end and one line in detectors.c; to add
 * one, copy odd_transport.c (no memory) or scan.c (with memory).
 */
#ifndef PORTSCOPE_DETECT_DETECTOR_H
#define PORTSCOPE_DETECT_DETECTOR_H

#include "base/keyed_table.h"
#include "detect/observation.h"
#include "detect/setting.h"
#include "model/finding.h"

struct ledger;
struct baseline;

enum { DETECTING_TABLES_MAX = 3 };

/* A detector at work: its memory, and what it may ask. */
struct detecting {
    const struct detector *detector;
    unsigned index; /* in the table of detectors */
    void *state;
    struct ledger *ledger;
    const struct site *site;
    const struct baseline *baseline; /* NULL: none */
    struct siphash_key hash_key;
    struct keyed_table *tables[DETECTING_TABLES_MAX];
    size_t table_count;
};

struct detector {
    const char *name;
    const char *help;
    uint32_t signature_id;
    const char *attack_id, *attack_name; /* MITRE ATT&CK */
    const char *next;                    /* what the reader of a finding should do */
    size_t state_size;                   /* zeroed, then the settings' defaults */
    const struct setting *settings;      /* may be NULL */
    bool is_for_all;                     /* sees flows without a watched port too */
    /* Live, sees a flow also before its end: once it is answered, and once its name is known. For
     * those that keep nothing that a second look at the same flow would spoil. */
    bool looks_early;

    /* Any may be NULL. Takes tables; thresholds are set. */
    void (*open)(struct detecting *d);
    /* An ended flow, in the order in which records are due. */
    void (*on_flow)(struct detecting *d, const struct observation *seen);
    /* Live, once a minute: what did not happen? */
    void (*on_tick)(struct detecting *d, int64_t now_ns);
    /* Once, at the end of all input; `now_ns` is the last packet's time. */
    void (*on_end)(struct detecting *d, int64_t now_ns);
};

/* A bounded table (base/keyed_table.h), freed with the detector; how often it was full is counted
 * in the totals. */
struct keyed_table *detecting_table(struct detecting *d, size_t capacity, size_t key_size,
                                    size_t value_size);

/* What a finding is about; what does not matter stays zero. Findings of one detector about the same
 * subject are one finding. */
struct subject {
    struct address client, server;
    uint8_t protocol;
    uint8_t zero;
    uint16_t port;
    uint16_t zeros;
    uint32_t detail;
};
_Static_assert(sizeof(struct subject) == 44, "a subject has no hidden padding");

struct subject subject_of_pair(const struct observation *seen);   /* client, server, port */
struct subject subject_of_server(const struct observation *seen); /* server, port */

/* A name as a detail of subjects. */
uint32_t subject_detail(const char *name);

struct claim {
    struct subject subject;
    enum severity severity;
    unsigned confidence; /* percent */
    bool is_rewritten;   /* the words change with each sighting: always asked for */
    /* Whose doing it is, when `seen` is not given or it is not the client. */
    const struct address *actor;
};

/* Says that something was seen once more. Returns the finding when its words are wanted (it is new,
 * worse than before, or rewritten), with its reasons emptied; else, or when there is no room, NULL.
 * `seen` may be NULL: then count, times and examples are the caller's to fill. */
struct finding *detecting_raise(struct detecting *d, const struct observation *seen,
                                const struct claim *claim);

#endif
