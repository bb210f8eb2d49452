/* SPDX-License-Identifier: Apache-2.0
 *
 * What can be asked of a running `portscope live`: SIGUSR1 asks for the totals, SIGHUP for outputs
 * and rules to be opened again. Each answer takes the request back.
 */
#ifndef PORTSCOPE_APP_LIVE_SIGNAL_H
#define PORTSCOPE_APP_LIVE_SIGNAL_H

#include <stdbool.h>

void live_signal_install(void);

bool live_signal_wants_totals(void);
bool live_signal_wants_reload(void);

#endif
