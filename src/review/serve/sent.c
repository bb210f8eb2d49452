/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/sent.h"

#include <jansson.h>
#include <string.h>

static bool read_member(const json_t *sent, const struct sent_member *member, size_t *found)
{
    const json_t *value = json_object_get(sent, member->name);
    member->out[0] = '\0';
    if (!value)
        return true;
    ++*found;
    const char *words = json_string_value(value);
    if (!words || strlen(words) != json_string_length(value) || strlen(words) >= member->size)
        return false;
    memcpy(member->out, words, strlen(words) + 1);
    return true;
}

bool sent_read(struct span body, const struct sent_member *members, size_t count)
{
    size_t found = 0;
    json_t *sent = json_loadb((const char *)body.at, body.length, JSON_REJECT_DUPLICATES, NULL);
    bool is_read = json_is_object(sent);
    for (size_t i = 0; is_read && i < count; i++)
        is_read = read_member(sent, &members[i], &found);
    is_read = is_read && found == json_object_size(sent);
    json_decref(sent);
    return is_read;
}
