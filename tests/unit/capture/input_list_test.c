/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_builder.h"

#include "capture/input_list.h"

#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>
#include <zlib.h>

/* A directory of the test's own; everything in it is made through these and goes with it. */
static char top[32];

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", top, name);
    return path;
}

static void put_file(const char *name, struct span bytes)
{
    int fd = open(path_of(name), O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.length), bytes.length);
    close(fd);
}

static void put_capture(const char *name)
{
    struct builder file = {0};
    put_pcap_header(&file, 0xa1b2c3d4, 1);
    put_file(name, built(&file));
    builder_free(&file);
}

static void put_folder(const char *name)
{
    assert_int_equal(mkdir(path_of(name), 0700), 0);
}

static void put_link(const char *name, const char *target)
{
    assert_int_equal(symlink(target, path_of(name)), 0);
}

static void put_gzip(const char *name, const char *words)
{
    gzFile file = gzopen(path_of(name), "wb");
    assert_int_equal(gzwrite(file, words, (unsigned)strlen(words)), strlen(words));
    assert_int_equal(gzclose(file), Z_OK);
}

static int make_top(void **state)
{
    (void)state;
    snprintf(top, sizeof top, "input-list-XXXXXX");
    return mkdtemp(top) ? 0 : -1;
}

static int remove_top(void **state)
{
    (void)state;
    char *roots[] = {top, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL, NULL);
    for (FTSENT *entry; (entry = fts_read(tree));) {
        if (entry->fts_info != FTS_D)
            remove(entry->fts_accpath);
    }
    return fts_close(tree);
}

/* Lists `name` in the top directory and checks paths (below it) and how many were skipped. */
static void assert_lists(const char *name, const char *const *expected, size_t count,
                         size_t skipped)
{
    struct input_list list = {0};
    struct error error;
    assert_true(input_list_add(&list, path_of(name), &error));
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(list.paths[i], path_of(expected[i]));
    assert_int_equal(list.skipped, skipped);
    input_list_free(&list);
    assert_null(list.paths);
}

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void a_directory_is_listed_recursively_and_sorted(void **state)
{
    (void)state;
    put_capture("b.pcap");
    put_folder("a");
    put_folder("a/z");
    put_capture("a/z/1");
    put_capture("a/2");
    put_capture("C.txt");
    static const char *const expected[] = {"C.txt", "a/2", "a/z/1", "b.pcap"};
    assert_lists("", expected, COUNT_OF(expected), 0);
}

static void magic_counts_and_names_do_not(void **state)
{
    (void)state;
    struct builder section = {.is_big_endian = true};
    put_section(&section);
    put_file("a-pcapng", built(&section));
    put_file("b.pcap", span_of("no capture at all"));
    put_file("c.pcap", span_of(""));
    put_gzip("d", "\xd4\xc3\xb2\xa1\x02");
    put_gzip("e.pcap.gz", "text");
    put_file("f.pcap.gz", span_of("\x1f\x8b\x08 broken"));
    put_capture(".hidden");
    builder_free(&section);
    static const char *const expected[] = {".hidden", "a-pcapng", "d"};
    assert_lists("", expected, COUNT_OF(expected), 4);
}

static void links_neither_trap_nor_double(void **state)
{
    (void)state;
    put_folder("in");
    put_folder("in/sub");
    put_capture("outside");
    put_capture("in/sub/x");
    put_link("in/sub/up", "..");
    put_link("in/self", "self");
    put_link("in/lost", "nowhere");
    put_link("in/file", "../outside");
    static const char *const expected[] = {"in/file", "in/sub/x"};
    assert_lists("in", expected, COUNT_OF(expected), 3);
}

static void a_link_that_the_user_names_is_followed(void **state)
{
    (void)state;
    put_folder("real");
    put_capture("real/x");
    put_link("link", "real");
    static const char *const expected[] = {"link/x"};
    assert_lists("link", expected, COUNT_OF(expected), 0);
    assert_lists("link/", expected, COUNT_OF(expected), 0);
}

static void a_fifo_in_a_directory_is_skipped_without_waiting_for_it(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    put_link("to-fifo", "fifo");
    put_link("device", "/dev/zero");
    put_capture("x");
    static const char *const expected[] = {"x"};
    assert_lists("", expected, COUNT_OF(expected), 3);
}

static void a_file_that_cannot_be_opened_is_listed_so_that_opening_says_why(void **state)
{
    (void)state;
    put_capture("closed");
    assert_int_equal(chmod(path_of("closed"), 0), 0);
    assert_int_equal(chmod(top, 0755), 0);
    static const char *const expected[] = {"closed"};
    lay_privileges_down();
    assert_lists("", expected, COUNT_OF(expected), 0);
    take_privileges_up();
}

static void a_directory_that_cannot_be_listed_is_a_sentence(void **state)
{
    (void)state;
    put_folder("closed");
    assert_int_equal(chmod(path_of("closed"), 0), 0);
    assert_int_equal(chmod(top, 0755), 0);
    struct input_list list = {0};
    struct error error;
    lay_privileges_down();
    bool is_added = input_list_add(&list, top, &error);
    take_privileges_up();
    assert_false(is_added);
    assert_says(&error, "/closed: cannot be listed: Permission denied");
    input_list_free(&list);
}

static void what_the_user_names_is_taken_as_it_is(void **state)
{
    (void)state;
    put_file("notes.txt", span_of("no capture"));
    struct input_list list = {0};
    struct error error;
    assert_true(input_list_add(&list, "-", &error));
    assert_true(input_list_add(&list, path_of("notes.txt"), &error));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.paths[0], "-");
    assert_string_equal(list.paths[1], path_of("notes.txt"));
    assert_int_equal(list.skipped, 0);
    input_list_free(&list);
}

static void what_is_not_there_or_holds_nothing_is_a_sentence(void **state)
{
    (void)state;
    struct input_list list = {0};
    struct error error;
    assert_false(input_list_add(&list, "no such\nplace", &error));
    assert_says(&error, "no such\\x0aplace: cannot be opened: No such file or directory");
    put_file("notes.txt", span_of("no capture"));
    assert_false(input_list_add(&list, top, &error));
    assert_says(&error, "holds no capture");
    assert_int_equal(list.skipped, 1);
    assert_int_equal(list.count, 0);
    input_list_free(&list);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_top, remove_top)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_directory_is_listed_recursively_and_sorted),
        TEST(magic_counts_and_names_do_not),
        TEST(links_neither_trap_nor_double),
        TEST(a_link_that_the_user_names_is_followed),
        TEST(a_fifo_in_a_directory_is_skipped_without_waiting_for_it),
        TEST(a_file_that_cannot_be_opened_is_listed_so_that_opening_says_why),
        TEST(a_directory_that_cannot_be_listed_is_a_sentence),
        TEST(what_the_user_names_is_taken_as_it_is),
        TEST(what_is_not_there_or_holds_nothing_is_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
