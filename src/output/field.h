/* SPDX-License-Identifier: Apache-2.0
 *
 * The columns that a flow record has for formats made of columns: one line each in field.c.
 */
#ifndef PORTSCOPE_OUTPUT_FIELD_H
#define PORTSCOPE_OUTPUT_FIELD_H

#include "base/error.h"
#include "base/text.h"
#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELDS_MAX = 96 };

enum field_kind {
    FIELD_COUNT,    /* value.count */
    FIELD_REAL,     /* value.real */
    FIELD_TIME,     /* value.ns */
    FIELD_INTERVAL, /* value.ns */
    FIELD_TEXT,     /* value.text: raw bytes, escape them */
    FIELD_SET,      /* value.text: our own words, comma separated */
};

/* A record, and what a field has read of it. */
struct field_value {
    const struct flow_record *record;
    unsigned of; /* struct field's */
    uint64_t count;
    double real;
    int64_t ns;
    struct span text; /* may point into `room` or `scratch` */
    char room[64];
    struct text scratch; /* the caller starts it as {0} and frees it */
};

struct field {
    const char *name;
    const char *zeek_name; /* in Zeek's logs; NULL: the same */
    const char *zeek_type;
    enum field_kind kind;
    bool is_zeeks; /* only there */
    /* Either a member of struct flow_record ... */
    size_t offset, size;
    /* ... or computed; `of` says which one, where a function knows several. False: the record has
     * no such value. */
    bool (*get)(struct field_value *value);
    unsigned of;
};

struct field_list {
    const struct field *all[FIELDS_MAX];
    size_t count;
};

enum field_naming { NAMED_AS_OURS, NAMED_AS_ZEEKS };

/* All fields of our own. */
struct field_list fields_default(void);

/* "a,b,c", in that order. False for an unknown name, with the nearest and the list of all. With
 * NAMED_AS_ZEEKS a Zeek name wins over one of ours. */
bool fields_choose(struct field_list *list, const char *words, enum field_naming naming,
                   struct error *error);

const char *field_name(const struct field *field, enum field_naming naming);

/* Reads a field of value->record. False: the record has no such value. */
bool field_get(const struct field *field, struct field_value *value);

/* The value read of a field that is a number (count, real, interval in seconds). */
void field_add_number(struct text *text, const struct field *field,
                      const struct field_value *value);

/* A field of value->record as words, printable; nothing when the record has no such value. */
void field_add_printable(struct text *text, const struct field *field, struct field_value *value);

#endif
