/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sandbox_parts.h"

#include <string.h>
#include <sys/prctl.h>

bool sandbox_enter(const struct sandbox_policy *policy, struct sandbox_level *reached,
                   struct error *error)
{
    *reached = (struct sandbox_level){0};
    return sandbox_drop_privileges(policy, reached, error) &&
           sandbox_close_files(policy, reached, error) &&
           sandbox_close_calls(policy, reached, error);
}

/* The leak checker of a sanitized build wants to trace this process from another one. */
#ifdef __SANITIZE_ADDRESS__
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0;
}
#endif
