/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening: what is refused and in which words; and reading from pipes.
 */
#include "capture_builder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

static struct builder capture_of(uint32_t frames, uint32_t length)
{
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < frames; i++)
        put_pcap_record(&file, i, 0, length, length);
    return file;
}

static void a_path_that_cannot_be_opened_is_named_with_reason_and_remedy(void **state)
{
    (void)state;
    struct error error;
    assert_null(source_open_file("no such\x1b file", &no_bounds, &error));
    assert_string_equal(error.text, "no such\\x1b file: cannot be opened: No such file or"
                                    " directory; check the name");
    assert_null(source_open_file("/", &no_bounds, &error));
    assert_string_equal(error.text, "/: is a directory; name the captures in it");
}

static void an_unreadable_file_is_named(void **state)
{
    (void)state;
    char name[] = "unreadable-XXXXXX";
    close(mkstemp(name));
    assert_int_equal(chmod(name, 0), 0);
    struct error error;
    lay_privileges_down();
    struct source *source = source_open_file(name, &no_bounds, &error);
    take_privileges_up();
    unlink(name);
    assert_null(source);
    assert_says(&error, "Permission denied; make it readable for this user");
}

static void files_that_are_no_captures_are_refused_with_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *says;
    } cases[] = {
        {"", 0, "x.pcap: is empty; was anything captured into it?"},
        {"hi\n", 3, "x.pcap: is no pcap or pcapng capture (it begins with the bytes 68690a)"},
        {"\x01\x02\x03\x04\x05", 5, "(it begins with the bytes 01020304)"},
        {"\xd4\xc3\xb2\xa1", 4, "ends after 4 of the 24 bytes of a pcap header"},
        {"\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0", 14, "ends after 14 of the 28 bytes of a pcapng"},
        {"BZh91AY", 7, "is a bzip2 archive, not a capture; unpack it with bunzip2 first"},
        {"\xfd\x37zXZ", 5, "is an xz archive"},
        {"PK\3\4", 4, "is a zip archive"},
        {"snoop\0\0\0", 8, "is a snoop capture, not"},
        {"version https://git-lfs", 23, "is a Git LFS pointer"},
        {"\x1f\x8b", 2, "begins with the bytes 1f8b"},
        {"\x1f\x8b\x08\x00", 4, "the gzip data ends early"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct seen seen = see((struct span){(const uint8_t *)cases[i].bytes, cases[i].length});
        assert_false(seen.is_open);
        assert_says(&seen.error, cases[i].says);
    }
}

static void a_descriptor_that_cannot_be_read_is_a_sentence(void **state)
{
    (void)state;
    struct seen seen = see_fd(open("/dev/null", O_WRONLY), &no_bounds);
    assert_false(seen.is_open);
    assert_says(&seen.error, "x.pcap: cannot be read on from byte 0: ");
}

/* A child that writes the bytes in pieces of `piece`, never more than a pipe holds of them. */
static int pipe_from_child(struct span bytes, size_t piece, pid_t *child)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *child = fork();
    if (*child == 0) {
        close(ends[0]);
        for (size_t at = 0; at < bytes.length; at += piece) {
            size_t left = bytes.length - at;
            if (write(ends[1], bytes.at + at, left < piece ? left : piece) < 0)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static void a_pipe_may_give_its_bytes_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 3, 1000, 65536, 100000};
    struct builder file = capture_of(20, 600);
    for (size_t i = 0; i < 2 * sizeof pieces / sizeof pieces[0]; i++) {
        pid_t child;
        struct seen seen = see_fd(pipe_from_child(built(&file), pieces[i / 2], &child),
                                  i % 2 == 0 ? &no_bounds : &with_helper);
        waitpid(child, NULL, 0);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.frames, 20);
        assert_int_equal(seen.bad_payloads, 0);
        assert_int_equal(seen.statistics.input_size, 0);
        assert_int_equal(seen.statistics.input_bytes, file.bytes.length);
    }
    builder_free(&file);
}

