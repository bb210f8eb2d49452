/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "unit.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void what_cannot_be_had_ends_the_program_with_a_status(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        memory_resize(NULL, SIZE_MAX, 2);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
}

static void new_memory_is_zero_and_nothing_is_something(void **state)
{
    (void)state;
    unsigned char *bytes = memory_new(64, 1);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(bytes[i], 0);
    free(bytes);
    void *nothing = memory_new(0, 0);
    assert_non_null(nothing);
    free(nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_had_ends_the_program_with_a_status),
        cmocka_unit_test(new_memory_is_zero_and_nothing_is_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
