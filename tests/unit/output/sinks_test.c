/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "samples.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct sink_options plain = {.may_overwrite = false};
static const struct sink_options overwriting = {.may_overwrite = true};

/* Tries to open one output; the sentence is in `error`. */
static bool opens(const char *word, const struct sink_options *options, struct error *error)
{
    struct sinks *sinks = sinks_new();
    bool is_open = sinks_open(sinks, word, options, error);
    sinks_close(sinks, NULL);
    return is_open;
}

static const char *word_for(const char *format, const char *path, char out[320])
{
    snprintf(out, 320, "%s:%s", format, path);
    return out;
}

static void put_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void assert_file_is(const char *path, const char *content)
{
    char *found = sample_read_file(path);
    assert_string_equal(found, content);
    free(found);
}

static void an_unknown_format_is_told_with_its_nearest(void **state)
{
    (void)state;
    struct error error = {0};
    assert_false(opens("evee:out.json", &plain, &error));
    assert_string_equal(error.text, "unknown output format 'evee' (did you mean 'eve'?); "
                                    "known are table, eve, csv, zeek, cef, syslog, evidence");
    assert_false(opens("\x1b[2J", &plain, &error));
    assert_null(strchr(error.text, '\x1b'));
    assert_false(opens("", &plain, &error));
    assert_false(opens("eve:", &plain, &error));
}

static void standard_output_takes_one_output(void **state)
{
    (void)state;
    struct error error = {0};
    struct sinks *sinks = sinks_new();
    assert_true(sinks_open(sinks, "eve", &plain, &error));
    assert_false(sinks_open(sinks, "csv:-", &plain, &error));
    assert_non_null(strstr(error.text, "both eve and csv would go to standard output"));
    assert_int_equal(sinks_count(sinks), 1);
    assert_true(sinks_close(sinks, &error));
}

static void an_existing_file_is_kept_unless_asked(void **state)
{
    (void)state;
    char path[256], word[320];
    struct error error = {0};
    put_file(sample_path("kept", path), "precious");
    static const char *const formats[] = {"eve", "csv", "table"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        assert_false(opens(word_for(formats[i], path, word), &plain, &error));
        assert_non_null(strstr(error.text, "kept exists; add --overwrite to replace it"));
        assert_file_is(path, "precious");
    }
    assert_true(opens(word_for("eve", path, word), &overwriting, &error));
    assert_file_is(path, "");
}

static void a_symbolic_link_is_never_followed(void **state)
{
    (void)state;
    char path[256], link[256], word[320];
    struct error error = {0};
    put_file(sample_path("victim", path), "precious");
    assert_int_equal(symlink(path, sample_path("trap", link)), 0);
    assert_false(opens(word_for("eve", link, word), &plain, &error));
    assert_false(opens(word_for("eve", link, word), &overwriting, &error));
    assert_non_null(strstr(error.text, "trap is a symbolic link"));
    assert_file_is(path, "precious");

    assert_int_equal(unlink(path), 0); /* now it dangles */
    assert_false(opens(word_for("eve", link, word), &plain, &error));
    assert_false(opens(word_for("eve", link, word), &overwriting, &error));
    assert_int_equal(access(path, F_OK), -1);
}

static void a_new_file_is_for_its_owner_alone(void **state)
{
    (void)state;
    char path[256], word[320];
    struct error error = {0};
    struct stat status;
    mode_t mask = umask(0);
    assert_true(opens(word_for("eve", sample_path("mine", path), word), &plain, &error));
    umask(mask);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_missing_directory_is_told(void **state)
{
    (void)state;
    char path[256], word[320];
    struct error error = {0};
    assert_false(opens(word_for("eve", sample_path("no/such", path), word), &plain, &error));
    assert_non_null(strstr(error.text, "its directory does not exist"));
}

static void two_outputs_never_write_one_file(void **state)
{
    (void)state;
    char path[256], word[320];
    struct error error = {0};
    struct sinks *sinks = sinks_new();
    sample_path("shared", path);
    assert_true(sinks_open(sinks, word_for("eve", path, word), &overwriting, &error));
    assert_false(sinks_open(sinks, word_for("csv", path, word), &overwriting, &error));
    assert_non_null(strstr(error.text, "is being written by another output"));
    assert_true(sinks_close(sinks, &error));
}

static void a_full_disk_fails_every_format(void **state)
{
    (void)state;
    static const char *const words[] = {"eve:/dev/full", "table:/dev/full"};
    struct error error = {0};
    struct flow_record record;
    struct totals totals;
    sample_flow(&record);
    sample_totals(&totals);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct sinks *sinks = sinks_new();
        assert_true(sinks_open(sinks, words[i], &overwriting, &error));
        sinks_flow(sinks, &record);
        sinks_stats(sinks, &totals, true);
        assert_false(sinks_close(sinks, &error));
        assert_string_equal(error.text, "/dev/full: not everything was written: "
                                        "No space left on device");
    }
    /* Its heading shows the fault before anything is read. */
    assert_false(opens("csv:/dev/full", &overwriting, &error));
    assert_non_null(strstr(error.text, "No space left on device"));
}

