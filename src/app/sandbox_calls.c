/* SPDX-License-Identifier: Apache-2.0
 *
 * The system calls of reading, deciding and writing; every other one fails with EPERM. What opens
 * files is among them, because outputs turn and inputs follow each other: Landlock says which.
 */
#include "app/sandbox_parts.h"

#include <errno.h>
#include <seccomp.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <net/if.h>
#include <sys/socket.h>

#define CALL(name) SCMP_SYS(name)

static const int always[] = {
    /* files and pipes that are open */
    CALL(read),
    CALL(readv),
    CALL(pread64),
    CALL(write),
    CALL(writev),
    CALL(pwrite64),
    CALL(lseek),
    CALL(close),
    CALL(fstat),
    CALL(newfstatat),
    CALL(statx),
    CALL(ftruncate),
    CALL(fsync),
    CALL(fdatasync),
    CALL(flock),
    CALL(fcntl),
    CALL(fadvise64),
    CALL(dup),
    /* files by name, where Landlock lets them be */
    CALL(openat),
    CALL(open),
    CALL(stat),
    CALL(lstat),
    CALL(access),
    CALL(faccessat),
    CALL(faccessat2),
    CALL(rename),
    CALL(renameat),
    CALL(renameat2),
    CALL(unlink),
    CALL(unlinkat),
    CALL(getdents64),
    CALL(fchmod),
    /* waiting and time */
    CALL(poll),
    CALL(ppoll),
    CALL(epoll_wait),
    CALL(epoll_pwait),
    CALL(clock_gettime),
    CALL(clock_nanosleep),
    CALL(nanosleep),
    CALL(gettimeofday),
    CALL(time),
    /* the packet socket that is open */
    CALL(getsockopt),
    CALL(recvfrom),
    CALL(recvmsg),
    /* memory */
    CALL(brk),
    CALL(munmap),
    CALL(mremap),
    CALL(madvise),
    CALL(getrandom),
    /* threads of this process */
    CALL(futex),
    CALL(set_robust_list),
    CALL(rseq),
    CALL(sched_yield),
    CALL(sched_getaffinity),
    CALL(gettid),
    CALL(getpid),
    CALL(exit),
    CALL(exit_group),
    CALL(tgkill),
    CALL(sysinfo),
    CALL(prlimit64),
    CALL(uname),
    CALL(getuid),
    CALL(geteuid),
    CALL(getgid),
    CALL(getegid),
    /* signals */
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL(sigaltstack),
    CALL(restart_syscall),
};

/* For outputs that talk to a collector. */
static const int for_sockets[] = {
    CALL(connect),   CALL(bind),        CALL(sendto),     CALL(sendmsg),     CALL(sendmmsg),
    CALL(shutdown),  CALL(getsockname), CALL(setsockopt), CALL(getpeername), CALL(socketpair),
    CALL(eventfd2),  CALL(pipe2),       CALL(select),     CALL(pselect6),    CALL(epoll_create1),
    CALL(epoll_ctl), CALL(getppid),     CALL(readlink),   CALL(getcwd),
};

/* For connections that come to the socket that listens. */
static const int for_serving[] = {
    CALL(accept4), CALL(sendto),      CALL(sendmsg),     CALL(shutdown), CALL(setsockopt),
    CALL(writev),  CALL(getsockname), CALL(getpeername), CALL(eventfd2), CALL(pipe2),
};

/* With an argument: the bits of `mask` must be `value`. */
static const struct limited_call {
    int call;
    unsigned argument;
    scmp_datum_t mask, value;
} limited[] = {
    {CALL(mmap), 2, PROT_EXEC, 0},
    {CALL(mprotect), 2, PROT_EXEC, 0},
    {CALL(clone), 0, CLONE_THREAD, CLONE_THREAD},
    {CALL(ioctl), 1, UINT32_MAX, TCGETS},
    {CALL(ioctl), 1, UINT32_MAX, FIONREAD},
    {CALL(ioctl), 1, UINT32_MAX, SIOCGIFFLAGS},
    {CALL(ioctl), 1, UINT32_MAX, SIOCGIFINDEX},
};

/* Families that a collector can have; a name is looked up with the help of netlink. */
static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

static bool allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    }
    return true;
}

static bool allow_limited(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof limited / sizeof limited[0]; i++) {
        const struct limited_call *each = &limited[i];
        if (seccomp_rule_add(
                filter, SCMP_ACT_ALLOW, each->call, 1,
                SCMP_CMP(each->argument, SCMP_CMP_MASKED_EQ, each->mask, each->value)) != 0)
            return false;
    }
    /* Its arguments lie in memory, where no filter can look: the C library then uses clone. */
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

static bool allow_sockets(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i])) != 0)
            return false;
    }
    return allow_all(filter, for_sockets, sizeof for_sockets / sizeof for_sockets[0]);
}

bool sandbox_close_calls(const struct sandbox_policy *policy, struct sandbox_level *reached,
                         struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool is_closed = filter && allow_all(filter, always, sizeof always / sizeof always[0]) &&
                     allow_limited(filter) && (!policy->needs_sockets || allow_sockets(filter)) &&
                     (!policy->serves ||
                      allow_all(filter, for_serving, sizeof for_serving / sizeof for_serving[0])) &&
                     (!policy->notifies || allow_all(filter, (const int[]){SCMP_SYS(sendto)}, 1)) &&
                     seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    reached->seccomp = is_closed;
    return is_closed || error_set(error, "this kernel refuses the list of system calls (seccomp); "
                                         "--no-sandbox goes without");
}
