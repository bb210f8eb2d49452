/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT and SIGTERM ask the pipeline to drain and end as usual; a second one ends at once.
 */
#ifndef PORTSCOPE_APP_STOP_SIGNAL_H
#define PORTSCOPE_APP_STOP_SIGNAL_H

#include <stdbool.h>

/* Installs the handlers and ignores SIGPIPE: a closed pipe is a write that fails. */
void stop_signal_install(void);

bool stop_signal_came(void);

#endif
