/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands: each is a file with one function and one line in commands.c.
 */
#ifndef PORTSCOPE_APP_COMMAND_H
#define PORTSCOPE_APP_COMMAND_H

#include "app/exit_status.h"

struct command {
    const char *name;
    const char *usage; /* what stands behind the name */
    const char *help;
    enum exit_status (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

enum exit_status command_listeners(int argc, char **argv);
enum exit_status command_live(int argc, char **argv);
enum exit_status command_read(int argc, char **argv);
enum exit_status command_detectors(int argc, char **argv);
enum exit_status command_review(int argc, char **argv);
enum exit_status command_learn(int argc, char **argv);
enum exit_status command_rules(int argc, char **argv);
enum exit_status command_serve(int argc, char **argv);
enum exit_status command_store(int argc, char **argv);

/* The whole program. */
int portscope_main(int argc, char **argv);

#endif
