/* SPDX-License-Identifier: Apache-2.0 */
#include "app/confine.h"

#include "base/memory.h"
#include "rules/directory.h"
#include "store/store.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "clickhouse://host:8123/traffic" */
static bool is_remote(const char *target)
{
    return strstr(target, "://") != NULL;
}

/* The directory in which an output's files are; NULL: it is none of the file system. */
static char *folder_of(const char *target)
{
    struct stat facts;
    if (is_remote(target))
        return NULL;
    if (stat(target, &facts) == 0 && S_ISDIR(facts.st_mode))
        return memory_string(target);
    if (stat(target, &facts) == 0 && !S_ISREG(facts.st_mode))
        return NULL;
    const char *slash = strrchr(target, '/');
    if (!slash)
        return memory_string(".");
    return memory_string_n(target, slash == target ? 1 : (size_t)(slash - target));
}

/* Names are looked up again whenever a collector is connected to again. */
static void add_sockets(struct sandbox_policy *policy)
{
    static const char *const files[] = {
        "/etc/resolv.conf",           "/etc/hosts",    "/etc/host.conf",
        "/etc/nsswitch.conf",         "/etc/gai.conf", "/etc/ssl",
        "/usr/share/ca-certificates",
    };
    for (size_t i = 0; !policy->needs_sockets && i < sizeof files / sizeof files[0]; i++)
        words_add(&policy->read_paths, files[i]);
    policy->needs_sockets = true;
}

/* An output that stays as it is needs nothing: its file is open. */
static void add_outputs(struct sandbox_policy *policy, const struct sinks *sinks, bool outputs_turn)
{
    for (size_t i = 0; i < sinks_count(sinks); i++) {
        const struct sink_report report = sinks_report(sinks, i);
        bool needs_folder = outputs_turn || report.needs & SINK_NEEDS_FOLDER;
        if (report.target && needs_folder)
            sandbox_policy_let_write(policy, report.target);
        char *spill = report.target ? store_spill_folder(report.target) : NULL;
        if (spill)
            sandbox_policy_let_write(policy, spill);
        free(spill);
        if (report.needs & SINK_NEEDS_SOCKETS || (report.target && is_remote(report.target)))
            add_sockets(policy);
    }
}

static void add_read_folder(struct sandbox_policy *policy, char *folder)
{
    if (folder && policy->read_folder_count < SANDBOX_FOLDERS_MAX)
        policy->read_folders[policy->read_folder_count++] = folder;
    else
        free(folder);
}

/* Whoever changes a rule file often puts another one in its place, so it is their folders that may
 * be read. */
static void add_rules(struct sandbox_policy *policy, const struct pipeline_options *options)
{
    const struct rules_options *rules = &options->rules;
    char pack[RULES_PATH_SIZE];
    if (rules_directory(rules->directory, pack, NULL))
        add_read_folder(policy, memory_string(pack));
    for (size_t i = 0; i < rules->file_count; i++)
        add_read_folder(policy, folder_of(rules->files[i]));
    if (options->finder.site)
        add_read_folder(policy, folder_of(options->finder.site));
}

/* A user who is not there is the sandbox's to report. */
static bool give_outputs(const struct sandbox_policy *policy, struct pipeline *pipeline)
{
    struct error error;
    const char *name = sandbox_user(policy);
    const struct passwd *user = name ? getpwnam(name) : NULL;
    if (!user || sinks_give(pipeline->sinks, user->pw_uid, user->pw_gid, &error))
        return true;
    notices_report(pipeline->notices, EXIT_OUTPUT_FAILED, error.text);
    return false;
}

bool confine(struct pipeline *pipeline, struct sandbox_policy *policy, bool is_live)
{
    struct sandbox_level level;
    struct error error;
    if (!give_outputs(policy, pipeline))
        return false;
    add_outputs(policy, pipeline->sinks, is_live);
    if (is_live)
        add_rules(policy, &pipeline->options);
    if (!sandbox_enter(policy, &level, &error)) {
        notices_report(pipeline->notices, EXIT_USAGE, error.text);
        return false;
    }
    sinks_set_sandbox(pipeline->sinks, &level);
    return true;
}

/* "flows.db?probe=lab" is the file flows.db. EVE files were read already. */
bool confine_server(const char *store, bool notifies, struct error *error)
{
    struct sandbox_policy policy = {.serves = true, .notifies = notifies};
    struct sandbox_level level;
    char *path = memory_string_n(store, strcspn(store, "?"));
    char *folder = store_is_target(store) ? folder_of(path) : NULL;
    if (folder)
        policy.write_folders[policy.write_folder_count++] = folder;
    if (is_remote(store))
        add_sockets(&policy);
    bool is_confined = sandbox_enter(&policy, &level, error);
    sandbox_policy_free(&policy);
    free(path);
    return is_confined;
}

void sandbox_policy_let_write(struct sandbox_policy *policy, const char *path)
{
    char *folder = folder_of(path);
    if (folder && policy->write_folder_count < SANDBOX_FOLDERS_MAX)
        policy->write_folders[policy->write_folder_count++] = folder;
    else
        free(folder);
}

void sandbox_policy_free(struct sandbox_policy *policy)
{
    while (policy->write_folder_count > 0)
        free(policy->write_folders[--policy->write_folder_count]);
    while (policy->read_folder_count > 0)
        free(policy->read_folders[--policy->read_folder_count]);
    words_free(&policy->read_paths);
}
