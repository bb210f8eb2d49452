/* SPDX-License-Identifier: Apache-2.0
 *
 * main() of a fuzz target when libFuzzer is not linked: runs every file of the folders (or the
 * files) named, each from an exact-size heap copy so that over-reads show.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static unsigned long replayed;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    if (length >= 0) {
        uint8_t *bytes = malloc((size_t)length);
        if (fread(bytes, 1, (size_t)length, file) == (size_t)length) {
            LLVMFuzzerTestOneInput(bytes, (size_t)length);
            replayed++;
        }
        free(bytes);
    }
    fclose(file);
}

static void replay(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        replay_file(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        replay_file(name);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%lu inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
