/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/path_fault.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>

enum { NAME_SIZE = 256 };

static const struct remedy {
    int number;
    const char *words;
} remedies[] = {
    {ENOENT, "check the name"},
    {ENOTDIR, "check the name"},
    {EACCES, "make it readable for this user"},
    {EPERM, "make it readable for this user"},
    {EMFILE, "raise the limit of open files (ulimit -n)"},
    {ELOOP, "mend the symbolic links"},
};

static const char *remedy_of(int number)
{
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++)
        if (remedies[i].number == number)
            return remedies[i].words;
    return "name another one";
}

bool path_fault(struct error *error, const char *path, const char *verb)
{
    int number = errno;
    char name[NAME_SIZE];
    return error_set(error, "%s: cannot be %s: %s; %s", text_printable(path, name, sizeof name),
                     verb, strerror(number), remedy_of(number));
}
