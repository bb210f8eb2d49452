/* SPDX-License-Identifier: Apache-2.0
 *
 * What a service tells its manager (sd_notify(3)): a datagram to the socket that it names.
 */
#ifndef PORTSCOPE_APP_SERVICE_H
#define PORTSCOPE_APP_SERVICE_H

/* The socket, to be opened before the sandbox; -1: nobody wants to hear. */
int service_open(void);
void service_close(int socket); /* accepts -1 */

/* "READY=1", "WATCHDOG=1", "STOPPING=1"; nothing is done about a manager that does not listen. */
void service_tell(int socket, const char *words);

#endif
