/* SPDX-License-Identifier: Apache-2.0
 *
 * Readers of single values, for the rows of schemas.
 */
#ifndef PORTSCOPE_RULES_VALUES_H
#define PORTSCOPE_RULES_VALUES_H

#include "rules/schema.h"

/* Text of at most `tag` bytes into a `const char *`. */
bool text_read(const struct rule_file *file, const struct field *field, const struct piece *first,
               void *record);
/* The same, of letters, digits and - _ . + only: it will stand in every output. */
bool name_read(const struct rule_file *file, const struct field *field, const struct piece *first,
               void *record);
/* The same, also with blanks and brackets, as nDPI's names have them: "Sina(Weibo)". */
bool label_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                void *record);
/* A list of texts, joined with commas, into a `const char *`. */
bool texts_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                void *record);
/* yes, no, true, false into a bool. */
bool truth_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                void *record);
/* 1 to 65535 into a uint16_t. */
bool port_read(const struct rule_file *file, const struct field *field, const struct piece *first,
               void *record);
/* A list of tcp, udp, sctp, dccp into a uint8_t of bits. */
bool transports_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record);
/* documented, port-page, own into an enum provenance. */
bool provenance_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record);

struct marked_id {
    struct application_id id;
    enum provenance source;
};

/* "3:154", or {value: "3:154", source: own}, into a struct marked_id. */
bool id_read(const struct rule_file *file, const struct field *field, const struct piece *first,
             void *record);

#endif
