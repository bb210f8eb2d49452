/* SPDX-License-Identifier: Apache-2.0
 *
 * Command-line options as a table: name, type, destination, help. Parsing and --help both follow
 * from it, so that neither can forget an option.
 */
#ifndef PORTSCOPE_APP_OPTION_H
#define PORTSCOPE_APP_OPTION_H

#include "app/exit_status.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { OPTION_WORDS_MAX = 64 };

/* Words given with a repeatable option, or the operands. Borrowed from argv. */
struct words {
    const char **items;
    size_t count;
};

void words_add(struct words *words, const char *word);
void words_free(struct words *words);

enum option_type {
    OPTION_FLAG,     /* bool */
    OPTION_WORD,     /* const char * */
    OPTION_WORDS,    /* struct words */
    OPTION_COUNT,    /* uint64_t */
    OPTION_SIZE,     /* uint64_t, bytes; k, M, G suffixes of 1024 */
    OPTION_DURATION, /* int64_t, ns */
};

struct option_spec {
    char letter;      /* 0: none */
    const char *name; /* without the dashes; NULL ends the table */
    enum option_type type;
    size_t offset;        /* of the destination in the command's options struct */
    const char *argument; /* its name in --help; NULL for flags */
    const char *help;
};

enum option_result { OPTIONS_OK, OPTIONS_HELP, OPTIONS_WRONG };

/* Fills the struct at `target` and collects operands. OPTIONS_WRONG: `error` says which word and
 * the nearest right one. `-h` and `--help` give OPTIONS_HELP. */
enum option_result options_parse(const struct option_spec *specs, int argc, char **argv,
                                 void *target, struct words *operands, struct error *error);

/* How most commands begin: help goes to standard output, a mistake is told on standard error.
 * Whether there is a command to run; if not, `status` is what it ends with. */
struct command_line {
    const struct option_spec *specs;
    void (*print_help)(FILE *out);
    int argc;
    char **argv;
};
bool command_line_read(const struct command_line *line, void *target, struct words *operands,
                       enum exit_status *status);

/* The table for people: one line an option, wrapped at 100 columns. */
void options_print(const struct option_spec *specs, FILE *out);

#endif
