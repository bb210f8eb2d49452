/* SPDX-License-Identifier: Apache-2.0
 *
 * Any words of a stranger, in a page: as text and in attributes they make no tag and leave no
 * quotes, and as JSON inside of a script element they do not end it.
 */
#include "base/memory.h"
#include "review/html.h"

#include <jansson.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

static bool begins_entity(const char *at)
{
    static const char *const entities[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;", "&hellip;"};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (strncmp(at, entities[i], strlen(entities[i])) == 0)
            return true;
    }
    return false;
}

static void check_words(const char *words)
{
    struct text out = {0};
    html_words(&out, words);
    for (const char *at = text_words(&out); *at != '\0'; at++)
        demand(*at >= 0x20 && *at < 0x7f && !strchr("<>\"'", *at) &&
               (*at != '&' || begins_entity(at)));
    demand(out.length <= 6 * HTML_WORDS_MAX + 8);
    text_free(&out);
}

/* What comes out is still the JSON that went in. */
static void check_json(struct span words)
{
    struct text json = {0}, out = {0};
    text_add(&json, "[\"");
    text_add_json(&json, words);
    text_add(&json, "\"]");
    html_json(&out, text_words(&json));
    demand(strpbrk(text_words(&out), "<>&") == NULL);
    json_t *before = json_loads(text_words(&json), JSON_ALLOW_NUL, NULL);
    json_t *after = json_loads(text_words(&out), JSON_ALLOW_NUL, NULL);
    demand(before && after && json_equal(before, after));
    json_decref(before);
    json_decref(after);
    text_free(&json);
    text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *words = memory_string_n((const char *)data, size);
    check_words(words);
    check_json((struct span){data, size});
    free(words);
    return 0;
}
