/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope listeners
 */
#include "app/command.h"

#include "app/listeners.h"
#include "app/option.h"
#include "base/memory.h"
#include "base/text.h"
#include "output/grid.h"
#include "output/json.h"
#include "output/page.h"
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listeners_command {
    struct words operands, files;
    const char *directory, *watch, *output;
};

#define AT(member) offsetof(struct listeners_command, member)

static const struct option_spec specs[] = {
    {'o', "output", OPTION_WORD, AT(output), "table|json", "how to say it; default: table"},
    {0, "watch", OPTION_WORD, AT(watch), "PORT[/PROTO],...", "look at these ports as well"},
    {'R', "rules", OPTION_WORDS, AT(files), "FILE",
     "add a rule file of your own; may be repeated, later wins"},
    {0, "rules-dir", OPTION_WORD, AT(directory), "DIR",
     "the rule pack to use instead of the installed one"},
    {0},
};

static void print_help(FILE *out)
{
    fputs("Usage: portscope listeners [OPTION...]\n\n"
          "Says who on this host listens on the watched ports, and what they are assigned to.\n"
          "Without root only one's own processes can be named.\n\n",
          out);
    options_print(specs, out);
}

static const char *protocol_name(const struct listener *listener)
{
    return listener->protocol == 6 ? "tcp" : "udp";
}

/* --- a table for people --- */

static void add_row(struct grid *grid, const struct rulebook *rulebook,
                    const struct listener *listener)
{
    char words[ADDRESS_TEXT_SIZE + 16];
    char address[ADDRESS_TEXT_SIZE];
    const struct service *service = rulebook_service(rulebook, listener->port, listener->protocol);
    snprintf(words, sizeof words, "%u/%s", (unsigned)listener->port, protocol_name(listener));
    grid_add(grid, words);
    grid_add(grid, service ? service->name : "-");
    grid_add(grid, address_text(&listener->address, address));
    snprintf(words, sizeof words, "%d", listener->process);
    grid_add(grid, listener->process > 0 ? words : "?");
    grid_add(grid, listener->process > 0 ? listener->name : "?");
    grid_add(grid, listener->user);
    grid_add(grid, listener->unit[0] ? listener->unit : "-");
}

static void add_table(struct page *page, const struct listeners *listeners,
                      const struct rulebook *rulebook)
{
    static const char *const heading[] = {"port",    "assigned", "address", "pid",
                                          "process", "user",     "unit"};
    struct grid grid = {.columns = "lllrlll", .most = 40};
    for (size_t i = 0; i < sizeof heading / sizeof heading[0]; i++)
        grid_add(&grid, heading[i]);
    for (size_t i = 0; i < listeners->count; i++)
        add_row(&grid, rulebook, &listeners->all[i]);
    grid_print(&grid, page, 0);
}

/* Once for each service that somebody listens on. */
static void add_advice(struct page *page, const struct listeners *listeners,
                       const struct rulebook *rulebook)
{
    const struct service *before = NULL;
    for (size_t i = 0; i < listeners->count; i++) {
        const struct listener *listener = &listeners->all[i];
        const struct service *service =
            rulebook_service(rulebook, listener->port, listener->protocol);
        if (!service || service == before)
            continue;
        before = service;
        page_heading(page, service->display_name);
        page_wrap(page, 2, STYLE_PLAIN, service->description);
        if (service->advice[0] != '\0')
            page_wrap(page, 2, STYLE_PLAIN, service->advice);
    }
}

static void print_table(struct text *out, const struct listeners *listeners,
                        const struct rulebook *rulebook)
{
    struct page page = {.text = out};
    if (listeners->count == 0) {
        text_add(out, "Nobody listens on the watched ports.\n");
    } else {
        add_table(&page, listeners, rulebook);
        add_advice(&page, listeners, rulebook);
    }
    if (listeners->hidden_processes > 0)
        text_addf(out, "\n%u processes of other users could not be looked into; root can.\n",
                  listeners->hidden_processes);
    if (listeners->is_cut)
        text_addf(out, "\nThere are more than %d; the others are not shown.\n", LISTENERS_MAX);
}

