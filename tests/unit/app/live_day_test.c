/* SPDX-License-Identifier: Apache-2.0
 *
 * The loop of `portscope live` with a cable and a clock of the test's own, which stand in for those
 * of capture/interface.c: waiting costs no time, and a day is over in seconds.
 */
#include "unit.h"

#include "app/live.h"
#include "base/timestamp.h"
#include "capture/steady_clock.h"
#include "frames.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOUR_NS (3600 * NS_PER_S)
#define START_NS (INT64_C(1800000000) * NS_PER_S)

/* What a turn of the loop costs when it does not wait. */
#define TURN_NS (10 * NS_PER_US)

struct interfaces {
    int64_t passed_ns; /* since the start, as the monotonic clock has it */
    int64_t wall_ns;   /* how far the wall clock was set since */
    struct steady_clock clock;
    int64_t packet_ns, every_ns; /* when the next one comes */
    bool is_one_flow;
    uint64_t packets, wakeups;
    struct builder builder;
    void (*look)(struct interfaces *interfaces); /* at each wake-up; may be NULL */
    void *context;
};

static int64_t wall(const struct interfaces *interfaces)
{
    return START_NS + interfaces->passed_ns + interfaces->wall_ns;
}

static void hand_out(struct interfaces *interfaces, frame_fn *on_frame, void *context)
{
    char client[40];
    unsigned port = interfaces->is_one_flow ? 40000 : 40000 + (unsigned)interfaces->packets % 1000;
    snprintf(client, sizeof client, "10.0.0.1:%u", port);
    struct frame frame = udp_frame(&interfaces->builder, client, "10.0.0.2:395", "a packet");
    frame.time_ns = wall(interfaces);
    interfaces->packets++;
    interfaces->packet_ns += interfaces->every_ns;
    on_frame(context, &frame);
}

/* As poll() does, to the millisecond. */
enum interfaces_status interfaces_read(struct interfaces *interfaces, int64_t wait_ns,
                                       frame_fn *on_frame, void *context, struct error *error)
{
    (void)error;
    int64_t waits_ns = wait_ns / NS_PER_MS * NS_PER_MS;
    interfaces->wakeups++;
    if (interfaces->look)
        interfaces->look(interfaces);
    int64_t until_ns = interfaces->passed_ns + (waits_ns > 0 ? waits_ns : TURN_NS);
    if (interfaces->packet_ns > until_ns) {
        interfaces->passed_ns = until_ns;
        return INTERFACES_IDLE;
    }
    if (interfaces->packet_ns > interfaces->passed_ns)
        interfaces->passed_ns = interfaces->packet_ns;
    hand_out(interfaces, on_frame, context);
    return INTERFACES_READ;
}

struct interface_clock interfaces_clock(struct interfaces *interfaces)
{
    int64_t now_ns = steady_clock_read(&interfaces->clock, wall(interfaces), interfaces->passed_ns);
    return (struct interface_clock){now_ns, interfaces->clock.step_ns};
}

struct interface_counts interfaces_counts(struct interfaces *interfaces)
{
    return (struct interface_counts){
        .received = interfaces->packets, .delivered = interfaces->packets, .missed = -1};
}

struct run {
    struct interfaces interfaces;
    struct pipeline pipeline;
    struct notices notices;
    char output[64]; /* EVE lines */
};

static struct run *begin(int64_t first_ns, int64_t every_ns)
{
    static struct run run;
    run = (struct run){.interfaces = {.packet_ns = first_ns, .every_ns = every_ns},
                       .notices = {.is_quiet = true}};
    steady_clock_start(&run.interfaces.clock, START_NS, 0);
    snprintf(run.output, sizeof run.output, "live-day-%d.json", (int)getpid());
    unlink(run.output);
    return &run;
}

static void watch(struct run *run, struct live_options options)
{
    char output[80];
    snprintf(output, sizeof output, "eve:%s", run->output);
    const char *const outputs[] = {output};
    const struct pipeline_options pipeline = {
        .rules = {.directory = RULES},
        .outputs = outputs,
        .output_count = 1,
        .timeouts = flow_timeouts_default(),
        .threads = 1,
    };
    options.name = "cable";
    options.service = -1;
    assert_true(pipeline_open(&run->pipeline, &pipeline, &run->notices));
    live_run(&run->pipeline, &run->interfaces, &options);
    pipeline_close(&run->pipeline);
    assert_int_equal(run->notices.status, EXIT_DONE);
    assert_true(totals_balance(&run->pipeline.totals));
}

static unsigned lines_with(const char *path, const char *words)
{
    char line[8192];
    unsigned count = 0;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        count += strstr(line, words) != NULL;
    fclose(file);
    return count;
}

static void end(struct run *run)
{
    unlink(run->output);
}

