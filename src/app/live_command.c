/* SPDX-License-Identifier: Apache-2.0
 *
 * portscope live -i INTERFACE ...
 */
#include "app/command.h"

#include "app/confine.h"
#include "app/live.h"
#include "app/live_signal.h"
#include "app/run_options.h"
#include "app/service.h"
#include "app/stop_signal.h"
#include "base/timestamp.h"
#include "rules/directory.h"

#include <inttypes.h>
#include <string.h>

#define ACTIVE_TIMEOUT_NS (3600 * NS_PER_S)
#define DEFAULT_SUPPRESS_NS (3600 * NS_PER_S)
#define DEFAULT_RING (UINT64_C(64) << 20)

enum { DEFAULT_SNAPLEN = 65535, SNAPLEN_MIN = 64, SNAPLEN_MAX = 262144, RING_MIN = 64 * 1024 };

struct live_command {
    struct run_options run;
    struct words operands, interfaces;
    const char *link_type, *direction, *user, *rotate;
    uint64_t snaplen, ring_bytes;
    int64_t duration_ns, stats_interval_ns;
    bool lists_interfaces, without_promiscuous;
};

#define AT(member) offsetof(struct live_command, member)

static const struct option_spec specs[] = {
    {'i', "interface", OPTION_WORDS, AT(interfaces), "NAME",
     "watch this interface; may be repeated, 'any' is all of them"},
    {'D', "list-interfaces", OPTION_FLAG, AT(lists_interfaces), NULL,
     "say which interfaces there are, and stop"},
    {'p', "no-promiscuous-mode", OPTION_FLAG, AT(without_promiscuous), NULL,
     "see only what is meant for this host"},
    {'s', "snapshot-length", OPTION_COUNT, AT(snaplen), "BYTES",
     "look at so much of a packet; default 65535"},
    {'B', "buffer", OPTION_SIZE, AT(ring_bytes), "SIZE",
     "the ring in which the kernel keeps packets until they are read; default 64M for each "
     "interface"},
    {'y', "linktype", OPTION_WORD, AT(link_type), "TYPE", "the link type to ask for"},
    {'Q', "direction", OPTION_WORD, AT(direction), "in|out|inout",
     "only packets that come in, or go out"},
    {0, "rotate", OPTION_WORD, AT(rotate), "TIME,SIZE,keep=N",
     "begin output files anew so often, or when one is so large (1h, 100M or both); the old one is "
     "renamed to NAME.<time>, and the newest N are kept (default: all)"},
    {'Z', "user", OPTION_WORD, AT(user), "NAME",
     "become this user when started as root; default nobody, where root may change it"},
    {0, "duration", OPTION_DURATION, AT(duration_ns), "TIME", "stop after so long"},
    {0, "stats-interval", OPTION_DURATION, AT(stats_interval_ns), "TIME",
     "write the totals so often, and at the end"},
    {0, "suppress", OPTION_DURATION, RUN_AT(suppress_ns), "TIME",
     "repeat a finding about the same at most so often; default 1h"},
    FINDER_OPTION_ROWS,
    RUN_OPTION_ROWS,
    {0},
};

static void print_help(FILE *out)
{
    fputs("Usage: portscope live -i INTERFACE [OPTION...]\n\n"
          "Watches interfaces until SIGINT or SIGTERM and gives the same records as 'read' does\n"
          "of the same packets. SIGUSR1 writes the totals so far, SIGHUP opens outputs, rules\n"
          "and site policy again. Only the capability CAP_NET_RAW is needed.\n\n",
          out);
    options_print(specs, out);
}

static enum exit_status list_interfaces(void)
{
    struct text list = {0};
    struct error error;
    bool is_listed = interfaces_list(&list, &error);
    if (is_listed)
        fputs(text_words(&list), stdout);
    else
        fprintf(stderr, "portscope: %s\n", error.text);
    text_free(&list);
    return is_listed ? EXIT_DONE : EXIT_NO_INPUT;
}

static bool check(const struct live_command *command, struct error *error)
{
    const char *direction = command->direction;
    if (command->operands.count > 0)
        return error_set(error, "live: takes no operands; an interface is named with -i");
    if (command->interfaces.count == 0)
        return error_set(error, "live: name an interface with -i; -D lists them");
    if (command->snaplen < SNAPLEN_MIN || command->snaplen > SNAPLEN_MAX)
        return error_set(error, "-s: a snapshot length is from %d to %d bytes", SNAPLEN_MIN,
                         SNAPLEN_MAX);
    if (command->ring_bytes < RING_MIN || command->ring_bytes > INT32_MAX)
        return error_set(error, "-B: a ring is from 64k to 2047M");
    if (direction && strcmp(direction, "in") != 0 && strcmp(direction, "out") != 0 &&
        strcmp(direction, "inout") != 0)
        return error_set(error, "-Q: a direction is in, out or inout");
    return true;
}

