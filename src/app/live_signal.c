/* SPDX-License-Identifier: Apache-2.0 */
#include "app/live_signal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* A signal handler can reach nothing else. */
static volatile sig_atomic_t wants_totals, wants_reload;

static void on_signal(int number)
{
    if (number == SIGHUP)
        wants_reload = 1;
    else
        wants_totals = 1;
}

void live_signal_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

bool live_signal_wants_totals(void)
{
    bool wants = wants_totals != 0;
    wants_totals = 0;
    return wants;
}

bool live_signal_wants_reload(void)
{
    bool wants = wants_reload != 0;
    wants_reload = 0;
    return wants;
}
