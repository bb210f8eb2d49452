/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite_file.h"

#include "base/text.h"
#include "store/column.h"
#include "store/sqlite_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOCK_PATH_SIZE = 1100, SHOWN_SIZE = 400 };

/* Nobody else may create it meanwhile, and it is never somebody else's file behind a link. */
static bool create(const char *path, const char *shown, struct error *error)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return error_set_errno(error, "store %s cannot be created", shown);
    close(file);
    return true;
}

bool sqlite_file_prepare(const char *path, enum store_mode mode, struct error *error)
{
    char shown[SHOWN_SIZE];
    struct stat facts;
    text_printable(path, shown, sizeof shown);
    if (lstat(path, &facts) != 0) {
        if (errno == ENOENT && mode != STORE_READ)
            return create(path, shown, error);
        return error_set_errno(error, "store %s cannot be opened", shown);
    }
    if (S_ISLNK(facts.st_mode) && mode == STORE_READ && stat(path, &facts) != 0)
        return error_set_errno(error, "store %s cannot be opened", shown);
    if (!S_ISREG(facts.st_mode))
        return error_set(error, "store %s is not a regular file; name another", shown);
    return true;
}

static void lock_path(const char *path, char out[LOCK_PATH_SIZE])
{
    snprintf(out, LOCK_PATH_SIZE, "%s-writer", path);
}

/* The name may have been removed by the one who released it; then this is nobody's lock. */
static bool is_named(int lock, const char *path)
{
    struct stat open_one, named;
    return fstat(lock, &open_one) == 0 && lstat(path, &named) == 0 &&
           open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

int sqlite_file_lock(const char *path, struct error *error)
{
    char name[LOCK_PATH_SIZE], shown[SHOWN_SIZE];
    lock_path(path, name);
    text_printable(path, shown, sizeof shown);
    for (;;) {
        int lock = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (lock < 0) {
            error_set_errno(error, "store %s cannot be locked", shown);
            return -1;
        }
        if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
            close(lock);
            error_set(error,
                      "another portscope is writing to store %s; stop it or name another file",
                      shown);
            return -1;
        }
        if (is_named(lock, name))
            return lock;
        close(lock);
    }
}

void sqlite_file_unlock(const char *path, int lock)
{
    char name[LOCK_PATH_SIZE];
    if (lock < 0)
        return;
    lock_path(path, name);
    unlink(name);
    close(lock);
}

/* Whether it was writing that failed: of a file that may not grow SQLite says no more. */
static bool is_full(int code)
{
    static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC,
                                SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_SHMSIZE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code)
            return true;
    }
    return false;
}

bool sqlite_file_fault(sqlite3 *database, const char *path, struct error *error)
{
    char shown[SHOWN_SIZE];
    text_printable(path[0] != '\0' ? path : "(temporary)", shown, sizeof shown);
    int code = sqlite3_errcode(database);
    if (is_full(sqlite3_extended_errcode(database)))
        return error_set(error,
                         "store %s: the disk is full, or the file may not grow; make room, or "
                         "remove old flows with 'portscope store prune'",
                         shown);
    if (code == SQLITE_INTERRUPT)
        return error_set(error, "the question took too long; ask about less time");
    if (code == SQLITE_BUSY)
        return error_set(error, "store %s is in use by another process; try again", shown);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return error_set(error, "store %s is damaged (%s); 'sqlite3 %s .recover' may save rows",
                         shown, sqlite3_errmsg(database), shown);
    return error_set(error, "store %s: %s", shown, sqlite3_errmsg(database));
}

static bool run(sqlite3 *database, const char *sql, const char *path, struct error *error)
{
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_file_fault(database, path, error);
}

static int64_t read_number(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* octets('0aff'): for the step that keeps octets as such. */
static void octets(sqlite3_context *context, int count, sqlite3_value **values)
{
    uint8_t out[64];
    size_t length = 0;
    const char *digits = count == 1 ? (const char *)sqlite3_value_text(values[0]) : NULL;
    while (digits && length < sizeof out && digits[0] != '\0' && hex_octet(digits, &out[length])) {
        digits += 2;
        length++;
    }
    sqlite3_result_blob(context, out, (int)length, SQLITE_TRANSIENT);
}

static bool migrate(sqlite3 *database, const char *path, int64_t version, struct error *error)
{
    struct text sql = {0};
    sqlite3_create_function(database, "octets", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, octets,
                            NULL, NULL);
    text_add(&sql, "BEGIN IMMEDIATE;");
    sqlite_schema_add_steps(&sql, version);
    text_addf(&sql, "PRAGMA application_id=%d;PRAGMA user_version=%d;COMMIT;", STORE_APPLICATION_ID,
              STORE_SCHEMA_VERSION);
    bool is_done = run(database, text_words(&sql), path, error);
    if (!is_done)
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    text_free(&sql);
    return is_done;
}

/* What there is, before anything is changed: it may be somebody else's. Read through SQLite alone:
 * closing a file of ours would drop the locks that other handles of this process have on it (POSIX
 * locks belong to the process), and the next one to leave the store would remove the log under
 * them. */
static bool check(sqlite3 *database, const char *path, enum store_mode mode, int64_t *version,
                  struct error *error)
{
    char shown[SHOWN_SIZE];
    text_printable(path, shown, sizeof shown);
    *version = read_number(database, "PRAGMA user_version");
    bool is_database = sqlite3_errcode(database) != SQLITE_NOTADB;
    int64_t id = read_number(database, "PRAGMA application_id");
    int64_t objects = read_number(database, "SELECT count(*) FROM sqlite_schema");
    bool is_new = *version == 0 && id == 0 && objects == 0;
    if (is_database && (*version < 0 || objects < 0))
        return sqlite_file_fault(database, path, error);
    if (!is_database || (!is_new && id != STORE_APPLICATION_ID))
        return error_set(error, "%s is no store of portscope; name another file", shown);
    if (is_new && mode == STORE_READ)
        return error_set(error, "store %s is empty: nothing was ever written to it", shown);
    if (*version > STORE_SCHEMA_VERSION)
        return error_set(error, "store %s was written by a newer portscope; use that one", shown);
    return true;
}

bool sqlite_file_set_up(sqlite3 *database, const char *path, enum store_mode mode,
                        struct error *error)
{
    int64_t version;
    /* Committed is what a killed process leaves; only a power cut may lose the last commits. */
    return check(database, path, mode, &version, error) &&
           run(database,
               "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;"
               "PRAGMA trusted_schema=OFF;",
               path, error) &&
           (version == STORE_SCHEMA_VERSION || migrate(database, path, version, error));
}