static void a_failed_output_gets_nothing_more_and_the_others_go_on(void **state)
{
    (void)state;
    char path[256], word[320];
    struct error error = {0};
    struct flow_record record;
    sample_flow(&record);
    struct sinks *sinks = sinks_new();
    assert_true(sinks_open(sinks, "eve:/dev/full", &overwriting, &error));
    assert_true(
        sinks_open(sinks, word_for("csv", sample_path("whole", path), word), &plain, &error));
    for (size_t i = 0; i < 10; i++) {
        sinks_flow(sinks, &record);
        if (i == 4)
            sinks_flush(sinks);
    }
    struct sink_report broken = sinks_report(sinks, 0);
    struct sink_report whole = sinks_report(sinks, 1);
    assert_int_equal(broken.counts.offered, 10);
    assert_int_equal(broken.counts.written, 0);
    assert_int_equal(broken.counts.failed, 10);
    assert_int_equal(whole.counts.written, 10);
    assert_int_equal(whole.counts.failed, 0);
    assert_false(sinks_close(sinks, &error));
    assert_non_null(strstr(error.text, "/dev/full"));
}

/* Writes until the file may grow no more; every line in it must be whole, and counted. */
static void fill_limited_file(const char *format, size_t heading_lines)
{
    enum { LIMIT = 10000, RECORDS = 40 };
    char path[256], word[320];
    struct error error = {0};
    struct flow_record record;
    struct rlimit before;
    sample_flow(&record);
    struct sinks *sinks = sinks_new();
    assert_true(sinks_open(sinks, word_for(format, sample_path("limited", path), word),
                           &overwriting, &error));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {LIMIT, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (size_t i = 0; i < RECORDS; i++)
        sinks_flow(sinks, &record);
    sinks_flush(sinks);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);

    struct sink_counts counts = sinks_report(sinks, 0).counts;
    assert_false(sinks_close(sinks, &error));
    char *content = sample_read_file(path);
    size_t length = strlen(content), lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += content[i] == '\n';
    assert_true(length > 0 && length < LIMIT && content[length - 1] == '\n');
    assert_int_equal(counts.offered, RECORDS);
    assert_int_equal(counts.written, lines - heading_lines);
    assert_int_equal(counts.written + counts.failed, RECORDS);
    free(content);
}

static void no_line_is_left_in_part(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    fill_limited_file("eve", 0);
    fill_limited_file("csv", 1);
}

static void a_reader_that_leaves_is_a_failure(void **state)
{
    (void)state;
    char path[256], word[320];
    struct error error = {0};
    struct flow_record record;
    sample_flow(&record);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(mkfifo(sample_path("pipe", path), 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    struct sinks *sinks = sinks_new();
    assert_true(sinks_open(sinks, word_for("eve", path, word), &overwriting, &error));
    close(reader);
    sinks_flow(sinks, &record);
    assert_false(sinks_close(sinks, &error));
    assert_non_null(strstr(error.text, "its reader is gone"));
}

/* Standard output is another file for as long as `during` runs. */
static void with_standard_output(const char *path, void (*during)(void))
{
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    int other = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(other, STDOUT_FILENO);
    during();
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(other);
}

static void write_to_standard_output(void)
{
    struct error error = {0};
    struct flow_record record;
    sample_flow(&record);
    struct sinks *sinks = sinks_new();
    struct sink_options options = {.use_colour = true};
    assert_true(sinks_open(sinks, "csv", &options, &error));
    sinks_flow(sinks, &record);
    assert_true(sinks_close(sinks, &error));
    assert_int_equal(write(STDOUT_FILENO, "still open\n", 11), 11);
}

static void standard_output_stays_open(void **state)
{
    (void)state;
    char path[256];
    with_standard_output(sample_path("stdout", path), write_to_standard_output);
    char *content = sample_read_file(path);
    assert_non_null(strstr(content, "\"encrypted-yes\"\nstill open\n"));
    free(content);
}

static void only_standard_output_is_coloured(void **state)
{
    (void)state;
    struct flow_record record;
    char path[256];
    struct sink_options options = {.may_overwrite = true, .use_colour = true};
    sample_flow(&record);
    sample_write("table", &record, &options);
    char *content = sample_read_file(sample_path("written", path));
    assert_null(strchr(content, '\x1b'));
    free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_format_is_told_with_its_nearest),
        cmocka_unit_test(standard_output_takes_one_output),
        cmocka_unit_test(an_existing_file_is_kept_unless_asked),
        cmocka_unit_test(a_symbolic_link_is_never_followed),
        cmocka_unit_test(a_new_file_is_for_its_owner_alone),
        cmocka_unit_test(a_missing_directory_is_told),
        cmocka_unit_test(two_outputs_never_write_one_file),
        cmocka_unit_test(a_full_disk_fails_every_format),
        cmocka_unit_test(a_failed_output_gets_nothing_more_and_the_others_go_on),
        cmocka_unit_test(no_line_is_left_in_part),
        cmocka_unit_test(a_reader_that_leaves_is_a_failure),
        cmocka_unit_test(standard_output_stays_open),
        cmocka_unit_test(only_standard_output_is_coloured),
    };
    return cmocka_run_group_tests(tests, sample_make_folder, sample_remove_folder);
}
