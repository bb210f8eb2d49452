/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope read FILE|DIR|- ...
 */
#include "app/command.h"

#include "app/option.h"
#include "app/pipeline.h"
#include "app/stop_signal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "capture/input_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INFLATE_RATIO_MAX = 1000 };

#define DEFAULT_MAX_INFLATE (UINT64_C(64) << 30)

struct read_command {
    struct words operands, files, outputs, rules, timeouts;
    const char *rules_directory, *watch, *filter, *fields, *hash_key;
    uint64_t packets_max, max_flows, max_inflate, threads;
    bool wants_all, may_overwrite, without_dpi, is_quiet, without_colour, without_progress;
};

#define AT(member) offsetof(struct read_command, member)

static const struct option_spec specs[] = {
    {'r', "read", OPTION_WORDS, AT(files), "FILE", "same as naming FILE; may be repeated"},
    {'o', "output", OPTION_WORDS, AT(outputs), "FORMAT[:TARGET]",
     "where results go; may be repeated. Formats: table (default), eve, csv, zeek. "
     "Without a target: standard output"},
    {0, "overwrite", OPTION_FLAG, AT(may_overwrite), NULL, "replace output files that exist"},
    {0, "fields", OPTION_WORD, AT(fields), "NAME,...",
     "pick and order the columns of csv and zeek"},
    {0, "watch", OPTION_WORD, AT(watch), "PORT[/PROTO],...", "watch these ports as well"},
    {'a', "all", OPTION_FLAG, AT(wants_all), NULL, "classify every flow, not only watched ports"},
    {'R', "rules", OPTION_WORDS, AT(rules), "FILE",
     "add a rule file of your own; may be repeated, later wins"},
    {0, "rules-dir", OPTION_WORD, AT(rules_directory), "DIR",
     "the rule pack to use instead of the installed one"},
    {'f', "filter", OPTION_WORD, AT(filter), "BPF",
     "look only at frames that match a libpcap expression, applied as given"},
    {'c', "count", OPTION_COUNT, AT(packets_max), "N", "stop after N packets"},
    {0, "max-flows", OPTION_COUNT, AT(max_flows), "N",
     "open flows at a time; default: what fits 64 MB. The oldest idle one is evicted"},
    {'j', "threads", OPTION_COUNT, AT(threads), "N",
     "use so many threads; default: the cores. The answer is the same with any number"},
    {0, "timeout", OPTION_WORDS, AT(timeouts), "KIND=DURATION",
     "end flows after so long: tcp=5m, tcp-closed=5s, tcp-attempt=30s, udp=60s, other=60s; "
     "active=0 (a record at least so often). May be repeated"},
    {0, "max-inflate", OPTION_SIZE, AT(max_inflate), "SIZE",
     "unpack at most so much of a compressed input; default 64G, and never more than 1000:1"},
    {0, "no-dpi", OPTION_FLAG, AT(without_dpi), NULL, "do not look into payloads"},
    {0, "hash-key", OPTION_WORD, AT(hash_key), "HEX",
     "fix the key of the flow hash (32 digits), for tests; default: random"},
    {'q', "quiet", OPTION_FLAG, AT(is_quiet), NULL, "no hints and no progress bar"},
    {0, "no-progress", OPTION_FLAG, AT(without_progress), NULL, "no progress bar"},
    {0, "no-color", OPTION_FLAG, AT(without_colour), NULL,
     "no colour (NO_COLOR in the environment does the same)"},
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

static bool set_timeout(struct flow_timeouts *timeouts, const char *word, struct error *error)
{
    const struct {
        const char *name;
        int64_t *place;
    } kinds[] = {
        {"tcp", &timeouts->tcp_idle_ns},
        {"tcp-closed", &timeouts->tcp_closed_ns},
        {"tcp-attempt", &timeouts->tcp_attempt_ns},
        {"udp", &timeouts->udp_idle_ns},
        {"other", &timeouts->other_idle_ns},
        {"active", &timeouts->active_ns},
    };
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : 0;
    for (size_t i = 0; equals && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, word, length) == 0 &&
            duration_parse(equals + 1, kinds[i].place))
            return true;
    }
    char shown[80];
    return error_set(error,
                     "--timeout: '%s' is not KIND=DURATION with tcp, tcp-closed, tcp-attempt, udp, "
                     "other or active",
                     text_printable(word, shown, sizeof shown));
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool set_hash_key(const char *word, struct siphash_key *key, struct error *error)
{
    *key = (struct siphash_key){0};
    if (strlen(word) != 32 || strspn(word, "0123456789abcdefABCDEF") != 32)
        return error_set(error, "--hash-key needs 32 hexadecimal digits");
    for (size_t i = 0; i < 32; i++)
        key->words[i / 16] = key->words[i / 16] << 4 | (uint64_t)hex_digit(word[i]);
    return true;
}

static bool wants_colour(const struct read_command *command)
{
    const char *never = getenv("NO_COLOR");
    const char *always = getenv("CLICOLOR_FORCE");
    const char *terminal = getenv("TERM");
    if (command->without_colour || (never && *never))
        return false;
    if (always && *always && strcmp(always, "0") != 0)
        return true;
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

static bool fill_options(const struct read_command *command, struct pipeline_options *options,
                         struct error *error)
{
    *options = (struct pipeline_options){
        .rules = {.directory = command->rules_directory,
                  .files = command->rules.items,
                  .file_count = command->rules.count,
                  .watch = command->watch},
        .outputs = command->outputs.items,
        .output_count = command->outputs.count,
        .sinks = {.may_overwrite = command->may_overwrite,
                  .use_colour = wants_colour(command),
                  .fields = command->fields},
        .filter = command->filter,
        .wants_all = command->wants_all,
        .packets_max = command->packets_max,
        .source = {.max_inflate_bytes = command->max_inflate,
                   .max_inflate_ratio = INFLATE_RATIO_MAX},
        .timeouts = flow_timeouts_default(),
        .max_flows = command->max_flows,
        .threads = command->threads,
        .without_dpi = command->without_dpi,
        .shows_progress = !command->is_quiet && !command->without_progress,
        .has_hash_key = command->hash_key != NULL,
    };
    for (size_t i = 0; i < command->timeouts.count; i++) {
        if (!set_timeout(&options->timeouts, command->timeouts.items[i], error))
            return false;
    }
    return !command->hash_key || set_hash_key(command->hash_key, &options->hash_key, error);
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

static enum exit_status run(const struct read_command *command)
{
    struct notices notices = {.is_quiet = command->is_quiet};
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
    struct pipeline pipeline;
    stop_signal_install();
    if (inputs.count > 0 && pipeline_open(&pipeline, &options, &notices)) {
        pipeline_read(&pipeline, inputs.paths, inputs.count);
        pipeline_close(&pipeline);
    }
    input_list_free(&inputs);
    return notices.status;
}

enum exit_status command_read(int argc, char **argv)
{
    struct read_command command = {.max_inflate = DEFAULT_MAX_INFLATE};
    struct error error;
    enum exit_status status = EXIT_DONE;
    switch (options_parse(specs, argc, argv, &command, &command.operands, &error)) {
    case OPTIONS_HELP:
        print_help(stdout);
        break;
    case OPTIONS_WRONG:
        fprintf(stderr, "portscope: %s\n", error.text);
        status = EXIT_USAGE;
        break;
    case OPTIONS_OK:
        status = run(&command);
        break;
    }
    words_free(&command.operands);
    words_free(&command.files);
    words_free(&command.outputs);
    words_free(&command.rules);
    words_free(&command.timeouts);
    return status;
}
