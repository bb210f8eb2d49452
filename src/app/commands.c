/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include "base/suggest.h"
#include "base/text.h"
#include "dpi/dpi.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"read", "FILE|DIR|- ...", "analyse saved captures", command_read},
    {"listeners", "", "who on this host listens on the watched ports", command_listeners},
    {"live", "-i INTERFACE ...", "watch interfaces", command_live},
    {"review", "STORE|EVE-FILE ...", "what was recorded: the night in one screen", command_review},
    {"serve", "STORE|EVE-FILE ...", "the same as a live page, with an API and metrics",
     command_serve},
    {"learn", "FILE|DIR|- ... -o FILE", "write a baseline of what is normal", command_learn},
    {"rules", "check|show|explain", "validate and explain the rule pack, one port, one application",
     command_rules},
    {"store", "init|prune", "create a store, remove what is old", command_store},
    {"detectors", "", "list what is looked for, with thresholds", command_detectors},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    fputs("portscope tells what really runs on a port.\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  portscope %-9s %-20s %s\n", commands[i].name, commands[i].usage,
                commands[i].help);
    fputs("\n'portscope COMMAND --help' lists a command's options.\n"
          "Exit status: 0 done, 1 findings at or above --fail-on, 2 usage or rules wrong,\n"
          "3 input cannot be opened, 4 input damaged part-way, 5 some output was not written.\n",
          out);
}

static void print_version(void)
{
    printf("portscope %s, nDPI %s\n", PORTSCOPE_VERSION, dpi_version());
}

static enum exit_status unknown_command(const char *word)
{
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    char shown[80];
    char hint[SUGGESTION_SIZE];
    fprintf(stderr, "portscope: unknown command '%s'%s; 'portscope --help' lists them\n",
            text_printable(word, shown, sizeof shown), suggestion(word, names, COMMANDS, hint));
    return EXIT_USAGE;
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* Data that stdio could not deliver is an output that was not written, whoever wrote it. */
static int finish(enum exit_status status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (status != EXIT_OUTPUT_FAILED)
            fputs("portscope: standard output could not be written\n", stderr);
        status = exit_status_worse(status, EXIT_OUTPUT_FAILED);
    }
    return (int)status;
}

int portscope_main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (is_one_of(argv[1], "-h", "--help", "help")) {
        print_help(stdout);
        return finish(EXIT_DONE);
    }
    if (is_one_of(argv[1], "-V", "--version", "version")) {
        print_version();
        return finish(EXIT_DONE);
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return finish(commands[i].run(argc - 1, argv + 1));
    }
    return finish(unknown_command(argv[1]));
}
