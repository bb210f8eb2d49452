/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_SIZE = 400, SESSION_BYTES = 32 };

static bool is_private(int file, const char *shown, struct error *error)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return error_set_errno(error, "--token-file: %s cannot be looked at", shown);
    if (!S_ISREG(facts.st_mode))
        return error_set(error, "--token-file: %s is not a regular file", shown);
    if ((facts.st_mode & 077) != 0)
        return error_set(error, "--token-file: others may read %s; chmod 600 it", shown);
    return true;
}

/* A blank or a control character would not survive a header. */
static bool is_token(const char *words, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (words[i] <= 0x20 || words[i] >= 0x7f)
            return false;
    }
    return length >= TOKEN_SIZE_MIN && length <= TOKEN_SIZE_MAX;
}

static bool read_token(struct guard *guard, int file, const char *shown, struct error *error)
{
    char words[TOKEN_SIZE_MAX + 2];
    ssize_t length = read(file, words, sizeof words);
    if (length < 0)
        return error_set_errno(error, "--token-file: %s cannot be read", shown);
    if (length > 0 && words[length - 1] == '\n')
        length--;
    if (!is_token(words, (size_t)length))
        return error_set(error,
                         "--token-file: %s must hold one line of %d to %d printable characters; "
                         "openssl rand -hex 32 makes one",
                         shown, TOKEN_SIZE_MIN, TOKEN_SIZE_MAX);
    memcpy(guard->token, words, (size_t)length);
    guard->token[length] = '\0';
    return true;
}

bool guard_load_token(struct guard *guard, const char *path, struct error *error)
{
    char shown[SHOWN_SIZE];
    text_printable(path, shown, sizeof shown);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (file < 0)
        return error_set_errno(error, "--token-file: %s cannot be opened", shown);
    bool is_loaded = is_private(file, shown, error) && read_token(guard, file, shown, error);
    close(file);
    return is_loaded;
}

bool guard_make_session(struct guard *guard, struct error *error)
{
    uint8_t bytes[SESSION_BYTES];
    struct text words = {0};
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_set_errno(error, "the kernel gives no random bytes");
    text_add_hex(&words, (struct span){bytes, sizeof bytes});
    memcpy(guard->session, text_words(&words), sizeof guard->session);
    text_free(&words);
    return true;
}
