/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "app/exit_status.h"

static void what_was_lost_weighs_more_than_what_was_found(void **state)
{
    (void)state;
    static const enum exit_status rising[] = {EXIT_DONE,     EXIT_FINDINGS,      EXIT_DAMAGED_INPUT,
                                              EXIT_NO_INPUT, EXIT_OUTPUT_FAILED, EXIT_USAGE};
    for (size_t i = 0; i < sizeof rising / sizeof rising[0]; i++) {
        for (size_t k = 0; k <= i; k++) {
            assert_int_equal(exit_status_worse(rising[i], rising[k]), rising[i]);
            assert_int_equal(exit_status_worse(rising[k], rising[i]), rising[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_lost_weighs_more_than_what_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
