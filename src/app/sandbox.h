/* SPDX-License-Identifier: Apache-2.0
 *
 * No privilege to lose: once everything is open, the process gives up its user, its capabilities,
 * the file system but for what is named here, and all system calls but those of its work. To be
 * entered before threads start: they inherit it.
 */
#ifndef PORTSCOPE_APP_SANDBOX_H
#define PORTSCOPE_APP_SANDBOX_H

#include "app/option.h"
#include "base/error.h"
#include "model/sandbox_level.h"

#include <stdbool.h>

enum { SANDBOX_FOLDERS_MAX = 32 };

struct sandbox_policy {
    const char *user;         /* to become when started as root; NULL: not asked for */
    const char *default_user; /* then this one, when root may change it; NULL: stay who we are */
    bool reads_others_files;  /* root may go on reading what belongs to others */
    struct words read_paths;  /* files and directories that may be opened for reading; what is
                                 not there is passed over */
    char *read_folders[SANDBOX_FOLDERS_MAX]; /* whose files may be opened for reading; owned */
    size_t read_folder_count;
    char *write_folders[SANDBOX_FOLDERS_MAX]; /* where files may be made, renamed, removed; owned */
    size_t write_folder_count;
    bool needs_sockets; /* outputs that connect to a collector */
    bool serves;        /* a listening socket is open; connections come to it */
    bool notifies;      /* a socket to the service manager is open */
};

/* The user whom the process will become; NULL: it stays who it is. */
const char *sandbox_user(const struct sandbox_policy *policy);

/* All or nothing: false with a sentence when any part of it cannot be had; the process is then to
 * end. `reached` says what there is. */
bool sandbox_enter(const struct sandbox_policy *policy, struct sandbox_level *reached,
                   struct error *error);

#endif
