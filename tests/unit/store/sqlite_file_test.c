/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "sqlite_samples.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void only_one_writes_and_others_read(void **state)
{
    (void)state;
    char path[256];
    struct store *writer = open_store(sample_path("flows.db", path), STORE_APPEND);
    fill(writer, 0, 10);
    assert_refused(path, STORE_APPEND, "another portscope is writing");
    struct store *reader = open_store(path, STORE_READ);
    assert_int_equal(count_flows(reader), 10);
    struct error error;
    struct store_flow flow = sample_store_flow(1, 1, 1);
    assert_false(store_add_flow(reader, &flow, &error));
    assert_true(store_mark_reviewed(reader, 77, &error));
    assert_true(store_close(reader, &error));
    assert_true(store_close(writer, &error));
    writer = open_store(path, STORE_APPEND);
    fill(writer, 10, 15);
    assert_int_equal(count_flows(writer), 15);
    int64_t reviewed = 0;
    assert_true(store_last_review(writer, &reviewed, &error));
    assert_int_equal(reviewed, 77);
    assert_true(store_close(writer, &error));
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void write_file(const char *path, const char *words)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(words, file);
    assert_int_equal(fclose(file), 0);
}

static void what_is_no_store_is_refused(void **state)
{
    (void)state;
    char path[256], link_path[256], foreign[256];
    write_file(sample_path("notes.db", path), "these are my notes\n");
    assert_refused(path, STORE_APPEND, "is no store");
    assert_refused(path, STORE_READ, "is no store");
    assert_refused(sample_path("none.db", link_path), STORE_READ, "No such file");
    assert_refused(".", STORE_APPEND, "not a regular file");
    assert_int_equal(symlink("notes.db", sample_path("link.db", link_path)), 0);
    assert_refused(link_path, STORE_APPEND, "not a regular file");

    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(sample_path("foreign.db", foreign), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE notes(a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_refused(foreign, STORE_APPEND, "is no store");
    write_file(sample_path("empty.db", foreign), "");
    assert_refused(foreign, STORE_READ, "is empty");
    assert_true(store_close(open_store(foreign, STORE_APPEND), NULL));
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(database);
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 20];
    FILE *source = fopen(from, "r"), *copy = fopen(to, "w");
    assert_true(source && copy);
    size_t length = fread(bytes, 1, sizeof bytes, source);
    assert_int_equal(fwrite(bytes, 1, length, copy), length);
    fclose(source);
    assert_int_equal(fclose(copy), 0);
}

/* The same flows and the same finding as in the old store, written today. */
static void print_as_written_today(struct text *out)
{
    struct store *store = open_store(":memory:", STORE_APPEND);
    struct store_finding finding = sample_store_finding();
    struct error error;
    for (uint64_t i = 0; i < 60; i++) {
        struct store_flow flow = sample_store_flow(i, 60, INT64_C(86400) * 1000000000);
        assert_true(store_add_flow(store, &flow, &error));
    }
    finding.first_ns = 1;
    finding.last_ns = 2;
    assert_true(store_add_finding_row(store, &finding, &error));
    const struct store_acknowledgement said = {
        .finding_id = finding.id, .by = "ana", .comment = "a test", .at_ns = 5};
    assert_true(store_acknowledge(store, &said, &error));
    sample_print_everything(store, out);
    assert_true(store_close(store, NULL));
}

static void assert_brought_up_to_date(const char *path, const struct text *expected)
{
    struct text found = {0};
    struct store *store = open_store(path, STORE_READ);
    sample_print_everything(store, &found);
    assert_string_equal(text_words(&found), text_words(expected));
    text_free(&found);
    assert_true(store_close(store, NULL));
    store = open_store(path, STORE_APPEND);
    fill(store, 0, 10);
    assert_int_equal(count_flows(store), 70);
    assert_true(store_close(store, NULL));
}

static void an_older_store_is_brought_up_to_date(void **state)
{
    (void)state;
    char path[256];
    struct text expected = {0};
    print_as_written_today(&expected);
    copy_file(OLD_STORE, sample_path("version-2.db", path));
    assert_brought_up_to_date(path, &expected);
    copy_file(OLD_STORE, sample_path("version-1.db", path));
    run_sql(path, "DROP TABLE service_minute; DROP TABLE initiator_minute; DROP TABLE pair_hour;"
                  "PRAGMA user_version=1");
    assert_brought_up_to_date(path, &expected);
    run_sql(path, "PRAGMA user_version=99");
    assert_refused(path, STORE_READ, "newer portscope");
    text_free(&expected);
}

/* The child tells when a batch is committed and is killed in the middle of the next. */
static void a_killed_writer_leaves_whole_batches(void **state)
{
    (void)state;
    char path[256], word;
    int told[2];
    sample_path("killed.db", path);
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store = open_store(path, STORE_APPEND);
        fill(store, 0, 1000);
        for (uint64_t i = 1000; i < 1500; i++) {
            struct store_flow flow = sample_store_flow(1000, FLOWS, span_ns);
            struct error error;
            store_add_flow(store, &flow, &error);
        }
        if (write(told[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(told[0], &word, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(told[0]);
    close(told[1]);

    struct store *store = open_store(path, STORE_APPEND);
    assert_int_equal(count_flows(store), 1000);
    struct text sums = {0}, rows = {0};
    const struct store_grouping grouping = {.keys = {STORE_BY_INITIATOR}, .key_count = 1};
    sample_print_groups(store, &(struct store_filter){0}, &grouping, &sums);
    sample_print_groups(store, &(struct store_filter){.search = "because"}, &grouping, &rows);
    assert_string_equal(text_words(&sums), text_words(&rows));
    text_free(&sums);
    text_free(&rows);
    assert_true(store_close(store, NULL));
}

/* A file-size limit stands for the full disk. */
static void a_full_disk_is_told_and_leaves_a_store(void **state)
{
    (void)state;
    char path[256];
    struct rlimit former, small;
    struct error error = {0};
    struct store *store = open_store(sample_path("full.db", path), STORE_APPEND);
    fill(store, 0, 100);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &former), 0);
    small = former;
    small.rlim_cur = 400000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool is_stored = true;
    for (uint64_t i = 100; is_stored && i < FLOWS; i++) {
        struct store_flow flow = sample_store_flow(i, FLOWS, span_ns);
        is_stored = store_add_flow(store, &flow, &error);
    }
    assert_false(is_stored && store_commit(store, &error));
    assert_non_null(strstr(error.text, "full.db"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &former), 0);
    uint64_t kept = count_flows(store);
    assert_true(kept >= 100 && kept < FLOWS);
    fill(store, 0, 10);
    assert_int_equal(count_flows(store), kept + 10);
    assert_true(store_close(store, &error));
}

static void pruning_removes_the_old_and_keeps_the_sums_true(void **state)
{
    (void)state;
    char path[256];
    struct error error;
    struct text sums = {0}, rows = {0};
    struct store_pruned pruned;
    struct store *store = open_store(sample_path("prune.db", path), STORE_APPEND);
    fill(store, 0, FLOWS);
    int64_t cut_ns = SAMPLE_START_NS + span_ns / 2 + 12345;
    assert_true(store_prune(store, cut_ns, 0, &pruned, &error));
    assert_in_range(pruned.flows, FLOWS / 2 - 10, FLOWS / 2 + 10);
    assert_int_equal(count_flows(store), FLOWS - pruned.flows);
    const struct store_grouping grouping = {.keys = {STORE_BY_INITIATOR, STORE_BY_RESPONDER},
                                            .key_count = 2};
    sample_print_groups(store, &(struct store_filter){0}, &grouping, &sums);
    sample_print_groups(store, &(struct store_filter){.search = "because"}, &grouping, &rows);
    assert_string_equal(text_words(&sums), text_words(&rows));
    text_free(&sums);
    text_free(&rows);

    struct stat before, after;
    assert_int_equal(stat(path, &before), 0);
    uint64_t size_max = (uint64_t)before.st_size / 2;
    assert_true(store_prune(store, 0, size_max, &pruned, &error));
    assert_int_equal(stat(path, &after), 0);
    assert_true((uint64_t)after.st_size <= size_max && count_flows(store) > 0);
    assert_true(pruned.flows > 0 && pruned.size_after <= size_max);
    assert_true(pruned.size_before > size_max);
    assert_true(store_close(store, &error));
}

static void targets_are_taken_apart(void **state)
{
    (void)state;
    assert_refused("a.db?prob=x", STORE_APPEND, "is not one of");
    assert_refused("a.db?cluster=x", STORE_APPEND, "for ClickHouse only");
    assert_refused("clickhouse://user:secret@db.example:8123/flows", STORE_READ, "never from here");
    assert_refused("clickhouse://db.example:8123", STORE_READ, "/DATABASE");
    assert_refused("clickhouse://db.example:8123/a;b", STORE_READ, "letters, digits");
    assert_refused("clickhouse://db.example:8123/a?cluster=x;y", STORE_READ, "letters, digits");
    assert_true(store_is_target("flows.db") && store_is_target("a.sqlite?probe=b"));
    assert_false(store_is_target("eve.json"));
    assert_false(store_is_target(".db"));
}

/* Another process, which has none of our handles: it waits until we have ours. */
static pid_t begin_visitor(const char *path, int start[2])
{
    assert_int_equal(pipe(start), 0);
    pid_t visitor = fork();
    if (visitor != 0)
        return visitor;
    char byte;
    close(start[1]);
    bool has_started = read(start[0], &byte, 1) == 1;
    store_close(open_store(path, STORE_READ), NULL);
    struct store *writer = open_store(path, STORE_APPEND);
    fill(writer, 10, 15);
    _exit(has_started && store_close(writer, NULL) ? 0 : 1);
}

/* The locks of a file belong to the process: what one handle closes, another may lose. */
static void handles_of_one_process_go_on_when_another_has_been_there(void **state)
{
    (void)state;
    char path[256];
    int start[2], status;
    store_close(open_store(sample_path("visited.db", path), STORE_APPEND), NULL);
    pid_t visitor = begin_visitor(path, start);
    assert_true(visitor > 0);
    struct store *first = open_store(path, STORE_READ), *second = open_store(path, STORE_READ);
    assert_int_equal(count_flows(first), 0);
    assert_int_equal(write(start[1], "x", 1), 1);
    assert_int_equal(waitpid(visitor, &status, 0), visitor);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(count_flows(first), 5);
    assert_int_equal(count_flows(second), 5);
    close(start[0]);
    close(start[1]);
    assert_true(store_close(first, NULL));
    assert_true(store_close(second, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_writes_and_others_read),
        cmocka_unit_test(what_is_no_store_is_refused),
        cmocka_unit_test(handles_of_one_process_go_on_when_another_has_been_there),
        cmocka_unit_test(an_older_store_is_brought_up_to_date),
        cmocka_unit_test(a_killed_writer_leaves_whole_batches),
        cmocka_unit_test(a_full_disk_is_told_and_leaves_a_store),
        cmocka_unit_test(pruning_removes_the_old_and_keeps_the_sums_true),
        cmocka_unit_test(targets_are_taken_apart),
    };
    return cmocka_run_group_tests_name("sqlite file", tests, sample_make_folder,
                                       sample_remove_folder);
}
