/* SPDX-License-Identifier: Apache-2.0
 *
 * Landlock by its three system calls: libraries for it are not in the distributions.
 */
#include "app/sandbox_parts.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that kernels know and the headers of Debian 12 do not, by version of the interface. */
enum {
    VERSION_REFER = 2,
    VERSION_TRUNCATE = 3,
    VERSION_NETWORK = 4,
    VERSION_DEVICES = 5,
    VERSION_SCOPES = 6,
};

#define FS_ALL_OF_VERSION_1 ((UINT64_C(1) << 13) - 1)
#define FS_REFER (UINT64_C(1) << 13)
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEVICE (UINT64_C(1) << 15)
#define NET_BIND_AND_CONNECT UINT64_C(3)
#define SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS UINT64_C(3)

/* struct landlock_ruleset_attr as it has grown; an older kernel takes the first members. */
struct rights {
    uint64_t files, network, scopes;
};

static size_t size_of_rights(int version)
{
    if (version >= VERSION_SCOPES)
        return sizeof(struct rights);
    return version >= VERSION_NETWORK ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

/* Everything that this kernel can refuse. */
static struct rights all_rights(int version, bool needs_sockets)
{
    struct rights rights = {.files = FS_ALL_OF_VERSION_1};
    if (version >= VERSION_REFER)
        rights.files |= FS_REFER;
    if (version >= VERSION_TRUNCATE)
        rights.files |= FS_TRUNCATE;
    if (version >= VERSION_DEVICES)
        rights.files |= FS_IOCTL_DEVICE;
    if (version >= VERSION_NETWORK && !needs_sockets)
        rights.network = NET_BIND_AND_CONNECT;
    if (version >= VERSION_SCOPES)
        rights.scopes = SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS;
    return rights;
}

/* A rule for a file may only speak of what can be done with files. */
static bool allow(int ruleset, const char *path, uint64_t for_folders, uint64_t for_files,
                  struct error *error)
{
    char shown[256];
    struct stat facts;
    int beneath = open(path, O_PATH | O_CLOEXEC);
    /* What this user cannot reach anyway needs no rule: what is open already stays so, and opening
     * it again will be refused and said then. */
    if (beneath < 0 && errno == EACCES)
        return true;
    if (beneath < 0 || fstat(beneath, &facts) != 0) {
        error_set_errno(error, "%s: cannot be opened", text_printable(path, shown, sizeof shown));
        if (beneath >= 0)
            close(beneath);
        return false;
    }
    struct landlock_path_beneath_attr rule = {
        .allowed_access = S_ISDIR(facts.st_mode) ? for_folders : for_files,
        .parent_fd = beneath,
    };
    long status = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(beneath);
    /* A pipe lies in no directory, and no rule is needed for it. */
    return status == 0 || errno == EBADFD ||
           error_set_errno(error, "%s: Landlock refuses the rule",
                           text_printable(path, shown, sizeof shown));
}

static bool add_rules(int ruleset, const struct sandbox_policy *policy, uint64_t known,
                      struct error *error)
{
    const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE;
    const uint64_t writing = known & (LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_READ_FILE |
                                      LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                                      LANDLOCK_ACCESS_FS_REMOVE_FILE | FS_TRUNCATE);
    for (size_t i = 0; i < policy->read_paths.count; i++) {
        const char *path = policy->read_paths.items[i];
        if (access(path, F_OK) == 0 &&
            !allow(ruleset, path, reading | LANDLOCK_ACCESS_FS_READ_DIR, reading, error))
            return false;
    }
    for (size_t i = 0; i < policy->read_folder_count; i++) {
        if (!allow(ruleset, policy->read_folders[i], reading | LANDLOCK_ACCESS_FS_READ_DIR, 0,
                   error))
            return false;
    }
    for (size_t i = 0; i < policy->write_folder_count; i++) {
        if (!allow(ruleset, policy->write_folders[i], writing, 0, error))
            return false;
    }
    return true;
}

bool sandbox_close_files(const struct sandbox_policy *policy, struct sandbox_level *reached,
                         struct error *error)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return error_set(error,
                         "this kernel has no Landlock (Linux 5.13 or newer, 'landlock' among the "
                         "modules of lsm=); --no-sandbox goes without");
    reached->landlock = (int)version;
    struct rights rights = all_rights(reached->landlock, policy->needs_sockets);
    int ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &rights, size_of_rights(reached->landlock), 0);
    if (ruleset < 0)
        return error_set_errno(error, "Landlock refuses its rules; --no-sandbox goes without");
    bool is_closed = add_rules(ruleset, policy, rights.files, error);
    if (is_closed && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        is_closed = error_set_errno(error, "Landlock cannot be entered; --no-sandbox goes without");
    close(ruleset);
    return is_closed;
}
