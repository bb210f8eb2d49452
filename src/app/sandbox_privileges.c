/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sandbox_parts.h"

#include "base/text.h"

#include <cap-ng.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static bool may_change_user(void)
{
    capng_get_caps_process();
    return capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) &&
           capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID);
}

static bool become(const char *name, struct error *error)
{
    char shown[80];
    const struct passwd *user = getpwnam(name);
    text_printable(name, shown, sizeof shown);
    if (!user)
        return error_set(error, "-Z: there is no user '%s'", shown);
    if (user->pw_uid == 0)
        return error_set(error, "-Z: '%s' is root, who has everything to lose", shown);
    capng_clear(CAPNG_SELECT_ALL);
    if (capng_change_id((int)user->pw_uid, (int)user->pw_gid,
                        CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING) != 0)
        return error_set(error, "the process cannot become user '%s'; --no-sandbox goes on as root",
                         shown);
    /* What was given up must stay so. */
    if (setuid(0) == 0 || setgid(0) == 0)
        return error_set(error, "the process became user '%s' and could become root again", shown);
    return true;
}

/* Root without capabilities can still read what belongs to root. Whoever has none, as in a
 * container that got none, has none to give up. */
static bool drop_capabilities(bool reads_others_files, struct error *error)
{
    capng_get_caps_process();
    bool reads_all = reads_others_files && geteuid() == 0 &&
                     capng_have_capability(CAPNG_PERMITTED, CAP_DAC_READ_SEARCH);
    /* Only who may change the bounding set can clear it; without it nothing can be gained either,
     * because no_new_privs is set. */
    capng_select_t which = CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT;
    if (capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
        which = CAPNG_SELECT_ALL;
    capng_clear(CAPNG_SELECT_ALL);
    if (reads_all)
        capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_DAC_READ_SEARCH);
    if (capng_apply(which) != 0)
        return error_set(error, "capabilities cannot be given up; --no-sandbox keeps them");
    return true;
}

static bool forbid_more(struct error *error)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(error, "the way back to privileges cannot be closed");
    return true;
}

static void note(struct sandbox_level *reached)
{
    const struct passwd *user = getpwuid(geteuid());
    if (user)
        text_printable(user->pw_name, reached->user, sizeof reached->user);
    else
        snprintf(reached->user, sizeof reached->user, "%u", (unsigned)geteuid());
    capng_get_caps_process();
    for (unsigned capability = 0; capability <= CAP_LAST_CAP; capability++) {
        if (capng_have_capability(CAPNG_PERMITTED, capability))
            reached->capabilities |= UINT64_C(1) << capability;
    }
}

const char *sandbox_user(const struct sandbox_policy *policy)
{
    if (geteuid() != 0)
        return NULL;
    if (policy->user)
        return policy->user;
    return may_change_user() ? policy->default_user : NULL;
}

bool sandbox_drop_privileges(const struct sandbox_policy *policy, struct sandbox_level *reached,
                             struct error *error)
{
    const char *user = sandbox_user(policy);
    if (!(user ? become(user, error) : drop_capabilities(policy->reads_others_files, error)))
        return false;
    note(reached);
    return forbid_more(error);
}
