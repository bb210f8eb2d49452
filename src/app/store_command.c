/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope store init | prune TARGET
 */
#include "app/command.h"

#include "app/option.h"
#include "app/store_sink.h"
#include "base/timestamp.h"
#include "output/page.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct store_command {
    struct words operands;
    int64_t keep_ns;
    uint64_t size_max;
};

static const struct option_spec specs[] = {
    {0, "keep", OPTION_DURATION, offsetof(struct store_command, keep_ns), "DURATION",
     "prune: remove what began longer ago: 30d"},
    {0, "max-size", OPTION_SIZE, offsetof(struct store_command, size_max), "SIZE",
     "prune: remove the oldest until the store is so small: 10G"},
    {0},
};

static void print_help(FILE *out)
{
    fputs(
        "Usage: portscope store init TARGET\n"
        "       portscope store prune [--keep DURATION] [--max-size SIZE] TARGET\n\n"
        "init creates a store's file, or its tables in ClickHouse; prune removes what is old.\n\n",
        out);
    options_print(specs, out);
}

static bool init(struct store *store, const struct store_command *command, struct error *error)
{
    (void)command;
    return store_commit(store, error);
}

static void print_pruned(const struct store_pruned *pruned)
{
    struct text words = {0};
    text_add(&words, "removed: ");
    text_add_counted(&words, pruned->flows, "flow record");
    text_add(&words, ", ");
    text_add_counted(&words, pruned->findings, "finding");
    text_add(&words, ", ");
    text_add_counted(&words, pruned->runs, "run");
    if (pruned->size_before > 0) {
        text_add(&words, "; ");
        text_add_bytes(&words, pruned->size_before);
        text_add(&words, " before, ");
        text_add_bytes(&words, pruned->size_after);
        text_add(&words, " now");
    }
    puts(text_words(&words));
    text_free(&words);
}

static bool prune(struct store *store, const struct store_command *command, struct error *error)
{
    struct store_pruned pruned;
    int64_t before_ns = command->keep_ns > 0 ? wall_clock_ns() - command->keep_ns : 0;
    if (command->keep_ns == 0 && command->size_max == 0)
        return error_set(error, "store prune: say what to keep, with --keep or --max-size");
    if (!store_prune(store, before_ns, command->size_max, &pruned, error))
        return false;
    print_pruned(&pruned);
    return true;
}

static const struct action {
    const char *name;
    enum store_mode mode;
    bool (*run)(struct store *store, const struct store_command *command, struct error *error);
} actions[] = {
    {"init", STORE_CREATE, init},
    {"prune", STORE_READ, prune},
};

static const struct action *find_action(const struct words *operands)
{
    for (size_t i = 0; operands->count == 2 && i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, operands->items[0]) == 0)
            return &actions[i];
    }
    return NULL;
}

static enum exit_status run(const struct store_command *command, struct error *error)
{
    const struct action *action = find_action(&command->operands);
    if (!action) {
        error_set(error, "store: write 'store init TARGET' or 'store prune TARGET'");
        return EXIT_USAGE;
    }
    const struct store_options options = {
        .target = command->operands.items[1], .mode = action->mode, .now_ns = wall_clock_ns};
    struct store *store = store_open(&options, error);
    if (!store)
        return EXIT_NO_INPUT;
    bool is_done = action->run(store, command, error);
    bool is_closed = store_close(store, is_done ? error : NULL);
    if (is_done && is_closed)
        return EXIT_DONE;
    return command->keep_ns == 0 && command->size_max == 0 ? EXIT_USAGE : EXIT_OUTPUT_FAILED;
}

enum exit_status command_store(int argc, char **argv)
{
    struct store_command command = {0};
    struct error error;
    enum exit_status status = EXIT_USAGE;
    enum option_result result =
        options_parse(specs, argc, argv, &command, &command.operands, &error);
    if (result == OPTIONS_OK)
        status = run(&command, &error);
    if (result == OPTIONS_HELP) {
        print_help(stdout);
        status = EXIT_DONE;
    } else if (status != EXIT_DONE) {
        fprintf(stderr, "portscope: %s\n", error.text);
    }
    words_free(&command.operands);
    return status;
}