static struct interfaces *open_interfaces(const struct live_command *command,
                                          struct notices *notices)
{
    struct error error;
    struct interface_options options = {
        .names = command->interfaces.items,
        .count = command->interfaces.count,
        .link_type = command->link_type,
        .direction = command->direction,
        .snaplen = (uint32_t)command->snaplen,
        .buffer_bytes = command->ring_bytes,
        .is_promiscuous = !command->without_promiscuous,
    };
    struct interfaces *interfaces = interfaces_open(&options, &error);
    if (!interfaces)
        notices_report(notices, EXIT_NO_INPUT, error.text);
    return interfaces;
}

/* "eth0,eth1", printable. */
static void join_names(struct text *out, const struct words *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            text_add_char(out, ',');
        text_add_printable(out, span_of(names->items[i]));
    }
}

static void say_what_is_watched(const struct live_command *command, const char *name,
                                const struct interfaces *interfaces, const struct notices *notices)
{
    uint64_t ring = interfaces_ring_bytes(interfaces);
    uint64_t wanted = command->ring_bytes * command->interfaces.count;
    notices_hint(notices, "watching %s with a ring of %" PRIu64 " MiB%s", name, ring >> 20,
                 ring < wanted / 2 ? ", less than was asked for" : "");
}

/* Everything is open: gives up what is not needed any more. */
static bool may_watch(const struct live_command *command, struct pipeline *pipeline, int service)
{
    struct sandbox_policy policy = {
        .user = command->user, .default_user = "nobody", .notifies = service >= 0};
    bool may = command->run.without_sandbox || confine(pipeline, &policy, true);
    sandbox_policy_free(&policy);
    return may;
}

static void watch(const struct live_command *command, const struct pipeline_options *options,
                  const struct rotation *rotation, struct notices *notices)
{
    struct interfaces *interfaces = open_interfaces(command, notices);
    struct pipeline pipeline;
    if (!interfaces || !pipeline_open(&pipeline, options, notices)) {
        interfaces_close(interfaces);
        return;
    }
    struct text name = {0};
    join_names(&name, &command->interfaces);
    say_what_is_watched(command, text_words(&name), interfaces, notices);
    int service = service_open();
    if (may_watch(command, &pipeline, service))
        live_run(&pipeline, interfaces,
                 &(struct live_options){.name = text_words(&name),
                                        .duration_ns = command->duration_ns,
                                        .stats_interval_ns = command->stats_interval_ns,
                                        .rotation = *rotation,
                                        .service = service});
    service_close(service);
    pipeline_close(&pipeline);
    interfaces_close(interfaces);
    text_free(&name);
}

static enum exit_status run(const struct live_command *command)
{
    struct notices notices = {.is_quiet = command->run.is_quiet};
    struct pipeline_options options;
    struct error error;
    struct flow_timeouts timeouts = flow_timeouts_default();
    timeouts.active_ns = ACTIVE_TIMEOUT_NS;
    struct rotation rotation = {0};
    if (!check(command, &error) ||
        (command->rotate && !rotation_parse(command->rotate, &rotation, &error)) ||
        !run_options_fill(&command->run, &timeouts, &options, &error)) {
        notices_report(&notices, EXIT_USAGE, error.text);
        return notices.status;
    }
    /* The way to the installed pack is known only outside the sandbox, and rules are loaded again
     * inside it. */
    char pack[RULES_PATH_SIZE];
    if (rules_directory(options.rules.directory, pack, NULL))
        options.rules.directory = pack;
    stop_signal_install();
    live_signal_install();
    watch(command, &options, &rotation, &notices);
    return notices.status;
}

enum exit_status command_live(int argc, char **argv)
{
    struct live_command command = {.snaplen = DEFAULT_SNAPLEN,
                                   .ring_bytes = DEFAULT_RING,
                                   .run.suppress_ns = DEFAULT_SUPPRESS_NS};
    const struct command_line line = {specs, print_help, argc, argv};
    enum exit_status status;
    if (command_line_read(&line, &command, &command.operands, &status))
        status = command.lists_interfaces ? list_interfaces() : run(&command);
    words_free(&command.operands);
    words_free(&command.interfaces);
    run_options_free(&command.run);
    return status;
}
