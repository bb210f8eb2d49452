/* SPDX-License-Identifier: Apache-2.0 */
#include "app/stop_signal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* A signal handler can reach nothing else: the one variable that is not on the pipeline. */
static volatile sig_atomic_t came;

static void on_signal(int number)
{
    (void)number;
    came = 1;
}

void stop_signal_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    /* No SA_RESTART: a read() that waits for a pipe returns, and the loop sees the flag. */
    action.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_flags = 0;
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

bool stop_signal_came(void)
{
    return came != 0;
}
