/* SPDX-License-Identifier: Apache-2.0
 *
 * Tries what the sandbox forbids, from inside it, and says what happened: the proof that it holds.
 * usage: sandbox_probe FOLDER USER   (FOLDER may be written to)
 */
#include "app/sandbox.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *folder;

static bool opens(const char *path, int flags)
{
    int file = open(path, flags, 0600);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static bool read_shadow(void)
{
    return opens("/etc/shadow", O_RDONLY);
}

static bool read_public_file(void)
{
    return opens("/etc/passwd", O_RDONLY);
}

static bool read_folder(void)
{
    return opens("/etc", O_DIRECTORY | O_RDONLY);
}

static bool open_socket(int family, int type)
{
    return socket(family, type, 0) >= 0;
}

static bool open_packet_socket(void)
{
    return open_socket(AF_PACKET, SOCK_RAW);
}

static bool open_internet_socket(void)
{
    return open_socket(AF_INET, SOCK_STREAM);
}

static bool execute(void)
{
    char word[] = "true";
    char *const words[] = {word, NULL};
    return execv("/bin/true", words) == 0;
}

static bool start_process(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

static bool trace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool become_root(void)
{
    return setuid(0) == 0;
}

static bool trace_another(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool write_output(void)
{
    char path[512];
    char other[512];
    snprintf(path, sizeof path, "%s/output", folder);
    snprintf(other, sizeof other, "%s/output.1", folder);
    return opens(path, O_WRONLY | O_CREAT) && rename(path, other) == 0 && unlink(other) == 0;
}

static void *nothing(void *argument)
{
    return argument;
}

static bool start_thread(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static const struct attempt {
    const char *name;
    bool (*works)(void);
    bool should;
} attempts[] = {
    {"read /etc/shadow", read_shadow, false},
    {"read /etc/passwd", read_public_file, false},
    {"look into another folder", read_folder, false},
    {"open a packet socket", open_packet_socket, false},
    {"open an internet socket", open_internet_socket, false},
    {"execute a program", execute, false},
    {"start a process", start_process, false},
    {"make memory executable", make_code, false},
    {"be traced", trace, false},
    {"trace another process", trace_another, false},
    {"become root", become_root, false},
    {"write, rename and remove an output", write_output, true},
    {"start a thread", start_thread, true},
};

int main(int argc, char **argv)
{
    struct error error;
    struct sandbox_level level;
    struct sandbox_policy policy = {.user = argc > 2 ? argv[2] : NULL};
    folder = argc > 1 ? argv[1] : ".";
    policy.write_folders[policy.write_folder_count++] = argv[1];
    if (!sandbox_enter(&policy, &level, &error)) {
        printf("not entered: %s\n", error.text);
        return 2;
    }
    printf("user %s, capabilities %llx, Landlock %d, seccomp %d\n", level.user,
           (unsigned long long)level.capabilities, level.landlock, level.seccomp);
    int surprises = 0;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        bool works = attempts[i].works();
        bool is_right = works == attempts[i].should;
        printf("%s %s: %s\n", is_right ? "ok     " : "UNTRUE ", attempts[i].name,
               works ? "works" : strerror(errno));
        surprises += !is_right;
    }
    fflush(stdout);
    _exit(surprises > 0);
}