static void large_records_come_whole_through_a_pipe(void **state)
{
    (void)state;
    struct builder file = capture_of(40, 200000);
    for (int is_helped = 0; is_helped <= 1; is_helped++) {
        pid_t child;
        struct seen seen = see_fd(pipe_from_child(built(&file), 5000, &child),
                                  is_helped ? &with_helper : &no_bounds);
        waitpid(child, NULL, 0);
        assert_int_equal(seen.status, SOURCE_END);
        assert_int_equal(seen.frames, 40);
        assert_int_equal(seen.bad_payloads, 0);
    }
    builder_free(&file);
}

static void frames_leave_a_pipe_before_its_writer_is_done(void **state)
{
    (void)state;
    struct builder file = capture_of(3, 50);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], file.bytes.data, file.bytes.length - 1), file.bytes.length - 1);
    struct error error;
    struct source *source = source_open_fd(ends[0], "x", &no_bounds, &error);
    struct batch batch;
    assert_int_equal(source_next(source, &batch, &error), SOURCE_BATCH);
    assert_int_equal(batch.count, 2);
    assert_int_equal(write(ends[1], file.bytes.data + file.bytes.length - 1, 1), 1);
    close(ends[1]);
    assert_int_equal(source_next(source, &batch, &error), SOURCE_BATCH);
    assert_int_equal(batch.count, 1);
    assert_int_equal(source_next(source, &batch, &error), SOURCE_END);
    source_close(source);
    builder_free(&file);
}

static void on_alarm(int number)
{
    (void)number;
}

static void interrupt_soon(void)
{
    struct sigaction action = {.sa_handler = on_alarm}; /* without SA_RESTART */
    struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
}

static void a_signal_while_waiting_for_a_pipe_is_an_idle_moment(void **state)
{
    (void)state;
    for (int is_nonblocking = 0; is_nonblocking <= 1; is_nonblocking++) {
        struct builder file = capture_of(1, 50);
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        if (is_nonblocking)
            fcntl(ends[0], F_SETFL, O_NONBLOCK);
        assert_int_equal(write(ends[1], file.bytes.data, 24), 24);
        struct error error;
        struct source *source = source_open_fd(ends[0], "x", &no_bounds, &error);
        struct batch batch;
        interrupt_soon();
        assert_int_equal(source_next(source, &batch, &error), SOURCE_IDLE);
        assert_int_equal(write(ends[1], file.bytes.data + 24, 66), 66);
        close(ends[1]);
        assert_int_equal(source_next(source, &batch, &error), SOURCE_BATCH);
        assert_int_equal(source_next(source, &batch, &error), SOURCE_END);
        source_close(source);
        builder_free(&file);
    }
}

static void a_dash_is_standard_input_and_leaves_it_open(void **state)
{
    (void)state;
    struct builder file = capture_of(5, 50);
    int before = dup(STDIN_FILENO), input = file_of(built(&file));
    assert_int_equal(dup2(input, STDIN_FILENO), STDIN_FILENO);
    struct error error;
    struct source *source = source_open_file("-", &no_bounds, &error);
    assert_non_null(source);
    struct seen seen = see_source(source);
    assert_int_equal(seen.frames, 5);
    assert_int_equal(seen.status, SOURCE_END);
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
    struct source *again = source_open_file("-", &no_bounds, &error);
    assert_null(again);
    assert_says(&error, "standard input: is empty");
    if (before >= 0)
        dup2(before, STDIN_FILENO);
    else
        close(STDIN_FILENO);
    close(before);
    close(input);
    builder_free(&file);
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    source_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_that_cannot_be_opened_is_named_with_reason_and_remedy),
        cmocka_unit_test(an_unreadable_file_is_named),
        cmocka_unit_test(files_that_are_no_captures_are_refused_with_what_they_are),
        cmocka_unit_test(a_descriptor_that_cannot_be_read_is_a_sentence),
        cmocka_unit_test(a_pipe_may_give_its_bytes_in_pieces_of_any_size),
        cmocka_unit_test(large_records_come_whole_through_a_pipe),
        cmocka_unit_test(frames_leave_a_pipe_before_its_writer_is_done),
        cmocka_unit_test(a_signal_while_waiting_for_a_pipe_is_an_idle_moment),
        cmocka_unit_test(a_dash_is_standard_input_and_leaves_it_open),
        cmocka_unit_test(closing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