#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

static size_t allocated(void)
{
#ifdef __SANITIZE_ADDRESS__
    return __sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 now = mallinfo2();
    return now.uordblks + now.hblkhd;
#endif
}

struct memory {
    size_t at_hour[25];
};

static void note_memory(struct interfaces *interfaces)
{
    struct memory *memory = interfaces->context;
    int64_t hour = interfaces->passed_ns / HOUR_NS;
    if (hour <= 24 && memory->at_hour[hour] == 0)
        memory->at_hour[hour] = allocated();
}

static void a_day_with_a_packet_an_hour_takes_no_more_memory_and_few_wakeups(void **state)
{
    (void)state;
    struct memory memory = {{0}};
    struct run *run = begin(HOUR_NS / 2, HOUR_NS);
    run->interfaces.look = note_memory;
    run->interfaces.context = &memory;
    watch(run, (struct live_options){.duration_ns = 24 * HOUR_NS});
    assert_int_equal(run->pipeline.totals.capture.packets_read, 24);
    assert_int_equal(run->pipeline.totals.flows_recorded, 24);
    for (int hour = 3; hour < 24; hour++)
        assert_int_equal(memory.at_hour[hour], memory.at_hour[2]);
    uint64_t a_minute = run->interfaces.wakeups / (24 * 60);
    print_message("%llu wake-ups a minute, %zu KiB allocated\n", (unsigned long long)a_minute,
                  memory.at_hour[23] / 1024);
    assert_in_range(a_minute, 1, 62);
    end(run);
}

static void note_record(struct interfaces *interfaces)
{
    const struct run *run = interfaces->context;
    struct stat facts;
    bool is_there = stat(run->output, &facts) == 0 && facts.st_size > 0;
    if (interfaces->passed_ns < 70 * NS_PER_S)
        assert_false(is_there);
    else if (interfaces->passed_ns > 72 * NS_PER_S)
        assert_true(is_there);
}

static void a_flow_ends_by_the_clock_when_nothing_more_comes(void **state)
{
    (void)state;
    struct run *run = begin(10 * NS_PER_S, 24 * HOUR_NS);
    run->interfaces.look = note_record;
    run->interfaces.context = run;
    watch(run, (struct live_options){.duration_ns = 100 * NS_PER_S});
    assert_int_equal(lines_with(run->output, "\"end\":\"idle\""), 1);
    end(run);
}

/* To and fro, by a second, an hour, a year. */
static void set_wall_clock(struct interfaces *interfaces)
{
    static const int64_t steps_ns[] = {0,        NS_PER_S, 0, -NS_PER_S,      0,
                                       -HOUR_NS, HOUR_NS,  0, 8760 * HOUR_NS, 0};
    size_t at = (size_t)(interfaces->passed_ns / (100 * NS_PER_S));
    interfaces->wall_ns = steps_ns[at % (sizeof steps_ns / sizeof steps_ns[0])];
}

static void a_clock_that_is_set_ends_no_flow(void **state)
{
    (void)state;
    struct run *run = begin(NS_PER_S, 10 * NS_PER_S);
    run->interfaces.is_one_flow = true;
    run->interfaces.look = set_wall_clock;
    watch(run, (struct live_options){.duration_ns = 1000 * NS_PER_S});
    assert_int_equal(run->pipeline.totals.capture.packets_read, 100);
    assert_int_equal(run->pipeline.totals.flows_created, 1);
    end(run);
}

/* The machine slept: three hours went by between two looks at the clock. */
static void sleep_once(struct interfaces *interfaces)
{
    bool *has_slept = interfaces->context;
    if (!*has_slept && interfaces->passed_ns > 300 * NS_PER_S) {
        interfaces->passed_ns += 3 * HOUR_NS;
        *has_slept = true;
    }
}

static void totals_that_were_slept_through_are_written_once(void **state)
{
    (void)state;
    bool has_slept = false;
    struct run *run = begin(NS_PER_S, 10 * NS_PER_S);
    run->interfaces.packet_ns = 24 * HOUR_NS;
    run->interfaces.look = sleep_once;
    run->interfaces.context = &has_slept;
    watch(run, (struct live_options){.duration_ns = 3 * HOUR_NS + 600 * NS_PER_S,
                                     .stats_interval_ns = 60 * NS_PER_S});
    assert_in_range(lines_with(run->output, "\"is_last\":false"), 9, 11);
    end(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_with_a_packet_an_hour_takes_no_more_memory_and_few_wakeups),
        cmocka_unit_test(a_flow_ends_by_the_clock_when_nothing_more_comes),
        cmocka_unit_test(a_clock_that_is_set_ends_no_flow),
        cmocka_unit_test(totals_that_were_slept_through_are_written_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
