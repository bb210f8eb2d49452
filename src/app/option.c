/* SPDX-License-Identifier: Apache-2.0 */
#include "app/option.h"

#include "base/memory.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 30, HELP_WIDTH = 98 };

void words_add(struct words *words, const char *word)
{
    words->items = memory_resize(words->items, words->count + 1, sizeof *words->items);
    words->items[words->count++] = word;
}

void words_free(struct words *words)
{
    free(words->items);
    *words = (struct words){0};
}

static bool parse_number(const char *word, uint64_t *out, const char **rest)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    errno = 0;
    *out = strtoull(word, &end, 10);
    *rest = end;
    return errno == 0;
}

static bool parse_count(const char *word, uint64_t *out)
{
    const char *rest;
    return parse_number(word, out, &rest) && *rest == '\0';
}

static bool parse_size(const char *word, uint64_t *out)
{
    static const char suffixes[] = "kmgt";
    const char *rest;
    if (!parse_number(word, out, &rest))
        return false;
    if (*rest == '\0')
        return true;
    const char *suffix = strchr(suffixes, *rest | 0x20);
    if (!suffix || rest[1] != '\0')
        return false;
    return !__builtin_mul_overflow(*out, UINT64_C(1) << 10 * (suffix - suffixes + 1), out);
}

static bool wrong_value(const struct option_spec *spec, const char *value, const char *expected,
                        struct error *error)
{
    char shown[80];
    return error_set(error, "--%s: '%s' is not %s", spec->name,
                     text_printable(value, shown, sizeof shown), expected);
}

static bool store(const struct option_spec *spec, void *target, const char *value,
                  struct error *error)
{
    void *place = (char *)target + spec->offset;
    switch (spec->type) {
    case OPTION_FLAG:
        *(bool *)place = true;
        return true;
    case OPTION_WORD:
        *(const char **)place = value;
        return true;
    case OPTION_WORDS:
        words_add(place, value);
        return true;
    case OPTION_COUNT:
        return parse_count(value, place) || wrong_value(spec, value, "a number", error);
    case OPTION_SIZE:
        return parse_size(value, place) ||
               wrong_value(spec, value, "a size such as 4096, 64k, 100M or 2G", error);
    case OPTION_DURATION:
        return duration_parse(value, place) ||
               wrong_value(spec, value, "a duration such as 30s, 5m or 1h", error);
    }
    return false;
}

static const struct option_spec *find_letter(const struct option_spec *specs, char letter)
{
    for (; specs->name; specs++) {
        if (specs->letter == letter && letter != 0)
            return specs;
    }
    return NULL;
}

static const struct option_spec *find_name(const struct option_spec *specs, const char *name,
                                           size_t length)
{
    for (; specs->name; specs++) {
        if (strlen(specs->name) == length && memcmp(specs->name, name, length) == 0)
            return specs;
    }
    return NULL;
}

static bool unknown(const struct option_spec *specs, const char *word, struct error *error)
{
    const char *names[OPTION_WORDS_MAX];
    size_t count = 0;
    for (; specs->name && count < OPTION_WORDS_MAX; specs++)
        names[count++] = specs->name;
    char bare[80];
    char shown[80];
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(word + 2, "="), word[1] ? word + 2 : "");
    const char *nearest = word[1] == '-' ? suggest_nearest(bare, names, count) : NULL;
    return error_set(error, "unknown option '%s'%s%s%s; --help lists them all",
                     text_printable(word, shown, sizeof shown), nearest ? " (did you mean '--" : "",
                     nearest ? nearest : "", nearest ? "'?)" : "");
}

/* Where the parser stands in argv. */
struct scan {
    const struct option_spec *specs;
    int argc;
    char **argv;
    int at;
    void *target;
};