/* --- JSON for programs --- */

static void add_process(struct text *out, const struct listener *listener)
{
    json_begin(out, "process", '{');
    json_number(out, "pid", (uint64_t)listener->process);
    json_string(out, "name", span_of(listener->name));
    json_string(out, "command", span_of(listener->command));
    json_string_if(out, "unit", listener->unit);
    json_number(out, "sharing", listener->processes);
    json_end(out, '}');
}

static void add_service(struct text *out, const struct service *service)
{
    json_begin(out, "assigned", '{');
    json_string(out, "name", span_of(service->name));
    json_string(out, "description", span_of(service->description));
    json_string_if(out, "advice", service->advice);
    json_end(out, '}');
}

static void add_listener(struct text *out, const struct rulebook *rulebook,
                         const struct listener *listener)
{
    char address[ADDRESS_TEXT_SIZE];
    const struct service *service = rulebook_service(rulebook, listener->port, listener->protocol);
    json_begin(out, NULL, '{');
    json_number(out, "port", listener->port);
    json_word(out, "protocol", protocol_name(listener));
    json_word(out, "address", address_text(&listener->address, address));
    json_string(out, "user", span_of(listener->user));
    if (listener->process > 0)
        add_process(out, listener);
    else
        json_null(out, "process");
    if (service)
        add_service(out, service);
    else
        json_null(out, "assigned");
    json_end(out, '}');
}

static void print_json(struct text *out, const struct listeners *listeners,
                       const struct rulebook *rulebook)
{
    json_begin(out, NULL, '{');
    json_begin(out, "listeners", '[');
    for (size_t i = 0; i < listeners->count; i++)
        add_listener(out, rulebook, &listeners->all[i]);
    json_end(out, ']');
    json_number(out, "hidden_processes", listeners->hidden_processes);
    json_bool(out, "complete", !listeners->is_cut && listeners->hidden_processes == 0);
    json_end(out, '}');
    text_add_char(out, '\n');
}

/* --- */

static enum exit_status look(const struct listeners_command *command,
                             const struct rulebook *rulebook, struct error *error)
{
    struct listeners *listeners = memory_new(1, sizeof *listeners);
    struct text out = {0};
    bool is_found = listeners_find(listeners, &rulebook->watched, error);
    if (is_found) {
        listeners_find_processes(listeners);
        bool wants_json = command->output && strcmp(command->output, "json") == 0;
        (wants_json ? print_json : print_table)(&out, listeners, rulebook);
        fputs(text_words(&out), stdout);
    }
    text_free(&out);
    free(listeners);
    return is_found ? EXIT_DONE : EXIT_NO_INPUT;
}

static enum exit_status run(const struct listeners_command *command, struct error *error)
{
    struct rules_options options = {.directory = command->directory,
                                    .files = command->files.items,
                                    .file_count = command->files.count,
                                    .watch = command->watch};
    bool is_known = !command->output || strcmp(command->output, "table") == 0 ||
                    strcmp(command->output, "json") == 0;
    if (command->operands.count > 0 || !is_known) {
        error_set(error,
                  is_known ? "listeners: takes no operands" : "listeners: -o is table or json");
        return EXIT_USAGE;
    }
    struct rulebook *rulebook = rules_load(&options, error);
    if (!rulebook)
        return EXIT_USAGE;
    enum exit_status status = look(command, rulebook, error);
    rules_free(rulebook);
    return status;
}

enum exit_status command_listeners(int argc, char **argv)
{
    struct listeners_command command = {0};
    struct error error = {.text = ""};
    const struct command_line line = {specs, print_help, argc, argv};
    enum exit_status status;
    if (command_line_read(&line, &command, &command.operands, &status)) {
        status = run(&command, &error);
        if (status != EXIT_DONE)
            fprintf(stderr, "portscope: %s\n", error.text);
    }
    words_free(&command.operands);
    words_free(&command.files);
    return status;
}
