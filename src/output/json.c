/* SPDX-License-Identifier: Apache-2.0 */
#include "output/json.h"

#include "base/timestamp.h"

#include <string.h>

static void separate(struct text *text)
{
    char last = text->length > 0 ? text->data[text->length - 1] : '\n';
    if (last != '{' && last != '[' && last != '\n' && last != ':')
        text_add_char(text, ',');
}

void json_key(struct text *text, const char *key)
{
    separate(text);
    text_add_char(text, '"');
    text_add(text, key);
    text_add_n(text, "\":", 2);
}

static void begin_value(struct text *text, const char *key)
{
    if (key)
        json_key(text, key);
    else
        separate(text);
}

void json_begin(struct text *text, const char *key, char bracket)
{
    begin_value(text, key);
    text_add_char(text, bracket);
}

void json_end(struct text *text, char bracket)
{
    text_add_char(text, bracket);
}

void json_number(struct text *text, const char *key, uint64_t number)
{
    begin_value(text, key);
    text_add_u64(text, number);
}

void json_bool(struct text *text, const char *key, bool value)
{
    begin_value(text, key);
    text_add(text, value ? "true" : "false");
}

void json_word(struct text *text, const char *key, const char *word)
{
    begin_value(text, key);
    text_add_char(text, '"');
    text_add(text, word);
    text_add_char(text, '"');
}

void json_string(struct text *text, const char *key, struct span bytes)
{
    begin_value(text, key);
    text_add_char(text, '"');
    text_add_json(text, bytes);
    text_add_char(text, '"');
}

void json_string_if(struct text *text, const char *key, const char *string)
{
    if (string && string[0] != '\0')
        json_string(text, key, span_of(string));
}

void json_printable(struct text *text, const char *key, struct span bytes)
{
    begin_value(text, key);
    text_add_char(text, '"');
    for (size_t i = 0; i < bytes.length; i++) {
        uint8_t byte = bytes.at[i];
        if (byte == '\\')
            text_add(text, "\\\\\\\\");
        else if (byte >= 0x20 && byte < 0x7f)
            text_add_json(text, (struct span){&byte, 1});
        else {
            text_add(text, "\\\\x");
            text_add_hex(text, (struct span){&byte, 1});
        }
    }
    text_add_char(text, '"');
}

void json_time(struct text *text, const char *key, int64_t time_ns)
{
    char words[TIMESTAMP_TEXT_SIZE];
    json_word(text, key, timestamp_eve(time_ns, words));
}
