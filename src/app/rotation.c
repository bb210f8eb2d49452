/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rotation.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "output/aside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* After a failure, which is told each time. */
#define RETRY_NS (60 * NS_PER_S)

static bool parse_number(const char *word, uint64_t *out, const char **rest)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    errno = 0;
    *out = strtoull(word, &end, 10);
    *rest = end;
    return errno == 0 && *out > 0;
}

/* "100M"; minutes are a small m, megabytes a large one. */
static bool parse_size(const char *word, uint64_t *out)
{
    static const char suffixes[] = "KMGT";
    uint64_t number, size;
    const char *rest;
    if (!parse_number(word, &number, &rest))
        return false;
    const char *suffix = *rest == 'k' ? suffixes : strchr(suffixes, *rest);
    if (*rest == '\0' || !suffix || rest[1] != '\0' ||
        __builtin_mul_overflow(number, UINT64_C(1) << 10 * (suffix - suffixes + 1), &size))
        return false;
    *out = size;
    return true;
}

static bool parse_word(const char *word, struct rotation *out)
{
    const char *rest;
    if (strncmp(word, "keep=", 5) == 0)
        return parse_number(word + 5, &out->keep, &rest) && *rest == '\0' && out->keep < UINT32_MAX;
    return parse_size(word, &out->size) ||
           (duration_parse(word, &out->interval_ns) && out->interval_ns >= NS_PER_S);
}

bool rotation_parse(const char *words, struct rotation *out, struct error *error)
{
    *out = (struct rotation){0};
    bool is_right = true;
    while (is_right && *words) {
        size_t length = strcspn(words, ",");
        char *word = memory_string_n(words, length);
        is_right = parse_word(word, out);
        free(word);
        words += length + (words[length] == ',');
    }
    if (is_right && (out->interval_ns > 0 || out->size > 0))
        return true;
    return error_set(error, "--rotate: say a time, a size or both, and how many to keep, as in "
                            "1h,100M,keep=24");
}

static bool is_due(const struct rotation *rotation, const struct sinks *sinks, int64_t now_ns)
{
    return (rotation->interval_ns > 0 && now_ns >= rotation->due_ns) ||
           (rotation->size > 0 && sinks_size(sinks) >= rotation->size);
}

void rotation_look(struct rotation *rotation, struct sinks *sinks, int64_t now_ns, int64_t wall_ns,
                   struct notices *notices)
{
    if (rotation->due_ns == 0)
        rotation->due_ns = now_ns + rotation->interval_ns;
    if (!is_due(rotation, sinks, now_ns))
        return;
    char aside[ASIDE_SIZE];
    struct error error;
    const struct sink_turn turn = {.aside = aside_of(wall_ns, aside),
                                   .keep = (unsigned)rotation->keep};
    bool have_turned = sinks_turn(sinks, &turn, &error);
    rotation->due_ns = now_ns + (have_turned ? rotation->interval_ns : RETRY_NS);
    if (!have_turned)
        notices_report(notices, EXIT_OUTPUT_FAILED, error.text);
}
