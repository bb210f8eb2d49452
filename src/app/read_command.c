/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope read FILE|DIR|- ...
 */
#include "app/command.h"

#include "app/confine.h"
#include "app/run_options.h"
#include "app/stop_signal.h"
#include "capture/input_list.h"

#include <stdio.h>

enum { INFLATE_RATIO_MAX = 1000 };

#define DEFAULT_MAX_INFLATE (UINT64_C(64) << 30)

struct read_command {
    struct run_options run;
    struct words operands, files;
    uint64_t max_inflate;
    bool without_progress;
};

#define AT(member) offsetof(struct read_command, member)

static const struct option_spec specs[] = {
    {'r', "read", OPTION_WORDS, AT(files), "FILE", "same as naming FILE; may be repeated"},
    {0, "max-inflate", OPTION_SIZE, AT(max_inflate), "SIZE",
     "unpack at most so much of a compressed input; default 64G, and never more than 1000:1"},
    {0, "no-progress", OPTION_FLAG, AT(without_progress), NULL, "no progress bar"},
    FINDER_OPTION_ROWS,
    RUN_OPTION_ROWS,
    {0},
};

static void print_help(FILE *out)
{
    fputs("Usage: portscope read [OPTION...] FILE|DIR|- ...\n\n"
          "Reads saved captures (pcap, pcapng; also gzip and zstd; directories recursively) and\n"
          "says for each flow on a watched port what is assigned there and what was detected.\n\n",
          out);
    options_print(specs, out);
}

static bool fill_options(const struct read_command *command, struct pipeline_options *options,
                         struct error *error)
{
    struct flow_timeouts timeouts = flow_timeouts_default();
    if (!run_options_fill(&command->run, &timeouts, options, error))
        return false;
    options->source = (struct source_options){.max_inflate_bytes = command->max_inflate,
                                              .max_inflate_ratio = INFLATE_RATIO_MAX};
    options->shows_progress = !command->run.is_quiet && !command->without_progress;
    return true;
}

/* Names that cannot be read are reported, the others are read. */
static void list_inputs(const struct read_command *command, struct input_list *inputs,
                        struct notices *notices)
{
    const struct words *lists[] = {&command->files, &command->operands};
    for (size_t list = 0; list < 2; list++) {
        for (size_t i = 0; i < lists[list]->count; i++) {
            struct error error;
            if (!input_list_add(inputs, lists[list]->items[i], &error))
                notices_report(notices, EXIT_NO_INPUT, error.text);
        }
    }
}

/* Inputs are opened one after the other, so that their number has no bound; the sandbox lets these
 * be read, and nothing else. */
static bool may_read(const struct read_command *command, struct pipeline *pipeline,
                     const struct input_list *inputs)
{
    struct sandbox_policy policy = {.reads_others_files = true};
    for (size_t i = 0; i < inputs->count; i++)
        words_add(&policy.read_paths, inputs->paths[i]);
    bool may = command->run.without_sandbox || confine(pipeline, &policy, false);
    sandbox_policy_free(&policy);
    return may;
}

static enum exit_status run(const struct read_command *command)
{
    struct notices notices = {.is_quiet = command->run.is_quiet};
    struct pipeline_options options;
    struct error error;
    if (!fill_options(command, &options, &error)) {
        notices_report(&notices, EXIT_USAGE, error.text);
        return notices.status;
    }
    if (command->files.count + command->operands.count == 0) {
        notices_report(&notices, EXIT_USAGE,
                       "read: name a capture, a directory, or - for standard "
                       "input");
        return notices.status;
    }
    struct input_list inputs = {0};
    list_inputs(command, &inputs, &notices);
    options.inputs = (const char *const *)inputs.paths;
    options.input_count = inputs.count;
    struct pipeline pipeline;
    stop_signal_install();
    if (inputs.count > 0 && pipeline_open(&pipeline, &options, &notices)) {
        if (may_read(command, &pipeline, &inputs))
            pipeline_read(&pipeline, inputs.paths, inputs.count);
        pipeline_close(&pipeline);
    }
    input_list_free(&inputs);
    return notices.status;
}

enum exit_status command_read(int argc, char **argv)
{
    struct read_command command = {.max_inflate = DEFAULT_MAX_INFLATE};
    const struct command_line line = {specs, print_help, argc, argv};
    enum exit_status status;
    if (command_line_read(&line, &command, &command.operands, &status))
        status = run(&command);
    words_free(&command.operands);
    words_free(&command.files);
    run_options_free(&command.run);
    return status;
}
