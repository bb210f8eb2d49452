/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader_team.h"

#include "app/record_queue.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

enum { QUEUE_RECORDS = 256 };

struct member {
    struct reader_team *team;
    struct input_reader reader;
    pthread_t thread;
    bool is_running;
    struct record_queue records;       /* of the input that it reads */
    struct input_reader_result result; /* of the same, once `records` is closed */
    uint64_t bytes, packets;           /* how far it is, under the team's lock */
};

struct reader_team {
    struct input_reader_options options;
    struct member *members;
    size_t count;

    pthread_mutex_t lock;
    pthread_cond_t taken; /* an input found its reader */
    char *const *paths;
    struct member **reader_of; /* by input; NULL: not begun */
    size_t path_count, next;
    uint64_t bytes_done;
};

/* --- in the readers' threads --- */

static void enqueue(void *context, const struct flow_record *record)
{
    struct member *member = context;
    record_queue_push(&member->records, record);
}

static bool note_progress(void *context, uint64_t bytes, uint64_t packets)
{
    struct member *member = context;
    struct reader_team *team = member->team;
    pthread_mutex_lock(&team->lock);
    member->bytes = bytes;
    member->packets = packets;
    uint64_t all_bytes = team->bytes_done, all_packets = 0;
    for (size_t i = 0; i < team->count; i++) {
        all_bytes += team->members[i].bytes;
        all_packets += team->members[i].packets;
    }
    bool may_go_on =
        team->options.on_progress(team->options.progress_context, all_bytes, all_packets);
    pthread_mutex_unlock(&team->lock);
    return may_go_on;
}

/* The next input that nobody has taken; NULL when there is none. */
static const char *take_input(struct member *member)
{
    struct reader_team *team = member->team;
    const char *path = NULL;
    pthread_mutex_lock(&team->lock);
    team->bytes_done += member->bytes;
    member->bytes = 0;
    if (team->next < team->path_count) {
        team->reader_of[team->next] = member;
        path = team->paths[team->next++];
        pthread_cond_broadcast(&team->taken);
    }
    pthread_mutex_unlock(&team->lock);
    return path;
}

static void *work(void *argument)
{
    struct member *member = argument;
    for (const char *path; (path = take_input(member));) {
        input_reader_read(&member->reader, path, &member->result);
        record_queue_close(&member->records);
        record_queue_wait_open(&member->records);
    }
    return NULL;
}

/* --- in the caller's thread --- */

static struct member *wait_for_reader(struct reader_team *team, size_t input)
{
    pthread_mutex_lock(&team->lock);
    while (!team->reader_of[input])
        pthread_cond_wait(&team->taken, &team->lock);
    struct member *member = team->reader_of[input];
    pthread_mutex_unlock(&team->lock);
    return member;
}

static void pass_on(struct reader_team *team, size_t input, result_fn *on_result, void *context)
{
    struct member *member = wait_for_reader(team, input);
    for (const struct flow_record *record; (record = record_queue_wait(&member->records));) {
        team->options.lane.on_record(team->options.lane.context, record);
        record_queue_pop(&member->records);
    }
    on_result(context, &member->result);
    record_queue_reopen(&member->records);
}

void reader_team_read(struct reader_team *team, char *const *paths, size_t count,
                      result_fn *on_result, void *context)
{
    team->paths = paths;
    team->path_count = count;
    team->reader_of = memory_new(count, sizeof(struct member *));
    size_t running = 0;
    for (; running < team->count; running++) {
        struct member *member = &team->members[running];
        member->is_running = pthread_create(&member->thread, NULL, work, member) == 0;
        if (!member->is_running)
            break; /* fewer threads read everything, too */
    }
    for (size_t i = 0; i < count && running > 0; i++)
        pass_on(team, i, on_result, context);
    if (running == 0) {
        struct input_reader_result result = {.status = EXIT_NO_INPUT};
        error_set(&result.error, "the system gives no threads; try --threads 1");
        on_result(context, &result);
    }
}

static bool open_member(struct reader_team *team, struct error *error)
{
    struct member *member = &team->members[team->count];
    struct input_reader_options options = team->options;
    options.lanes = 1;
    options.lane.on_record = enqueue;
    options.lane.context = member;
    options.on_progress = note_progress;
    options.progress_context = member;
    member->team = team;
    if (!input_reader_open(&member->reader, &options, error))
        return false;
    record_queue_init(&member->records, QUEUE_RECORDS);
    team->count++;
    return true;
}

struct reader_team *reader_team_open(size_t readers, const struct input_reader_options *options,
                                     struct error *error)
{
    struct reader_team *team = memory_new(1, sizeof *team);
    team->options = *options;
    team->members = memory_new(readers, sizeof *team->members);
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->taken, NULL);
    while (team->count < readers) {
        if (!open_member(team, error)) {
            reader_team_close(team);
            return NULL;
        }
    }
    return team;
}

void reader_team_totals(const struct reader_team *team, struct totals *totals)
{
    for (size_t i = 0; i < team->count; i++)
        input_reader_totals(&team->members[i].reader, totals);
}

bool reader_team_saw_filtered_tags(const struct reader_team *team)
{
    bool saw = false;
    for (size_t i = 0; i < team->count; i++)
        saw |= team->members[i].reader.intake.saw_filtered_tags;
    return saw;
}

void reader_team_close(struct reader_team *team)
{
    if (!team)
        return;
    for (size_t i = 0; i < team->count; i++) {
        struct member *member = &team->members[i];
        if (member->is_running)
            pthread_join(member->thread, NULL);
        input_reader_close(&member->reader);
        record_queue_free(&member->records);
    }
    pthread_cond_destroy(&team->taken);
    pthread_mutex_destroy(&team->lock);
    free(team->reader_of);
    free(team->members);
    free(team);
}
