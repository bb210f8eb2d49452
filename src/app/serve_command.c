/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope serve STORE|EVE-FILE ...
 */
#include "app/command.h"

#include "app/confine.h"
#include "app/eve_store.h"
#include "app/option.h"
#include "app/service.h"
#include "app/stop_signal.h"
#include "app/store_sink.h"
#include "base/memory.h"
#include "review/serve/serve.h"
#include "rules/rules.h"

#include <stdio.h>
#include <string.h>

struct serve_command {
    struct words operands, host_names, rules;
    const char *listen, *token_file, *rules_directory;
    bool without_sandbox;
};

#define AT(member) offsetof(struct serve_command, member)

static const struct option_spec specs[] = {
    {0, "listen", OPTION_WORD, AT(listen), "ADDRESS:PORT",
     "where to serve; default 127.0.0.1:8154; port 0: any free one. An address that other machines "
     "can reach needs --token-file"},
    {0, "token-file", OPTION_WORD, AT(token_file), "FILE",
     "whoever asks must bring the word in it (mode 0600; 20 to 256 characters)"},
    {0, "host-name", OPTION_WORDS, AT(host_names), "NAME",
     "a name under which browsers may ask, beside addresses and localhost; repeatable"},
    {'R', "rules", OPTION_WORDS, AT(rules), "FILE", "rules added to the pack; repeatable"},
    {0, "rules-dir", OPTION_WORD, AT(rules_directory), "DIR", "the rule pack"},
    {0, "no-sandbox", OPTION_FLAG, AT(without_sandbox), NULL, "keep every right of the process"},
    {0},
};

static void print_help(FILE *out)
{
    fputs("Usage: portscope serve [OPTION...] STORE|EVE-FILE ...\n\n"
          "Shows a store (flows.db, clickhouse://HOST:8123/DATABASE) or EVE files as a live page,\n"
          "and answers programs: JSON below /api/v1 (described in /api/v1/openapi.json), metrics "
          "for\n"
          "Prometheus at /metrics. The address is printed; SIGINT and SIGTERM end it.\n\n",
          out);
    options_print(specs, out);
}

struct stores {
    struct store *all[SERVE_STORES_MAX];
    size_t count;
};

/* A handle answers one question at a time; a store in memory has but one. */
static bool open_stores(const struct words *operands, struct stores *stores, struct error *error)
{
    const struct store_options options = {
        .target = operands->items[0], .mode = STORE_READ, .now_ns = wall_clock_ns};
    bool is_store = store_is_target(operands->items[0]);
    if (is_store && operands->count > 1)
        return error_usage(error, "serve: one store at a time");
    size_t wanted = is_store ? SERVE_STORES_MAX : 1;
    while (stores->count < wanted) {
        struct store *store =
            is_store ? store_open(&options, error) : eve_store_open(operands, error);
        if (!store)
            return false;
        stores->all[stores->count++] = store;
    }
    return true;
}

static void close_stores(struct stores *stores)
{
    while (stores->count > 0)
        store_close(stores->all[--stores->count], NULL);
}

static enum exit_status fail(enum exit_status status, const struct error *error)
{
    fprintf(stderr, "portscope: %s\n", error->text);
    return status;
}

/* Everything is open: what is not needed any more is given up, and only then somebody is heard. */
static enum exit_status answer(const struct serve_command *command, struct serve *serve,
                               const struct stores *stores)
{
    struct error error;
    int service = service_open();
    bool may = command->without_sandbox ||
               confine_server(command->operands.items[0], service >= 0, &error);
    if (may) {
        printf("%s\n", serve_url(serve));
        fflush(stdout);
        service_tell(service, "READY=1");
        may = serve_run(serve, stores->all, stores->count, &error);
        service_tell(service, "STOPPING=1");
    }
    service_close(service);
    return may ? EXIT_DONE : fail(EXIT_USAGE, &error);
}

static enum exit_status serve_stores(const struct serve_command *command,
                                     const struct rulebook *rulebook)
{
    struct error error;
    struct stores stores = {.count = 0};
    const struct serve_options options = {
        .listen = command->listen ? command->listen : "127.0.0.1:8154",
        .token_file = command->token_file,
        .host_names = command->host_names.items,
        .host_name_count = command->host_names.count,
        .store_name = command->operands.items[0],
        .version = PORTSCOPE_VERSION,
        .rulebook = rulebook,
        .now_ns = wall_clock_ns,
        .should_stop = stop_signal_came,
    };
    struct serve *serve = serve_open(&options, &error);
    if (!serve)
        return fail(EXIT_USAGE, &error);
    enum exit_status status = open_stores(&command->operands, &stores, &error)
                                  ? answer(command, serve, &stores)
                                  : fail(EXIT_NO_INPUT, &error);
    serve_close(serve);
    close_stores(&stores);
    return status;
}

static enum exit_status run(const struct serve_command *command)
{
    struct error error;
    const struct rules_options options = {.directory = command->rules_directory,
                                          .files = command->rules.items,
                                          .file_count = command->rules.count};
    if (command->operands.count == 0) {
        error_usage(&error, "serve: name a store or a file of EVE lines");
        return fail(EXIT_USAGE, &error);
    }
    struct rulebook *rulebook = rules_load(&options, &error);
    if (!rulebook)
        return fail(EXIT_USAGE, &error);
    stop_signal_install();
    enum exit_status status = serve_stores(command, rulebook);
    rules_free(rulebook);
    return status;
}

enum exit_status command_serve(int argc, char **argv)
{
    struct serve_command command = {0};
    const struct command_line line = {specs, print_help, argc, argv};
    enum exit_status status;
    if (command_line_read(&line, &command, &command.operands, &status))
        status = run(&command);
    words_free(&command.operands);
    words_free(&command.host_names);
    words_free(&command.rules);
    return status;
}
