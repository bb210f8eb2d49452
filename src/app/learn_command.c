/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope learn FILE|DIR|- ... -o BASELINE
 */
#include "app/command.h"

#include "app/confine.h"
#include "app/run_options.h"
#include "app/stop_signal.h"
#include "capture/input_list.h"

#include <stdio.h>

struct learn_command {
    struct run_options run;
    struct words operands;
    const char *output;
};

static const struct option_spec specs[] = {
    {'o', "output", OPTION_WORD, offsetof(struct learn_command, output), "FILE",
     "the baseline; what it has already is kept, and added to"},
    {0, "watch", OPTION_WORD, RUN_AT(watch), "PORT[/PROTO],...", "watch these ports as well"},
    {'R', "rules", OPTION_WORDS, RUN_AT(rules), "FILE", "add a rule file of your own"},
    {0, "rules-dir", OPTION_WORD, RUN_AT(rules_directory), "DIR",
     "the rule pack to use instead of the installed one"},
    {'f', "filter", OPTION_WORD, RUN_AT(filter), "BPF",
     "look only at frames that match a libpcap expression, applied as given"},
    {'j', "threads", OPTION_COUNT, RUN_AT(threads), "N", "use so many threads; default: the cores"},
    {0, "no-sandbox", OPTION_FLAG, RUN_AT(without_sandbox), NULL,
     "keep all privileges while looking into packets"},
    {'q', "quiet", OPTION_FLAG, RUN_AT(is_quiet), NULL, "no hints and no progress bar"},
    {0},
};

static void print_help(FILE *out)
{
    fputs("Usage: portscope learn [OPTION...] -o BASELINE FILE|DIR|- ...\n\n"
          "Learns from captures that you trust which hosts answer on the watched ports, and whom.\n"
          "'portscope read --baseline BASELINE' then tells what is new.\n\n",
          out);
    options_print(specs, out);
}

static bool fill_options(const struct learn_command *command, struct pipeline_options *options,
                         struct error *error)
{
    const struct flow_timeouts timeouts = flow_timeouts_default();
    if (!command->output)
        return error_set(error, "learn: say where the baseline goes: -o FILE");
    if (command->operands.count == 0)
        return error_set(error, "learn: name a capture, a directory, or - for standard input");
    if (!run_options_fill(&command->run, &timeouts, options, error))
        return false;
    options->without_dpi = true;
    options->without_sinks = true;
    options->shows_progress = !command->run.is_quiet;
    options->source =
        (struct source_options){.max_inflate_bytes = UINT64_C(64) << 30, .max_inflate_ratio = 1000};
    options->finder.learns_to = command->output;
    return true;
}

/* The captures may be read, and the baseline written; nothing else. */
static bool may_learn(const struct learn_command *command, struct pipeline *pipeline,
                      const struct input_list *inputs)
{
    struct sandbox_policy policy = {.reads_others_files = true};
    for (size_t i = 0; i < inputs->count; i++)
        words_add(&policy.read_paths, inputs->paths[i]);
    sandbox_policy_let_write(&policy, command->output);
    bool may = command->run.without_sandbox || confine(pipeline, &policy, false);
    sandbox_policy_free(&policy);
    return may;
}

static enum exit_status run(const struct learn_command *command)
{
    struct notices notices = {.is_quiet = command->run.is_quiet};
    struct pipeline_options options;
    struct input_list inputs = {0};
    struct pipeline pipeline;
    struct error error;
    if (!fill_options(command, &options, &error)) {
        notices_report(&notices, EXIT_USAGE, error.text);
        return notices.status;
    }
    for (size_t i = 0; i < command->operands.count; i++) {
        if (!input_list_add(&inputs, command->operands.items[i], &error))
            notices_report(&notices, EXIT_NO_INPUT, error.text);
    }
    if (inputs.count > 0 && pipeline_open(&pipeline, &options, &notices)) {
        stop_signal_install();
        if (may_learn(command, &pipeline, &inputs))
            pipeline_read(&pipeline, inputs.paths, inputs.count);
        pipeline_close(&pipeline);
    }
    input_list_free(&inputs);
    return notices.status;
}

enum exit_status command_learn(int argc, char **argv)
{
    struct learn_command command = {0};
    const struct command_line line = {specs, print_help, argc, argv};
    enum exit_status status;
    if (command_line_read(&line, &command, &command.operands, &status))
        status = run(&command);
    words_free(&command.operands);
    run_options_free(&command.run);
    return status;
}
