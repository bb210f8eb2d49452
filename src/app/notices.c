/* SPDX-License-Identifier: Apache-2.0 */
#include "app/notices.h"

#include <stdarg.h>
#include <stdio.h>

void notices_report(struct notices *notices, enum exit_status status, const char *sentence)
{
    fprintf(stderr, "portscope: %s\n", sentence);
    notices->status = exit_status_worse(notices->status, status);
}

void notices_hint(const struct notices *notices, const char *format, ...)
{
    if (notices->is_quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    fputs("portscope: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}
