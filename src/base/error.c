/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void write_sentence(struct error *error, bool is_usage, const char *format,
                           va_list arguments)
{
    if (!error)
        return;
    error->is_usage = is_usage;
    vsnprintf(error->text, sizeof error->text, format, arguments);
}

bool error_set(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(error, false, format, arguments);
    va_end(arguments);
    return false;
}

bool error_usage(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(error, true, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, const char *format, ...)
{
    int number = errno;
    if (!error)
        return false;
    va_list arguments;
    va_start(arguments, format);
    write_sentence(error, false, format, arguments);
    va_end(arguments);
    size_t used = strlen(error->text);
    snprintf(error->text + used, sizeof error->text - used, ": %s", strerror(number));
    return false;
}
