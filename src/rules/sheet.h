/* SPDX-License-Identifier: Apache-2.0
 *
 * "key : value" lines for a terminal of 100 columns. Words from rule files come out in their
 * printable form.
 */
#ifndef PORTSCOPE_RULES_SHEET_H
#define PORTSCOPE_RULES_SHEET_H

#include "model/rulebook.h"

#include <stdio.h>

/* A line as `show ip nbar protocol-attribute` writes it: the key right-aligned, the value, and
 * where it comes from when `mark` is not NULL. Nothing when the value is empty. */
void sheet_line(FILE *out, const char *key, const char *value, const char *mark);

/* The same with a long value, wrapped behind the colon. */
void sheet_text(FILE *out, const char *key, const char *words);

/* The eight attributes, each with its mark. */
void sheet_attributes(FILE *out, const struct attributes *attributes);

#endif
