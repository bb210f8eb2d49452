/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope rules check | show [WORD] | explain PORT[/PROTO] | explain --site FILE SRC DST PORT
 */
#include "app/command.h"

#include "app/option.h"
#include "base/suggest.h"
#include "base/text.h"
#include "rules/rules.h"

#include <stdio.h>
#include <string.h>

struct rules_command {
    struct words files;
    const char *directory;
    const char *watch;
    const char *site;
};

static const struct option_spec specs[] = {
    {'R', "rules", OPTION_WORDS, offsetof(struct rules_command, files), "FILE",
     "add a rule file of your own; may be repeated, later wins"},
    {0, "rules-dir", OPTION_WORD, offsetof(struct rules_command, directory), "DIR",
     "the rule pack to use instead of the installed one"},
    {0, "watch", OPTION_WORD, offsetof(struct rules_command, watch), "PORT[/PROTO],...",
     "watch these ports as well"},
    {0, "site", OPTION_WORD, offsetof(struct rules_command, site), "FILE",
     "a site policy, to be checked or explained"},
    {0},
};

/* What an action works on. */
struct subject_matter {
    const struct rulebook *rulebook;
    const struct site *site;  /* is_given: --site */
    const char *const *words; /* behind the action */
    size_t count;
};

static bool check(const struct subject_matter *matter, struct error *error)
{
    (void)error;
    rules_summary(matter->rulebook, stdout);
    if (matter->site->is_given)
        site_summary(matter->site, stdout);
    return true;
}

static bool show(const struct subject_matter *matter, struct error *error)
{
    return rules_show(matter->rulebook, matter->count > 0 ? matter->words[0] : NULL, stdout, error);
}

static bool explain(const struct subject_matter *matter, struct error *error)
{
    if (matter->site->is_given && matter->count == 3)
        return site_explain(matter->site, matter->words, stdout, error);
    if (matter->site->is_given || matter->count != 1)
        return error_set(error, "usage: portscope rules explain PORT[/PROTO], or rules explain "
                                "--site FILE SRC DST PORT[/PROTO]");
    return rules_explain(matter->rulebook, matter->words[0], stdout, error);
}

static const struct action {
    const char *name;
    const char *usage;
    const char *help;
    size_t words_min, words_max;
    bool (*run)(const struct subject_matter *matter, struct error *error);
} actions[] = {
    {"check", "", "load everything and say what is there", 0, 0, check},
    {"show", "[SERVICE|APPLICATION|PORT]", "attributes and where each value comes from", 0, 1,
     show},
    {"explain", "PORT[/PROTO]", "what a port is for, its history, what to do if it shows up", 1, 3,
     explain},
    {"explain", "--site FILE SRC DST PORT", "which entry of the site policy decides", 1, 3,
     explain},
};

enum { ACTIONS = sizeof actions / sizeof actions[0] };

static void print_help(FILE *out)
{
    fputs("Usage: portscope rules ACTION [OPTION...]\n\n", out);
    for (size_t i = 0; i < ACTIONS; i++)
        fprintf(out, "  %-8s %-28s %s\n", actions[i].name, actions[i].usage, actions[i].help);
    fputs("\n", out);
    options_print(specs, out);
}

static const struct action *find_action(const struct words *operands, struct error *error)
{
    if (operands->count == 0) {
        error_set(error, "rules: say what to do: check, show or explain");
        return NULL;
    }
    const char *names[ACTIONS];
    for (size_t i = 0; i < ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(operands->items[0], names[i]) == 0)
            return &actions[i];
    }
    char shown[80];
    char hint[SUGGESTION_SIZE];
    error_set(error, "rules: unknown action '%s'%s; there are check, show and explain",
              text_printable(operands->items[0], shown, sizeof shown),
              suggestion(operands->items[0], names, ACTIONS, hint));
    return NULL;
}

static bool run(const struct rules_command *command, const struct words *operands,
                struct error *error)
{
    const struct action *action = find_action(operands, error);
    if (!action)
        return false;
    size_t words = operands->count - 1;
    if (words < action->words_min || words > action->words_max)
        return error_set(error, "usage: portscope rules %s %s", action->name, action->usage);

    struct rules_options options = {.directory = command->directory,
                                    .files = command->files.items,
                                    .file_count = command->files.count,
                                    .watch = command->watch};
    struct rulebook *rulebook = rules_load(&options, error);
    if (!rulebook)
        return false;
    struct site site = site_default();
    bool done = !command->site || site_load(command->site, rulebook, &site, error);
    const struct subject_matter matter = {rulebook, &site, operands->items + 1, words};
    done = done && action->run(&matter, error);
    site_free(&site);
    rules_free(rulebook);
    return done;
}

enum exit_status command_rules(int argc, char **argv)
{
    struct rules_command command = {0};
    struct words operands = {0};
    struct error error;
    enum exit_status status = EXIT_DONE;
    enum option_result result = options_parse(specs, argc, argv, &command, &operands, &error);
    if (result == OPTIONS_HELP) {
        print_help(stdout);
    } else if (result == OPTIONS_WRONG || !run(&command, &operands, &error)) {
        fprintf(stderr, "portscope: %s\n", error.text);
        status = EXIT_USAGE;
    }
    words_free(&operands);
    words_free(&command.files);
    return status;
}
