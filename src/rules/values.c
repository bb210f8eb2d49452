/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/values.h"

#include "base/text.h"
#include "rules/pack.h"
#include "rules/ports.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_fitting(const struct rule_file *file, const struct field *field,
                       const struct piece *piece)
{
    if (!schema_expect_word(file, field->name, piece))
        return false;
    size_t length = strlen(piece->word);
    if (length == 0)
        return place_fail(file->error, piece->place, "%s is empty", field->name);
    if (length > field->tag)
        return place_fail(file->error, piece->place, "%s has %zu bytes; %u are the most",
                          field->name, length, field->tag);
    return true;
}

bool text_read(const struct rule_file *file, const struct field *field, const struct piece *first,
               void *record)
{
    const char **out = field_in(field, record);
    if (!is_fitting(file, field, first))
        return false;
    *out = strings_keep(&file->pack->strings, first->word);
    return true;
}

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool text_of_read(const char *allowed, const struct rule_file *file,
                         const struct field *field, const struct piece *first, void *record)
{
    char word[WORD_TEXT_SIZE];
    if (!is_fitting(file, field, first))
        return false;
    if (first->word[strspn(first->word, allowed)] != '\0')
        return place_fail(file->error, first->place,
                          "the %s '%s' has other characters than letters, digits and '%s'",
                          field->name, text_printable(first->word, word, sizeof word),
                          allowed + strlen(LETTERS_AND_DIGITS));
    return text_read(file, field, first, record);
}

bool name_read(const struct rule_file *file, const struct field *field, const struct piece *first,
               void *record)
{
    return text_of_read(LETTERS_AND_DIGITS "-_.+", file, field, first, record);
}

bool label_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                void *record)
{
    return text_of_read(LETTERS_AND_DIGITS "-_.+() ", file, field, first, record);
}

struct joining {
    const struct field *field;
    struct text text;
};

static bool join_text(const struct rule_file *file, const struct piece *item, void *record)
{
    struct joining *joining = record;
    if (!is_fitting(file, joining->field, item))
        return false;
    if (strchr(item->word, ','))
        return place_fail(file->error, item->place, "a comma inside an entry of %s",
                          joining->field->name);
    if (joining->text.length > 0)
        text_add_char(&joining->text, ',');
    text_add(&joining->text, item->word);
    return true;
}

bool texts_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                void *record)
{
    const char **out = field_in(field, record);
    struct joining joining = {.field = field};
    bool is_read = schema_read_list(file, field->name, first, join_text, &joining);
    if (is_read)
        *out = strings_keep(&file->pack->strings, text_words(&joining.text));
    text_free(&joining.text);
    return is_read;
}

bool truth_read(const struct rule_file *file, const struct field *field, const struct piece *first,
                void *record)
{
    static const struct {
        const char *word;
        bool is_true;
    } words[] = {{"yes", true}, {"true", true}, {"no", false}, {"false", false}};
    bool *out = field_in(field, record);
    if (!schema_expect_word(file, field->name, first))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(first->word, words[i].word) == 0) {
            *out = words[i].is_true;
            return true;
        }
    }
    char word[WORD_TEXT_SIZE];
    return place_fail(file->error, first->place, "%s is yes or no, not '%s'", field->name,
                      text_printable(first->word, word, sizeof word));
}

bool port_read(const struct rule_file *file, const struct field *field, const struct piece *first,
               void *record)
{
    uint16_t *out = field_in(field, record);
    struct error reason;
    if (!schema_expect_word(file, field->name, first))
        return false;
    return port_parse(first->word, out, &reason) ||
           place_fail(file->error, first->place, "%s", reason.text);
}

static bool add_transport(const struct rule_file *file, const struct piece *item, void *record)
{
    uint8_t *transports = record;
    if (!schema_expect_word(file, "a transport", item))
        return false;
    uint8_t bit = transport_parse(item->word);
    char word[WORD_TEXT_SIZE];
    if (bit == 0)
        return place_fail(file->error, item->place,
                          "unknown transport '%s'; it is tcp, udp, sctp or dccp",
                          text_printable(item->word, word, sizeof word));
    if (*transports & bit)
        return place_fail(file->error, item->place, "the transport %s is given twice",
                          text_printable(item->word, word, sizeof word));
    *transports |= bit;
    return true;
}

bool transports_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record)
{
    uint8_t *out = field_in(field, record);
    if (!schema_read_list(file, field->name, first, add_transport, out))
        return false;
    return *out != 0 || place_fail(file->error, first->place, "transports is empty");
}

bool provenance_read(const struct rule_file *file, const struct field *field,
                     const struct piece *first, void *record)
{
    enum provenance *out = field_in(field, record);
    if (!schema_expect_word(file, field->name, first))
        return false;
    for (unsigned i = 0; i < PROVENANCES; i++) {
        if (strcmp(first->word, provenance_name((enum provenance)i)) == 0) {
            *out = (enum provenance)i;
            return true;
        }
    }
    char word[WORD_TEXT_SIZE];
    return place_fail(file->error, first->place, "%s is documented, port-page or own, not '%s'",
                      field->name, text_printable(first->word, word, sizeof word));
}

/* Decimal digits up to `most`, then `stop`; moves behind it. */
static bool take_number(const char **at, unsigned long most, char stop, unsigned long *number)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    *number = strtoul(*at, &end, 10);
    bool is_good = *end == stop && *number <= most;
    *at = end + 1;
    return is_good;
}

static bool id_value_read(const struct rule_file *file, const struct field *field,
                          const struct piece *first, void *record)
{
    struct application_id *out = field_in(field, record);
    if (!schema_expect_word(file, "id", first))
        return false;
    unsigned long engine, selector;
    const char *at = first->word;
    if (!take_number(&at, UINT8_MAX, ':', &engine) ||
        !take_number(&at, UINT16_MAX, '\0', &selector)) {
        char word[WORD_TEXT_SIZE];
        return place_fail(file->error, first->place,
                          "'%s' is not an application id; it is ENGINE:SELECTOR as in 3:154, at "
                          "most 255:65535",
                          text_printable(first->word, word, sizeof word));
    }
    *out = (struct application_id){.engine = (uint8_t)engine, .selector = (uint32_t)selector};
    return true;
}

bool id_read(const struct rule_file *file, const struct field *field, const struct piece *first,
             void *record)
{
    enum { VALUE, SOURCE, FIELDS };
    static const struct field fields[FIELDS] = {
        [VALUE] = {"value", id_value_read, offsetof(struct marked_id, id), 0, 0},
        [SOURCE] = {"source", provenance_read, offsetof(struct marked_id, source), 0, 0},
    };
    static const struct schema schema = {"an id", fields, FIELDS};
    struct marked_id *out = field_in(field, record);
    *out = (struct marked_id){.source = PROVENANCE_OWN};
    if (first->kind != PIECE_MAP)
        return id_value_read(file, &fields[VALUE], first, out);
    struct given given;
    if (!schema_read_map(file, &schema, first, out, &given))
        return false;
    return is_given(&given, VALUE) || place_fail(file->error, given.place, "an id without 'value'");
}
