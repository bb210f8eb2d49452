/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to the program, so that no path of the build machine is compiled in: as installed, and
 * from build/PRESET/src in a source tree. */
static const char *const beside_program[] = {PORTSCOPE_RULES_FROM_PROGRAM, "../../../rules"};

static bool is_pack(const char *directory)
{
    char path[RULES_PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/taxonomy.yaml", directory);
    return access(path, R_OK) == 0;
}

static bool copy(const char *directory, char out[RULES_PATH_SIZE], struct error *error)
{
    if (strlen(directory) >= RULES_PATH_SIZE)
        return error_set(error, "the rule pack's path is longer than %d bytes", RULES_PATH_SIZE);
    snprintf(out, RULES_PATH_SIZE, "%s", directory);
    return true;
}

/* The program's own folder, without the slash at its end. */
static bool program_folder(char out[RULES_PATH_SIZE / 2])
{
    ssize_t length = readlink("/proc/self/exe", out, RULES_PATH_SIZE / 2 - 1);
    if (length <= 0)
        return false;
    out[length] = '\0';
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = '\0';
    return slash != NULL;
}

bool rules_directory(const char *given, char out[RULES_PATH_SIZE], struct error *error)
{
    const char *chosen = given ? given : getenv("PORTSCOPE_RULES");
    if (chosen && *chosen)
        return copy(chosen, out, error);
    char folder[RULES_PATH_SIZE / 2];
    bool has_folder = program_folder(folder);
    for (size_t i = 0; has_folder && i < sizeof beside_program / sizeof beside_program[0]; i++) {
        snprintf(out, RULES_PATH_SIZE, "%s/%s", folder, beside_program[i]);
        if (is_pack(out))
            return true;
    }
    return error_set(error, "the rule pack is not beside the program; name its folder with "
                            "--rules-dir or PORTSCOPE_RULES");
}
