/* SPDX-License-Identifier: Apache-2.0 */
#include "store/target.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char scheme[] = "clickhouse://";

bool store_is_target(const char *word)
{
    static const char *const endings[] = {".db", ".sqlite", ".sqlite3"};
    if (strncmp(word, scheme, sizeof scheme - 1) == 0 || strcmp(word, ":memory:") == 0)
        return true;
    size_t length = strcspn(word, "?");
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t tail = strlen(endings[i]);
        if (length > tail && memcmp(word + length - tail, endings[i], tail) == 0)
            return true;
    }
    return false;
}

static bool copy(char *out, size_t size, const char *from, size_t length)
{
    if (length >= size)
        return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

/* Names become part of statements: only what needs no quotes. */
static bool is_plain_name(const char *name)
{
    static const char characters[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    const char *letters = characters + 10;
    size_t first = strspn(name, letters);
    return first > 0 && name[strspn(name, characters)] == '\0';
}

static bool is_yes_or_left_out(const char *word)
{
    return word[0] == '\0' || strcmp(word, "yes") == 0;
}

static bool set_option(struct target *target, const char *word, size_t length, struct error *error)
{
    char tls[8] = "", on_cluster[8] = "";
    const struct {
        const char *name;
        char *place;
        size_t size;
        bool only_clickhouse;
    } options[] = {
        {"probe", target->probe, sizeof target->probe, false},
        {"cluster", target->cluster, sizeof target->cluster, true},
        {"spill", target->spill, sizeof target->spill, true},
        {"tls", tls, sizeof tls, true},
        {"on_cluster", on_cluster, sizeof on_cluster, true},
    };
    char shown[160], whole[160];
    snprintf(whole, sizeof whole, "%.*s", (int)length, word);
    text_printable(whole, shown, sizeof shown);
    const char *equals = memchr(word, '=', length);
    size_t name_length = equals ? (size_t)(equals - word) : length;
    for (size_t i = 0; equals && i < sizeof options / sizeof options[0]; i++) {
        if (strlen(options[i].name) != name_length ||
            memcmp(options[i].name, word, name_length) != 0)
            continue;
        if (options[i].only_clickhouse && !target->is_clickhouse)
            return error_set(error, "store: '%s' is for ClickHouse only", shown);
        if (!copy(options[i].place, options[i].size, equals + 1, length - name_length - 1))
            return error_set(error, "store: '%s' is too long", shown);
        target->has_tls = target->has_tls || strcmp(tls, "yes") == 0;
        target->is_on_cluster = target->is_on_cluster || strcmp(on_cluster, "yes") == 0;
        return is_yes_or_left_out(tls) && is_yes_or_left_out(on_cluster)
                   ? true
                   : error_set(error, "store: '%s': write yes, or leave it out", shown);
    }
    return error_set(error,
                     "store: '%s' is not one of probe=NAME, cluster=NAME, on_cluster=yes, "
                     "tls=yes, spill=DIRECTORY",
                     shown);
}

static bool set_options(struct target *target, const char *words, struct error *error)
{
    while (*words != '\0') {
        size_t length = strcspn(words, "&");
        if (!set_option(target, words, length, error))
            return false;
        words += length;
        words += *words == '&';
    }
    return true;
}

/* "HOST:PORT/DATABASE". */
static bool set_server(struct target *target, const char *word, size_t length, struct error *error)
{
    const char *slash = memchr(word, '/', length);
    size_t host_length = slash ? (size_t)(slash - word) : 0;
    if (host_length == 0 || memchr(word, '@', host_length))
        return error_set(error, "store: write clickhouse://HOST:8123/DATABASE; user and password "
                                "come from a file or the environment, never from here");
    if (!copy(target->path, sizeof target->path, word, host_length) ||
        !copy(target->database, sizeof target->database, slash + 1, length - host_length - 1) ||
        !is_plain_name(target->database))
        return error_set(error, "store: a database's name is letters, digits and _, and begins "
                                "with a letter");
    return true;
}

bool target_parse(struct target *target, const char *word, struct error *error)
{
    *target = (struct target){0};
    size_t length = strcspn(word, "?");
    const char *options = word[length] == '?' ? word + length + 1 : "";
    target->is_clickhouse = strncmp(word, scheme, sizeof scheme - 1) == 0;
    if (gethostname(target->probe, sizeof target->probe - 1) != 0 || target->probe[0] == '\0')
        snprintf(target->probe, sizeof target->probe, "probe");
    if (target->is_clickhouse &&
        !set_server(target, word + sizeof scheme - 1, length - (sizeof scheme - 1), error))
        return false;
    if (!target->is_clickhouse && !copy(target->path, sizeof target->path, word, length))
        return error_set(error, "store: the file's name is too long");
    if (!set_options(target, options, error))
        return false;
    if (target->is_on_cluster && target->cluster[0] == '\0')
        return error_set(error, "store: on_cluster=yes needs cluster=NAME");
    if (target->cluster[0] != '\0' && !is_plain_name(target->cluster))
        return error_set(error, "store: a cluster's name is letters, digits and _");
    return true;
}

char *store_spill_folder(const char *word)
{
    struct target target;
    bool has_spill = strncmp(word, scheme, sizeof scheme - 1) == 0 &&
                     target_parse(&target, word, NULL) && target.spill[0] != '\0';
    return has_spill ? memory_string(target.spill) : NULL;
}
