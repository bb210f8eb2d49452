/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/timestamp.h"
#include "output/aside.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[128];
static int before = -1;

static int go_to_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/portscope-aside-XXXXXX", base ? base : "/var/tmp");
    before = open(".", O_DIRECTORY | O_RDONLY | O_CLOEXEC);
    return mkdtemp(folder) ? chdir(folder) : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    int status = fchdir(before);
    close(before);
    return status != 0 ? status : rmdir(folder);
}

static void make(const char *name)
{
    int file = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, name, strlen(name)), strlen(name));
    close(file);
}

/* What is there, and is then removed. */
static void finds(const char *name, bool is_there)
{
    if ((access(name, F_OK) == 0) != is_there)
        fail_msg("%s is %sthere", name, is_there ? "not " : "");
    unlink(name);
}

static void names_sort_by_time(void **state)
{
    (void)state;
    char earlier[ASIDE_SIZE], later[ASIDE_SIZE];
    assert_string_equal(aside_of(INT64_C(1795166100123456789), earlier), "20261120T091500.123456Z");
    assert_true(strcmp(earlier, aside_of(INT64_C(1795166100123457000), later)) < 0);
    assert_true(strcmp(earlier, aside_of(INT64_C(1800000000000000000), later)) < 0);
    assert_int_equal(strlen(aside_of(INT64_MAX, later)), strlen(earlier));
}

static void a_file_is_set_aside_and_none_is_written_over(void **state)
{
    (void)state;
    struct error error;
    make("eve.json");
    assert_true(aside_move("eve.json", "20261120T091500.000000Z", &error));
    make("eve.json");
    assert_false(aside_move("eve.json", "20261120T091500.000000Z", &error));
    assert_non_null(strstr(error.text, "eve.json: cannot be set aside"));
    aside_move_back("eve.json", "20261120T091500.000000Z");
    finds("eve.json", true);
    aside_move_back("eve.json", "20261120T091500.000000Z");
    finds("eve.json", true);
    finds("eve.json.20261120T091500.000000Z", false);
}

static void only_the_newest_stay_and_strangers_are_left_alone(void **state)
{
    (void)state;
    static const char *const strangers[] = {
        "eve.json",
        "eve.json.old",
        "eve.json.20261120T091500.000000Z.gz",
        "eve.json.20261120X091500.000000Z",
        "eve.json.2026112",
        "neve.json.20261120T091500.000000Z",
        "eve.json2.20261120T091500.000000Z",
    };
    static const char *const old[] = {
        "eve.json.20261120T091502.000000Z",
        "eve.json.20261120T091500.000000Z",
        "eve.json.20261120T091503.000000Z",
        "eve.json.20261120T091501.999999Z",
    };
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        make(strangers[i]);
    for (size_t i = 0; i < sizeof old / sizeof old[0]; i++)
        make(old[i]);
    aside_keep_newest("eve.json", 2);
    finds(old[0], true);
    finds(old[1], false);
    finds(old[2], true);
    finds(old[3], false);
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        finds(strangers[i], true);
    aside_keep_newest("no/such/folder/eve.json", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_sort_by_time),
        cmocka_unit_test(a_file_is_set_aside_and_none_is_written_over),
        cmocka_unit_test(only_the_newest_stay_and_strangers_are_left_alone),
    };
    return cmocka_run_group_tests(tests, go_to_folder, leave_folder);
}