/* The option's argument: what is attached, or else the next word. */
static bool take_value(struct scan *scan, const struct option_spec *spec, const char *attached,
                       struct error *error)
{
    if (attached)
        return store(spec, scan->target, attached, error);
    if (scan->at + 1 >= scan->argc)
        return error_set(error, "--%s needs a value: %s", spec->name, spec->argument);
    return store(spec, scan->target, scan->argv[++scan->at], error);
}

/* --name, --name=value, --name value */
static bool parse_long(struct scan *scan, struct error *error)
{
    const char *word = scan->argv[scan->at];
    size_t length = strcspn(word + 2, "=");
    const char *attached = word[2 + length] == '=' ? word + 2 + length + 1 : NULL;
    const struct option_spec *spec = find_name(scan->specs, word + 2, length);
    if (!spec)
        return unknown(scan->specs, word, error);
    if (spec->type != OPTION_FLAG)
        return take_value(scan, spec, attached, error);
    if (attached)
        return error_set(error, "--%s takes no value", spec->name);
    return store(spec, scan->target, NULL, error);
}

/* -a, -abc for flags, -oVALUE, -o VALUE */
static bool parse_letters(struct scan *scan, struct error *error)
{
    const char *word = scan->argv[scan->at];
    for (const char *letter = word + 1; *letter; letter++) {
        const struct option_spec *spec = find_letter(scan->specs, *letter);
        if (!spec)
            return unknown(scan->specs, word, error);
        if (spec->type != OPTION_FLAG)
            return take_value(scan, spec, letter[1] ? letter + 1 : NULL, error);
        if (!store(spec, scan->target, NULL, error))
            return false;
    }
    return true;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

enum option_result options_parse(const struct option_spec *specs, int argc, char **argv,
                                 void *target, struct words *operands, struct error *error)
{
    struct scan scan = {.specs = specs, .argc = argc, .argv = argv, .target = target};
    bool only_operands = false;
    for (scan.at = 1; scan.at < argc; scan.at++) {
        const char *word = argv[scan.at];
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (only_operands || word[0] != '-' || word[1] == '\0') {
            words_add(operands, word);
        } else if (asks_for_help(word)) {
            return OPTIONS_HELP;
        } else if (word[1] == '-' ? !parse_long(&scan, error) : !parse_letters(&scan, error)) {
            return OPTIONS_WRONG;
        }
    }
    return OPTIONS_OK;
}

static void print_wrapped(const char *words, size_t column, FILE *out)
{
    size_t room = HELP_WIDTH - column;
    while (strlen(words) > room) {
        size_t cut = room;
        while (cut > 0 && words[cut] != ' ')
            cut--;
        fprintf(out, "%.*s\n%*s", (int)cut, words, (int)column, "");
        words += cut + 1;
    }
    fprintf(out, "%s\n", words);
}

void options_print(const struct option_spec *specs, FILE *out)
{
    for (; specs->name; specs++) {
        char left[80];
        int length =
            snprintf(left, sizeof left, "  %c%c%s--%s%s%s", specs->letter ? '-' : ' ',
                     specs->letter ? specs->letter : ' ', specs->letter ? ", " : "  ", specs->name,
                     specs->argument ? " " : "", specs->argument ? specs->argument : "");
        fputs(left, out);
        if (length >= HELP_COLUMN - 1)
            fprintf(out, "\n%*s", HELP_COLUMN, "");
        else
            fprintf(out, "%*s", HELP_COLUMN - length, "");
        print_wrapped(specs->help, HELP_COLUMN, out);
    }
}

bool command_line_read(const struct command_line *line, void *target, struct words *operands,
                       enum exit_status *status)
{
    struct error error;
    *status = EXIT_DONE;
    switch (options_parse(line->specs, line->argc, line->argv, target, operands, &error)) {
    case OPTIONS_HELP:
        line->print_help(stdout);
        return false;
    case OPTIONS_WRONG:
        fprintf(stderr, "portscope: %s\n", error.text);
        *status = EXIT_USAGE;
        return false;
    case OPTIONS_OK:
        break;
    }
    return true;
}
